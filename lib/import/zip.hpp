#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

/// One file in a ZIP archive, as its directory tells.
struct ZipEntry {
  std::string name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;  ///< 0 stored, 8 deflated
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t offset = 0;  ///< of its local header
};

/// The directory of an archive (PKWARE's APPNOTE, without ZIP64 and several disks). Error(data):
/// no ZIP archive, a damaged one, more than 1000 entries.
std::vector<ZipEntry> zip_entries(std::string_view archive);

/// The entry's content. Error(data): encrypted, packed in another way than stored or deflated, a
/// wrong checksum, more than `most` bytes, or more than a hundred times its packed size: a bomb.
std::string unzip(std::string_view archive, const ZipEntry& entry, std::uint64_t most);

}  // namespace paymentctl
