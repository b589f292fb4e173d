#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "notify/mail_transport.hpp"

namespace paymentctl {

/// What was said while one mail was sent, told command by command and line by line, so that it is
/// known who refused what and in which words. It keeps no command but MAIL, RCPT and DATA: logins
/// pass it by.
class SmtpDialogue {
 public:
  /// How far it got. `confirm` is the wait for the answer to the whole mail.
  enum class Stage { connect, sender, receivers, data, confirm };

  /// Of all the server's answers to one mail; nobody honest needs a tenth of it.
  static constexpr std::size_t most_bytes = 64 * 1024;

  explicit SmtpDialogue(bool wait_for_all) : wait_for_all_(wait_for_all) {}

  /// A line that we send.
  void command(std::string_view line);
  /// A line that the server sends. False: the session makes no sense any more and is to be ended
  /// (the answers are a flood, or a receiver is to wait and so all are).
  [[nodiscard]] bool reply(std::string_view line);

  [[nodiscard]] Stage stage() const { return stage_; }
  [[nodiscard]] bool flooded() const { return bytes_ > most_bytes; }
  /// The server answered the whole mail with 250.
  [[nodiscard]] bool accepted() const;
  /// Code of the last complete answer of the stage; 0 where there was none.
  [[nodiscard]] int code() const { return code_; }

  /// What it comes to, seen from the mail. `unreachable` says in words why the connection failed
  /// or ended, for the cases in which the server said nothing about this mail.
  [[nodiscard]] SendResult result(const std::string& unreachable) const;

 private:
  struct Answer {
    std::string who;
    int code = 0;
    std::string words;
  };

  [[nodiscard]] SendResult sent_result() const;
  [[nodiscard]] SendResult verdict_on_receivers(const std::string& unreachable) const;

  bool wait_for_all_;
  Stage stage_ = Stage::connect;
  int code_ = 0;
  std::string words_;  ///< of the answer that is coming in, or of the last one
  bool complete_ = true;
  bool ended_ = false;  ///< QUIT was sent: its answer says nothing about the mail
  std::size_t bytes_ = 0;
  std::vector<Answer> receivers_;
};

}  // namespace paymentctl
