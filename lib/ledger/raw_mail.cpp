#include "ledger/raw_mail.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include "ledger/database.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

/// No mail is as large, whatever stands in the ledger.
constexpr std::int64_t largest_mail = std::int64_t{1} << 30;

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
                Z_BEST_SPEED) != Z_OK) {
    throw Error(ExitCode::software, "a mail cannot be packed for the ledger");
  }
  packed.resize(size);
  return packed;
}

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

void keep_raw_mail(Ledger& ledger, BoxKey box, const std::string& sha256, std::string_view bytes) {
  ledger.database().run(
      "INSERT INTO raw_mail (message_id, size, content) SELECT id, :size, :content FROM message "
      "WHERE box_id = :box AND sha256 = :sha256 ON CONFLICT (message_id) DO NOTHING",
      bytes.size(), to_base64(deflated(bytes)), box.box, sha256);
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
