#include "ledger/raw_mail.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include "ledger/database.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

/// No mail is as large, whatever stands in the ledger.
constexpr std::int64_t largest_mail = std::int64_t{1} << 30;

/// Makes room once for many mails, which takes longer than to pack one.
class Deflater {
 public:
  Deflater() {
    if (deflateInit(&stream_, Z_BEST_SPEED) != Z_OK) refuse();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  std::string deflated(std::string_view bytes) {
    if (deflateReset(&stream_) != Z_OK) refuse();
    std::string packed(deflateBound(&stream_, static_cast<uLong>(bytes.size())), '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) refuse();
    packed.resize(stream_.total_out);
    return packed;
  }

 private:
  [[noreturn]] static void refuse() {
    throw Error(ExitCode::software, "a mail cannot be packed for the ledger");
  }

  z_stream stream_{};
};

std::optional<std::string> inflated(std::string_view packed, std::int64_t size) {
  if (size < 0 || size > largest_mail) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  auto length = static_cast<uLongf>(size);
  if (uncompress(reinterpret_cast<Bytef*>(bytes.data()), &length,
                 reinterpret_cast<const Bytef*>(packed.data()),
                 static_cast<uLong>(packed.size())) != Z_OK ||
      length != static_cast<uLongf>(size)) {
    return std::nullopt;
  }
  return bytes;
}

std::string to_base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// With up to two bytes too many at the end, which unpacking does not look at.
std::optional<std::string> from_base64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

}  // namespace

std::vector<std::string> packed_mails(const std::vector<std::string_view>& mails) {
  std::vector<std::string> packed;
  packed.reserve(mails.size());
  std::optional<Deflater> deflater;
  for (const std::string_view mail : mails) {
    if (mail.size() > largest_mail) {
      throw Error(ExitCode::data, "a mail of 1 GiB is too large for the ledger");
    }
    if (!deflater && !mail.empty()) deflater.emplace();
    packed.push_back(mail.empty() ? std::string() : to_base64(deflater->deflated(mail)));
  }
  return packed;
}

void keep_raw_mail(Ledger& ledger, std::int64_t message, std::size_t size,
                   const std::string& packed) {
  ledger.database().insert_later(
      "INSERT INTO raw_mail (message_id, size, content) VALUES (:message, :size, :content)",
      message, size, packed);
}

std::optional<std::string> raw_mail(Ledger& ledger, BoxKey box, std::int64_t message) {
  const auto row = ledger.database().row<std::int64_t, std::string, std::string>(
      "SELECT raw_mail.size, raw_mail.content, message.sha256 FROM raw_mail JOIN message ON "
      "message.id = raw_mail.message_id WHERE message.box_id = :box AND message.id = :id",
      box.box, message);
  if (!row) return std::nullopt;
  const auto& [size, content, digest] = *row;
  const auto packed = from_base64(content);
  if (!packed) return std::nullopt;
  auto bytes = inflated(*packed, size);
  if (!bytes || sha256(*bytes) != digest) return std::nullopt;
  return bytes;
}

}  // namespace paymentctl
