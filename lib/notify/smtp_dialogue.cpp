#include "notify/smtp_dialogue.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_words = 400;

std::optional<int> code_of(std::string_view line) {
  if (line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, ascii::is_digit)) return {};
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

bool is_verb(std::string_view line, std::string_view verb) {
  return line.size() >= verb.size() &&
         std::equal(verb.begin(), verb.end(), line.begin(), [](char wanted, char given) {
           return std::toupper(static_cast<unsigned char>(given)) == wanted;
         });
}

std::string_view between_brackets(std::string_view line) {
  const std::size_t from = line.find('<');
  const std::size_t to = line.find('>', from == std::string_view::npos ? 0 : from);
  if (from == std::string_view::npos || to == std::string_view::npos) return {};
  return line.substr(from + 1, to - from - 1);
}

/// 5xx that speak of our login or of the server, not of this mail: nothing is wrong with the mail,
/// and it must not be given up for a password that has expired. RFC 4954 and RFC 3463 (X.7.8).
bool is_about_us(int code, std::string_view words) {
  return code == 421 || code == 530 || code == 534 || code == 535 || code == 538 ||
         words.find(" 5.7.8 ") != std::string_view::npos;
}

bool is_later(int code) { return code >= 400 && code < 500; }

std::string in_quotes(std::string_view words) { return fmt::format("\"{}\"", words); }

}  // namespace

void SmtpDialogue::command(std::string_view line) {
  if (is_verb(line, "MAIL FROM:")) {
    stage_ = Stage::sender;
  } else if (is_verb(line, "RCPT TO:")) {
    stage_ = Stage::receivers;
    receivers_.push_back({std::string(between_brackets(line)), 0, {}});
  } else if (is_verb(line, "DATA") && stage_ == Stage::receivers) {
    stage_ = Stage::data;
  } else if (is_verb(line, "QUIT")) {
    ended_ = true;
    return;
  } else {
    return;
  }
  code_ = 0;
  words_.clear();
  complete_ = true;
}

bool SmtpDialogue::reply(std::string_view line) {
  bytes_ += line.size();
  if (flooded()) return false;
  if (ended_) return true;
  const auto code = code_of(line);
  if (!code) return true;
  if (complete_) words_ = line.substr(0, 3);
  const std::string part = one_line(line.substr(std::min<std::size_t>(4, line.size())));
  if (!part.empty() && words_.size() + part.size() < longest_words) words_ += " " + part;
  complete_ = line.size() == 3 || line[3] != '-';
  if (!complete_) return true;
  code_ = *code;
  if (stage_ == Stage::receivers && !receivers_.empty()) {
    receivers_.back().code = code_;
    receivers_.back().words = words_;
    return !(wait_for_all_ && is_later(code_));
  }
  if (stage_ == Stage::data && code_ == 354) {
    stage_ = Stage::confirm;
    code_ = 0;
    words_.clear();
  }
  return true;
}

bool SmtpDialogue::accepted() const { return stage_ == Stage::confirm && code_ / 100 == 2; }

SendResult SmtpDialogue::result(const std::string& unreachable) const {
  if (flooded()) return {SendStatus::unavailable, "its answers have no end", {}};
  if (accepted()) {
    return sent_result();
  }
  if (stage_ == Stage::connect && code_ >= 400) {
    return {SendStatus::unavailable,
            fmt::format("{} (it said {})", unreachable, in_quotes(words_)),
            {}};
  }
  if (stage_ == Stage::connect || (code_ == 0 && stage_ != Stage::receivers)) {
    return {SendStatus::unavailable, unreachable, {}};
  }
  if (is_about_us(code_, words_)) {
    return {SendStatus::unavailable, "it said " + in_quotes(words_), {}};
  }
  if (stage_ == Stage::receivers) return verdict_on_receivers(unreachable);
  const char* what = stage_ == Stage::sender ? "the sender" : "the mail";
  if (is_later(code_)) {
    return {SendStatus::deferred,
            fmt::format("it does not take {} now: {}", what, in_quotes(words_)),
            {}};
  }
  if (code_ / 100 == 5) {
    return {SendStatus::refused, fmt::format("it refused {}: {}", what, in_quotes(words_)), {}};
  }
  return {SendStatus::unavailable, unreachable, {}};
}

SendResult SmtpDialogue::sent_result() const {
  SendResult sent;
  for (const Answer& answer : receivers_) {
    if (answer.code / 100 == 2) continue;
    sent.refused.push_back({answer.who, answer.words});
    sent.error += fmt::format("{}{}: {}", sent.error.empty() ? "sent, but not to " : "; ",
                              answer.who, in_quotes(answer.words));
  }
  return sent;
}

SendResult SmtpDialogue::verdict_on_receivers(const std::string& unreachable) const {
  SendResult result{SendStatus::refused, {}, {}};
  std::string sentence;
  for (const Answer& answer : receivers_) {
    if (answer.code == 0) return {SendStatus::unavailable, unreachable, {}};
    if (answer.code / 100 == 2) continue;
    if (is_later(answer.code)) result.status = SendStatus::deferred;
    result.refused.push_back({answer.who, answer.words});
    sentence +=
        fmt::format("{}{}: {}", sentence.empty() ? "" : "; ", answer.who, in_quotes(answer.words));
  }
  if (result.refused.empty()) return {SendStatus::unavailable, unreachable, {}};
  result.error =
      fmt::format("it {} the receiver {}",
                  result.status == SendStatus::deferred ? "asks to wait for" : "refused", sentence);
  return result;
}

}  // namespace paymentctl
