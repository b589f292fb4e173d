#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

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
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(listener_, 8);
    thread_ = std::thread([this] { serve(); });
  }

  ~FakeSmtpServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    {
      const std::lock_guard lock(guard_);
      if (connection_ >= 0) ::shutdown(connection_, SHUT_RDWR);
    }
    thread_.join();
    ::close(listener_);
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
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      ++connections_;
      {
        const std::lock_guard lock(guard_);
        connection_ = connection;
        if (stopping_) ::shutdown(connection, SHUT_RDWR);
      }
      buffer_.clear();
      talk(connection);
      const std::lock_guard lock(guard_);
      connection_ = -1;
      ::close(connection);
    }
  }

  bool say(int connection, const std::string& text) {
    const std::string line = text + "\r\n";
    return ::send(connection, line.data(), line.size(), MSG_NOSIGNAL) > 0;
  }

  bool read_until(int connection, const std::string& end, std::string& into) {
    for (;;) {
      const auto at = buffer_.find(end);
      if (at != std::string::npos) {
        into = buffer_.substr(0, at);
        buffer_.erase(0, at + end.size());
        return true;
      }
      char bytes[4096];
      const auto count = ::recv(connection, bytes, sizeof bytes, 0);
      if (count <= 0) return false;
      buffer_.append(bytes, static_cast<std::size_t>(count));
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
  bool answer(int connection, const std::string& command, const std::string& usual) {
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

  void talk(int connection) {
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
  int listener_ = -1;
  int connection_ = -1;
  int port_ = 0;
  std::thread thread_;
};
