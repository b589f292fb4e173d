#include "import/zip.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>
#include <zlib.h>

#include "model/error.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_entries = 1000;
constexpr std::uint64_t largest_ratio = 100;
constexpr std::uint64_t free_of_ratio = 1U << 20;  // small files pack as they like

constexpr std::size_t end_size = 22;
constexpr std::size_t directory_size = 46;
constexpr std::size_t local_size = 30;

[[noreturn]] void refuse(std::string why) { throw Error(ExitCode::data, std::move(why)); }

/// Little-endian numbers at a place that must lie within the archive.
class Bytes {
 public:
  explicit Bytes(std::string_view all) : all_(all) {}

  [[nodiscard]] std::string_view part(std::uint64_t from, std::uint64_t size) const {
    if (from > all_.size() || size > all_.size() - from) {
      refuse("the ZIP archive is damaged or cut off");
    }
    return all_.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(size));
  }
  [[nodiscard]] std::uint16_t two(std::uint64_t at) const {
    const auto bytes = part(at, 2);
    return static_cast<std::uint16_t>(byte(bytes[0]) | (byte(bytes[1]) << 8U));
  }
  [[nodiscard]] std::uint32_t four(std::uint64_t at) const {
    return two(at) | (static_cast<std::uint32_t>(two(at + 2)) << 16U);
  }

 private:
  static unsigned byte(char value) { return static_cast<unsigned char>(value); }
  std::string_view all_;
};

/// The end of the directory stands at the end of the file, before a comment of at most 64 KiB.
std::uint64_t end_of_directory(std::string_view archive) {
  constexpr std::size_t longest_comment = 0xFFFF;
  const std::size_t first =
      archive.size() > end_size + longest_comment ? archive.size() - end_size - longest_comment : 0;
  const auto at = archive.rfind("PK\x05\x06");
  if (at == std::string_view::npos || at < first || archive.size() - at < end_size) {
    refuse("it is no ZIP archive, or one that is cut off");
  }
  return at;
}

ZipEntry entry_at(const Bytes& bytes, std::uint64_t at) {
  if (bytes.four(at) != 0x02014b50) refuse("the directory of the ZIP archive is damaged");
  ZipEntry entry;
  entry.flags = bytes.two(at + 8);
  entry.method = bytes.two(at + 10);
  entry.crc = bytes.four(at + 16);
  entry.packed = bytes.four(at + 20);
  entry.name = bytes.part(at + directory_size, bytes.two(at + 28));
  entry.offset = bytes.four(at + 42);
  return entry;
}

class Inflater {
 public:
  explicit Inflater(std::string_view packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  /// The next piece; false after the last.
  bool next(std::string& content) {
    stream_.next_out = room_.data();
    stream_.avail_out = static_cast<uInt>(room_.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    const std::size_t size = room_.size() - stream_.avail_out;
    if ((result != Z_OK && result != Z_STREAM_END) || (result == Z_OK && size == 0)) {
      refuse("the packed content is damaged");
    }
    content.append(reinterpret_cast<const char*>(room_.data()), size);
    return result != Z_STREAM_END;
  }

 private:
  z_stream stream_{};
  std::array<Bytef, 1U << 16> room_{};
};

std::string inflated(std::string_view packed, std::uint64_t most) {
  const std::uint64_t allowed =
      std::min(most, std::max(packed.size() * largest_ratio, free_of_ratio));
  Inflater inflater(packed);
  std::string content;
  while (inflater.next(content)) {
    if (content.size() > allowed) break;
  }
  if (content.size() > allowed) {
    refuse(fmt::format("it unpacks from {} to more than {} bytes, which no invoice does",
                       packed.size(), allowed));
  }
  return content;
}

}  // namespace

std::vector<ZipEntry> zip_entries(std::string_view archive) {
  const Bytes bytes(archive);
  const std::uint64_t end = end_of_directory(archive);
  const std::size_t count = bytes.two(end + 10);
  if (count > most_entries) {
    refuse(fmt::format("the ZIP archive holds {} files, more than {}", count, most_entries));
  }
  std::vector<ZipEntry> entries;
  std::uint64_t at = bytes.four(end + 16);
  for (std::size_t i = 0; i < count; ++i) {
    entries.push_back(entry_at(bytes, at));
    at += directory_size + bytes.two(at + 28) + bytes.two(at + 30) + bytes.two(at + 32);
  }
  return entries;
}

std::string unzip(std::string_view archive, const ZipEntry& entry, std::uint64_t most) {
  return within(visible(entry.name.substr(0, 100)), [&]() -> std::string {
    if ((entry.flags & 1U) != 0) refuse("it is encrypted");
    const Bytes bytes(archive);
    if (bytes.four(entry.offset) != 0x04034b50) refuse("its place in the ZIP archive is damaged");
    const std::uint64_t from =
        entry.offset + local_size + bytes.two(entry.offset + 26) + bytes.two(entry.offset + 28);
    const std::string_view packed = bytes.part(from, entry.packed);
    std::string content;
    if (entry.method == 0) {
      if (packed.size() > most) refuse(fmt::format("it is larger than {} bytes", most));
      content = packed;
    } else if (entry.method == 8) {
      content = inflated(packed, most);
    } else {
      refuse(fmt::format("it is packed by method {}; 0 and 8 are known", entry.method));
    }
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
    if (crc != entry.crc) refuse("its checksum does not hold");
    return content;
  });
}

}  // namespace paymentctl
