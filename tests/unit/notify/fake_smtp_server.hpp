#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "test_socket.hpp"

/// An SMTP server without TLS on a free port of this machine, which says what a test wants it to
/// say. `answers` is looked up by the beginning of a command ("greeting" and "." included), the
/// longest one that fits; "close" closes the connection instead, "hang" says nothing for ever,
/// "flood" does not stop answering.
class FakeSmtpServer {
 public:
  FakeSmtpServer(const std::string& command, const std::string& answer) : FakeSmtpServer() {
    set(command, answer);
  }
  FakeSmtpServer() {
    listener_ = test_socket::listen_on_this_machine(port_);
    thread_ = std::thread([this] { serve(); });
  }

  ~FakeSmtpServer() {
    stopping_ = true;
    test_socket::stop_listening(listener_);
    {
      const std::lock_guard lock(guard_);
      if (connection_ != test_socket::none) test_socket::shut_down(connection_);
    }
    thread_.join();
  }

  [[nodiscard]] int port() const { return port_; }
  void set(const std::string& command, const std::string& answer) {
    const std::lock_guard lock(guard_);
    answers_[command] = answer;
  }
  [[nodiscard]] std::vector<std::string> mails() const { return copy(mails_); }
  [[nodiscard]] std::vector<std::string> commands() const { return copy(commands_); }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  template <typename Values>
  Values copy(const Values& values) const {
    const std::lock_guard lock(guard_);
    return values;
  }

  void serve() {
    while (!stopping_) {
      const test_socket::Handle connection = ::accept(listener_, nullptr, nullptr);
      if (connection == test_socket::none) return;
      ++connections_;
      {
        const std::lock_guard lock(guard_);
        connection_ = connection;
        if (stopping_) test_socket::shut_down(connection);
      }
      buffer_.clear();
      talk(connection);
      const std::lock_guard lock(guard_);
      connection_ = test_socket::none;
      test_socket::close(connection);
    }
  }

  bool say(test_socket::Handle connection, const std::string& text) {
    const std::string line = text + "\r\n";
    return test_socket::send(connection, line);
  }

  bool read_until(test_socket::Handle connection, const std::string& end, std::string& into) {
    for (;;) {
      const auto at = buffer_.find(end);
      if (at != std::string::npos) {
        into = buffer_.substr(0, at);
        buffer_.erase(0, at + end.size());
        return true;
      }
      char bytes[4096];
      const std::size_t count = test_socket::receive(connection, bytes, sizeof bytes);
      if (count == 0) return false;
      buffer_.append(bytes, count);
    }
  }

  std::string answer_to(const std::string& command, const std::string& usual) {
    const std::lock_guard lock(guard_);
    const std::string* best = &usual;
    std::size_t length = 0;
    for (const auto& [key, answer] : answers_) {
      if (command.starts_with(key) && key.size() > length) {
        best = &answer;
        length = key.size();
      }
    }
    return *best;
  }

  /// False: the connection is over.
  bool answer(test_socket::Handle connection, const std::string& command,
              const std::string& usual) {
    const std::string text = answer_to(command, usual);
    if (text == "close") return false;
    if (text == "hang") {
      std::string nothing;
      return read_until(connection, "\r\n.never.\r\n", nothing);
    }
    if (text == "flood") {
      while (say(connection, "250-" + std::string(500, 'x'))) {
      }
      return false;
    }
    return say(connection, text);
  }

  void talk(test_socket::Handle connection) {
    if (!answer(connection, "greeting", "220 fake ready")) return;
    std::string line;
    while (read_until(connection, "\r\n", line)) {
      {
        const std::lock_guard lock(guard_);
        commands_.push_back(line);
      }
      if (!answer(connection, line, line.starts_with("DATA") ? "354 go on" : "250 ok")) return;
      if (line.starts_with("QUIT")) return;
      if (!line.starts_with("DATA") || !answer_to(line, "354").starts_with("354")) continue;
      std::string mail;
      if (!read_until(connection, "\r\n.\r\n", mail)) return;
      if (answer_to(".", "250 ok").starts_with("250")) {
        const std::lock_guard lock(guard_);
        mails_.push_back(mail);
      }
      if (!answer(connection, ".", "250 queued")) return;
    }
  }

  mutable std::mutex guard_;
  std::map<std::string, std::string> answers_;
  std::vector<std::string> mails_;
  std::vector<std::string> commands_;
  std::string buffer_;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  test_socket::Handle listener_ = test_socket::none;
  test_socket::Handle connection_ = test_socket::none;
  int port_ = 0;
  std::thread thread_;
};
