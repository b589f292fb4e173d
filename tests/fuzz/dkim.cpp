#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mail/dkim_signature.hpp"
#include "mail/sender_proof.hpp"

namespace {

/// Answers every question with the same record.
class OneKey : public paymentctl::Resolver {
 public:
  explicit OneKey(std::string record) : record_(std::move(record)) {}
  paymentctl::TxtAnswer txt(const std::string& name) override {
    // What is asked for must be a name.
    if (name.empty() ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") != std::string::npos) {
      std::abort();
    }
    return {paymentctl::TxtAnswer::Status::found, {record_}, {}};
  }

 private:
  std::string record_;
};

}  // namespace

/// A key record up to the first NUL, behind it a mail: only names are asked for, and what may be
/// read is a beginning of the mail.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace paymentctl;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\0');
  const std::string_view record = text.substr(0, end);
  const std::string_view raw =
      end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  static_cast<void>(read_dkim_key(record));
  static_cast<void>(read_dkim_header(record));
  const MimeStructure mail = take_apart(raw, {});
  SenderProof proof(raw, mail, {{"rb.cz"}, "", true}, Timestamp());
  OneKey key{std::string(record)};
  proof.ask(key);
  if (proof.readable().data() != raw.data() || proof.readable().size() > raw.size()) std::abort();
  static_cast<void>(to_line(to_json(proof.evidence())));
  return 0;
}
