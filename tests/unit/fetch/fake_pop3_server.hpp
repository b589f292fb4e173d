#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fetch/byte_stream.hpp"
#include "model/error.hpp"

namespace paymentctl {

/// A mailbox in memory. What one connection deletes counts when its QUIT was processed.
struct FakeMailbox {
  std::vector<std::string> mails;  ///< contents; the UIDL is "u" and the digest's place
  bool pipelining = true;
  bool uidl = true;
  bool list = true;
  std::uint64_t announce = 0;                  ///< what LIST says, 0: the truth
  std::map<std::string, std::string> answers;  ///< instead of doing what the command says
  std::string refuse_delete;                   ///< part of QUIT's answer, when not empty
};

/// One connection to it: a small POP3 server that runs inside receive, and a line that can be cut
/// after so many bytes from the server, or hang, or drip. Time passes only in wait.
class FakeConnection : public ByteStream {
 public:
  explicit FakeConnection(FakeMailbox& mailbox) : mailbox_(mailbox) {}

  std::optional<std::size_t> cut_after;  ///< bytes from the server, over the whole connection
  std::size_t piece = 65536;             ///< so many bytes at most in one receive
  std::chrono::milliseconds per_piece{0};
  std::size_t most_in_flight = 0;
  std::vector<std::string> commands;

  std::size_t send(std::string_view bytes) override {
    input_.append(bytes);
    return bytes.size();
  }

  std::optional<std::size_t> receive(char* buffer, std::size_t size) override {
    if (dripping_) return std::nullopt;
    if (output_.empty()) serve();
    const std::size_t room = cut_after ? *cut_after - received_ : SIZE_MAX;
    if (room == 0) throw Error(ExitCode::unavailable, "cut");
    if (output_.empty()) {
      if (quit_) throw Error(ExitCode::unavailable, "closed");
      return std::nullopt;
    }
    const std::size_t count = std::min({size, output_.size(), room, piece});
    output_.copy(buffer, count);
    output_.erase(0, count);
    received_ += count;
    dripping_ = per_piece.count() > 0;
    return count;
  }

  void wait(bool /*to_send*/, std::chrono::milliseconds longest) override {
    time_ += dripping_ ? std::min(per_piece, longest) : longest;
    dripping_ = false;
  }
  [[nodiscard]] std::chrono::milliseconds elapsed() const override { return time_; }
  [[nodiscard]] std::size_t received() const { return received_; }

 private:
  void serve() {
    std::size_t lines = 0;
    for (std::size_t end = input_.find("\r\n"); end != std::string::npos;
         end = input_.find("\r\n")) {
      const std::string command = input_.substr(0, end);
      input_.erase(0, end + 2);
      commands.push_back(command);
      most_in_flight = std::max(most_in_flight, ++lines);
      const auto answer = mailbox_.answers.find(command);
      output_ += answer != mailbox_.answers.end() ? answer->second : reply(command);
    }
  }

  std::string reply(const std::string& command) {
    const std::string verb = command.substr(0, 4);
    const std::size_t number = command.size() > 5 ? std::stoul(command.substr(5)) : 0;
    if (verb == "STAT") return "+OK " + std::to_string(mailbox_.mails.size()) + " 1000\r\n";
    if (verb == "CAPA") {
      return std::string("+OK\r\nUIDL\r\n") + (mailbox_.pipelining ? "PIPELINING\r\n" : "") +
             ".\r\n";
    }
    if (verb == "LIST") return mailbox_.list ? listing(false) : "-ERR no\r\n";
    if (verb == "UIDL") return mailbox_.uidl ? listing(true) : "-ERR no\r\n";
    if (verb == "RETR") return "+OK\r\n" + stuffed(mailbox_.mails.at(number - 1)) + ".\r\n";
    if (verb == "DELE") {
      deleted_.insert(number - 1);
      return "+OK\r\n";
    }
    if (verb == "QUIT") return quit();
    return "-ERR unknown\r\n";
  }

  std::string quit() {
    quit_ = true;
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < mailbox_.mails.size(); ++i) {
      if (!deleted_.contains(i)) kept.push_back(mailbox_.mails[i]);
    }
    mailbox_.mails = kept;
    return mailbox_.refuse_delete.empty() ? "+OK\r\n" : "-ERR " + mailbox_.refuse_delete + "\r\n";
  }

  [[nodiscard]] std::string listing(bool names) const {
    std::string text = "+OK\r\n";
    for (std::size_t i = 0; i < mailbox_.mails.size(); ++i) {
      const std::uint64_t size =
          mailbox_.announce != 0 ? mailbox_.announce : mailbox_.mails[i].size();
      text += std::to_string(i + 1) + " ";
      text += names ? "u" + std::to_string(std::hash<std::string>{}(mailbox_.mails[i]))
                    : std::to_string(size);
      text += "\r\n";
    }
    return text + ".\r\n";
  }

  static std::string stuffed(const std::string& mail) {
    std::string text;
    bool line_start = true;
    for (std::size_t i = 0; i < mail.size(); ++i) {
      if (line_start && mail[i] == '.') text += '.';
      text += mail[i];
      line_start = mail[i] == '\n' && i > 0 && mail[i - 1] == '\r';
    }
    return text;
  }

  FakeMailbox& mailbox_;
  std::string input_;
  std::string output_;
  std::set<std::size_t> deleted_;
  std::size_t received_ = 0;
  std::chrono::milliseconds time_{0};
  bool dripping_ = false;
  bool quit_ = false;
};

}  // namespace paymentctl
