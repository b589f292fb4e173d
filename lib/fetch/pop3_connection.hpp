#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fetch/byte_stream.hpp"
#include "fetch/mailbox.hpp"

namespace paymentctl {

/// The connection to a mailbox: libcurl does TCP, TLS or STLS, CAPA and the login, then the bytes
/// are ours (CURLOPT_CONNECT_ONLY). Its own RETR would take a mail that was cut off for whole.
class Pop3Connection : public ByteStream {
 public:
  /// Connects and logs in; `token` is empty for a login by password. Errors as fetch_mailbox has
  /// them.
  Pop3Connection(const MailboxSettings& settings, const std::string& token);
  /// Closes the line without a word: a QUIT has to be sent, and its answer read, before that.
  ~Pop3Connection() override;
  Pop3Connection(const Pop3Connection&) = delete;
  Pop3Connection& operator=(const Pop3Connection&) = delete;

  /// What of the login may come back in the server's words (traces_of_login).
  [[nodiscard]] const std::vector<std::string>& traces() const;

  std::size_t send(std::string_view bytes) override;
  std::optional<std::size_t> receive(char* buffer, std::size_t size) override;
  void wait(bool to_send, std::chrono::milliseconds longest) override;
  [[nodiscard]] std::chrono::milliseconds elapsed() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace paymentctl
