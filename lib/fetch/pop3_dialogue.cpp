#include "fetch/pop3_dialogue.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "fetch/dot_reader.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t buffer_size = 64u << 10;
constexpr std::size_t longest_status = 4096;
constexpr std::size_t longest_line = 1000;
constexpr std::size_t longest_shown = 200;
// A wait for the server does not hear of a stop.
constexpr std::chrono::milliseconds look_for_stop{200};

[[noreturn]] void leave(std::string why) {
  throw Error(ExitCode::unavailable, std::move(why) + "; nothing is lost, run again later");
}

std::string printable(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  std::string result(text.substr(0, longest_shown));
  for (char& letter : result) {
    if (letter < ' ' || letter == 0x7f) letter = '?';
  }
  return result;
}

}  // namespace

Pop3Dialogue::Pop3Dialogue(ByteStream& stream, const Pop3Bounds& bounds, std::stop_token stop)
    : stream_(stream), bounds_(bounds), stop_(std::move(stop)), in_(buffer_size) {}

void Pop3Dialogue::send(std::string_view command) {
  out_.append(command);
  out_.append("\r\n");
}

void Pop3Dialogue::push_out() {
  while (!out_.empty()) {
    const std::size_t sent = stream_.send(out_);
    if (sent == 0) return;
    out_.erase(0, sent);
  }
}

std::chrono::milliseconds Pop3Dialogue::patience(std::chrono::milliseconds now) {
  if (!stop_.stop_possible()) return std::chrono::hours(1);
  if (!stop_.stop_requested()) return look_for_stop;
  if (!stop_seen_) stop_seen_ = now;
  const auto left = *stop_seen_ + bounds_.last_words - now;
  if (left <= std::chrono::milliseconds(0)) leave("the mail server is too slow for a stop");
  return left;
}

/// Brings at least one byte, or throws when the silence or the whole reply takes too long.
void Pop3Dialogue::receive(std::chrono::milliseconds deadline) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == in_.size()) {
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const auto silent_until = stream_.elapsed() + bounds_.silence;
  bool asked = false;
  for (;;) {
    push_out();
    const auto got = stream_.receive(in_.data() + end_, in_.size() - end_);
    const auto now = stream_.elapsed();
    if (now > deadline) leave("the mail server answers too slowly");
    if (got) {
      end_ += *got;
      return;
    }
    if (!asked && when_dry) {
      asked = true;
      when_dry();
      continue;
    }
    if (now >= silent_until) leave("the mail server has fallen silent");
    const auto longest = std::min(silent_until, deadline) - now + std::chrono::milliseconds(1);
    stream_.wait(!out_.empty(), std::min(longest, patience(now)));
  }
}

Pop3Dialogue::Reply Pop3Dialogue::status() {
  const auto deadline = stream_.elapsed() + bounds_.line_reply;
  std::size_t looked_at = 0;
  for (;;) {
    const std::string_view waiting(in_.data() + begin_, end_ - begin_);
    const std::size_t end = waiting.find('\n', looked_at);
    if (end != std::string_view::npos) {
      std::string_view line = waiting.substr(0, end);
      begin_ += end + 1;
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (line.starts_with("+OK")) return {true, printable(line.substr(3))};
      if (line.starts_with("-ERR")) return {false, printable(line.substr(4))};
      leave(fmt::format("the mail server answers something that is not POP3: \"{}\"",
                        printable(line)));
    }
    looked_at = waiting.size();
    if (looked_at > longest_status) leave("the mail server answers a line without end");
    receive(deadline);
  }
}

void Pop3Dialogue::body(std::uint64_t limit, const std::function<void(std::string_view)>& sink) {
  const auto deadline = stream_.elapsed() + bounds_.body_reply;
  DotReader reader;
  std::uint64_t total = 0;
  for (;;) {
    const std::string_view waiting(in_.data() + begin_, end_ - begin_);
    const std::size_t used = reader.feed(waiting, sink);
    begin_ += used;
    total += used;
    if (total > limit) {
      leave(fmt::format("the mail server sends more than {} bytes without an end", limit));
    }
    if (reader.done()) return;
    receive(deadline);
  }
}

void Pop3Dialogue::lines(const std::function<void(std::string_view)>& each) {
  std::string line;
  bool too_long = false;
  body(bounds_.list_bytes, [&](std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      const std::string_view part = piece.substr(0, end);
      too_long = too_long || line.size() + part.size() > longest_line;
      if (!too_long) line.append(part);
      if (end == std::string_view::npos) return;
      piece.remove_prefix(end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!too_long) each(line);
      line.clear();
      too_long = false;
    }
  });
}

}  // namespace paymentctl
