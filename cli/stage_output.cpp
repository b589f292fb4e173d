#include "stage_output.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

#include <fmt/format.h>

#include "platform/paths.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::size_t longest_line = 1u << 20;
constexpr std::size_t whole_sentence = 1000;  // a reason that is cut off is none

std::string text_at(const Json& line, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!line.contains(place)) return "";
  const Json& value = line[place];
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

/// A member of the payment, whether the line is the payment or a match around it.
std::string of_payment(const Json& line, const std::string& pointer) {
  return text_at(line, ((line.contains("payment") ? "/payment" : "") + pointer).c_str());
}

std::string outcome(const Json& line) {
  if (line.contains("status")) return text_at(line, "/status");
  return text_at(line, "/type");
}

std::string amount(const Json& line) {
  const std::string decimal = of_payment(line, "/amount");
  if (decimal.empty()) return "";
  return (of_payment(line, "/direction") == "outgoing" ? "-" : "") + decimal + " " +
         of_payment(line, "/currency");
}

std::string documents(const Json& line) {
  std::string text;
  const auto allocations = line.find("allocations");
  if (allocations == line.end() || !allocations->is_array()) return text;
  for (const Json& allocation : *allocations) {
    if (!text.empty()) text += ", ";
    text += text_at(allocation, "/document/number");
  }
  return text;
}

std::string mail(const Json& line) {
  const std::string path =
      line.contains("path") ? text_at(line, "/path") : of_payment(line, "/source/path");
  return utf8_of(path_from_utf8(path).filename());
}

std::string explanation(const Json& line) {
  for (const char* pointer : {"/why", "/reason", "/message"}) {
    std::string text = text_at(line, pointer);
    if (!text.empty()) return text;
  }
  return "";
}

std::string member(const Json& line, const char* pointer) { return of_payment(line, pointer); }

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

std::vector<Column> stage_columns() {
  const auto of = [](const char* pointer) {
    return [pointer](const Json& line) { return member(line, pointer); };
  };
  return {{"mail", "/source/path", false, mail},
          {"result", "/status", false, outcome},
          {"document", "/documents", false, documents},
          {"amount", "/amount", true, amount},
          {"VS", "/variable_symbol", false, of("/variable_symbol")},
          {"counter-account", "/counterparty/account", false, of("/counterparty/account")},
          {"booked on", "/booked_on", false, of("/booked_on")},
          {"why", "/why", false, explanation, whole_sentence}};
}

StageOutput::StageOutput(Session& session)
    : session_(session),
      printer_(session.out, session.format(), stage_columns()),
      streams_(session.format() == Format::ndjson) {}

Observer StageOutput::observer() {
  Observer observer;
  observer.line = [this](const Json& line) {
    const std::lock_guard lock(mutex_);
    clear_progress();
    printer_.row(line);
    if (streams_) flush_now_and_then();
  };
  observer.problem = [this](const std::string& text) {
    const std::lock_guard lock(mutex_);
    clear_progress();
    session_.log.error(text);
  };
  observer.warning = [this](const std::string& text) {
    const std::lock_guard lock(mutex_);
    clear_progress();
    session_.log.warning(text);
  };
  observer.progress = [this](const char* stage, std::uint64_t done) {
    const std::lock_guard lock(mutex_);
    progress(stage, done);
  };
  return observer;
}

void StageOutput::flush_now_and_then() {
  const Timestamp now = session_.clock.now();
  if (now - last_flush_ < std::chrono::milliseconds(100)) return;
  last_flush_ = now;
  session_.out.flush();
}

void StageOutput::show() {
  const std::lock_guard lock(mutex_);
  clear_progress();
  printer_.show();
}

void StageOutput::finish(std::string_view nothing) {
  clear_progress();
  printer_.finish(nothing);
  session_.out.flush();
}

void StageOutput::progress(const char* stage, std::uint64_t done) {
  if (!session_.shows_progress()) return;
  const Timestamp now = session_.clock.now();
  if (now - last_progress_ < std::chrono::milliseconds(200)) return;
  last_progress_ = now;
  progress_shown_ = true;
  fmt::print(stderr, "\r{} mails {}\x1b[K", done, stage);
  std::fflush(stderr);
}

void StageOutput::clear_progress() {
  if (!std::exchange(progress_shown_, false)) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

LineReader::LineReader(const std::string& file) : input_(&std::cin) {
  if (file.empty() || file == "-") return;
  file_ = std::make_unique<std::ifstream>(path_from_utf8(file), std::ios::binary);
  if (!*file_) {
    throw Error(ExitCode::no_input, file + " cannot be read; is the path right?");
  }
  input_ = file_.get();
}

std::optional<std::string> LineReader::next() {
  std::string line;
  for (auto c = input_->rdbuf()->sbumpc(); c != std::char_traits<char>::eof();
       c = input_->rdbuf()->sbumpc()) {
    if (c == '\n') return line;
    if (line.size() == longest_line) {
      throw Error(ExitCode::data,
                  "an input line is longer than 1 MiB; is it the output of a stage?");
    }
    line.push_back(std::char_traits<char>::to_char_type(c));
  }
  if (line.empty()) return std::nullopt;
  return line;
}

RunLine run_line(const std::string& box, const RunReport& report, std::chrono::milliseconds time) {
  const auto sum = [](const std::map<std::string, std::uint64_t>& counts,
                      std::initializer_list<const char*> names) {
    std::uint64_t all = 0;
    for (const char* name : names) {
      const auto found = counts.find(name);
      all += found == counts.end() ? 0 : found->second;
    }
    return all;
  };
  std::uint64_t posted = 0;
  for (const auto& [name, count] : report.payments) posted += count;
  const std::uint64_t matched =
      sum(report.payments, {"paid", "partially_paid", "overpaid"}) + report.settled_later;
  const std::uint64_t waiting = sum(report.payments, {"unmatched", "ambiguous"}) +
                                sum(report.mails, {"unrecognised", "quarantined"});
  const double seconds = static_cast<double>(time.count()) / 1000.0;
  return {
      fmt::format("{}: {} fetched, {} posted, {} matched, {} waiting, {} failed, {:.1f} s", box,
                  counted(report.fetched.recorded, "mail", "mails"),
                  counted(posted, "payment", "payments"), matched, waiting, report.failed, seconds),
      {{"box", box},
       {"fetched", report.fetched.recorded},
       {"posted", posted},
       {"matched", matched},
       {"waiting", waiting},
       {"failed", report.failed},
       {"seconds", seconds}}};
}

std::string summary_of(const RunReport& report) {
  std::vector<std::string> parts;
  if (report.fetched.recorded > 0) {
    parts.push_back(counted(report.fetched.recorded, "mail", "mails") + " fetched");
  }
  if (report.fetched.known > 0) {
    parts.push_back(counted(report.fetched.known, "mail", "mails") + " known already");
  }
  const auto list = [&parts](std::string_view what,
                             const std::map<std::string, std::uint64_t>& counts) {
    std::string text;
    for (const auto& [name, count] : counts) {
      text += fmt::format("{} {} {}", text.empty() ? "" : ",", count, name);
    }
    if (!text.empty()) parts.push_back(fmt::format("{}:{}", what, text));
  };
  list("mails", report.mails);
  list("payments", report.payments);
  if (report.settled_later > 0) {
    parts.push_back(counted(report.settled_later, "earlier payment", "earlier payments") +
                    " settled");
  }
  if (report.failed > 0) parts.push_back(fmt::format("{} failed", report.failed));
  return parts.empty() ? "nothing new" : fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace paymentctl::cli
