// A POP3 server that says anything at all, whatever it is asked. It is left with a sentence, in
// bounded memory, and nothing is deleted that was not recorded.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "fetch/pop3_session.hpp"
#include "model/error.hpp"

using namespace paymentctl;

namespace {

/// Says its lines one after the other, in pieces of the size of its first byte.
class AnyServer : public ByteStream {
 public:
  AnyServer(std::string_view says, std::size_t piece) : says_(says), piece_(piece) {}

  std::size_t send(std::string_view bytes) override {
    asked_ += bytes;
    return bytes.size();
  }
  std::optional<std::size_t> receive(char* buffer, std::size_t size) override {
    if (says_.empty()) throw Error(ExitCode::unavailable, "it closed the connection");
    const std::size_t given = std::min({size, piece_, says_.size()});
    std::memcpy(buffer, says_.data(), given);
    says_.remove_prefix(given);
    return given;
  }
  void wait(bool /*to_send*/, std::chrono::milliseconds longest) override { time_ += longest; }
  [[nodiscard]] std::chrono::milliseconds elapsed() const override { return time_; }

  [[nodiscard]] bool deletes() const { return asked_.find("DELE ") != std::string::npos; }

 private:
  std::string_view says_;
  std::size_t piece_;
  std::string asked_;
  std::chrono::milliseconds time_{0};
};

/// Has seen every mail before, so that none goes to disk, or refuses to say.
class AnyRegister : public MailRegister {
 public:
  explicit AnyRegister(bool fails) : fails_(fails) {}
  std::vector<bool> known(const std::vector<MailRecord>& mails) override {
    if (fails_) throw Error(ExitCode::temporary, "the ledger is busy");
    return std::vector<bool>(mails.size(), true);
  }
  std::vector<std::optional<RecordedCopy>> copies(const std::vector<MailRecord>& mails) override {
    return std::vector<std::optional<RecordedCopy>>(mails.size());
  }
  std::vector<bool> recorded(const std::vector<std::string>& paths) override {
    return std::vector<bool>(paths.size(), true);
  }
  void record(const std::vector<MailRecord>& /*mails*/) override { std::abort(); }

 private:
  bool fails_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view says(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t piece = data[0] + std::size_t{1};
  Pop3Bounds bounds;
  bounds.list_bytes = 4096;
  bounds.mail_bytes = 64u << 10;
  bounds.window_mails = 4;
  try {
    AnyServer server(says, piece);
    static_cast<void>(count_session(server, bounds));
  } catch (const Error& error) {
    if (error.code() != ExitCode::unavailable) std::abort();
  }
  AnyRegister mails(data[1] % 2 == 1);
  FetchContext context{"/nonexistent", mails, system_clock(), [](std::chrono::milliseconds) {}};
  context.limits.spool_from = 1u << 20;
  context.limits.batch_mails = 3;
  AnyServer server(says, piece);
  FetchReport report;
  try {
    fetch_session(server, context, bounds, report);
  } catch (const Error&) {
    if (report.problems.size() > 101) std::abort();
  }
  if (data[1] % 2 == 1 && server.deletes()) std::abort();
  return 0;
}
