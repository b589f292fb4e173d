#include "log.hpp"

#include <array>
#include <filesystem>
#include <mutex>
#include <utility>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "model/error.hpp"
#include "model/visible.hpp"
#include "platform/create_file.hpp"
#include "platform/event_log.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::size_t largest_log = 10u << 20;
constexpr std::size_t kept_logs = 5;
constexpr const char* words_pattern = "paymentctl: %v";
constexpr const char* words_with_time = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
constexpr const char* json_pattern =
    R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":%v})";

/// The level in front of each line as sd-daemon(3) has it.
class JournalLevel : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& target) override {
    const char level = message.level >= spdlog::level::err    ? '3'
                       : message.level == spdlog::level::warn ? '4'
                       : message.level == spdlog::level::info ? '6'
                                                              : '7';
    const std::array text{'<', level, '>'};
    target.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JournalLevel>();
  }
};

class EventSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit EventSink(const std::string& source) : events_(source) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    events_.write(message.level >= spdlog::level::err    ? EventLevel::error
                  : message.level == spdlog::level::warn ? EventLevel::warning
                                                         : EventLevel::information,
                  {message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  EventLog events_;
};

spdlog::sink_ptr journal(bool json) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  // The journal has the time and the program's name.
  formatter->add_flag<JournalLevel>('*').set_pattern(json ? std::string("%*") + json_pattern
                                                          : "%*%v");
  sink->set_formatter(std::move(formatter));
  return sink;
}

spdlog::sink_ptr standard_error(const LogOptions& options) {
  spdlog::sink_ptr sink;
  if (options.color) {
    auto colored = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
    colored->set_color_mode(spdlog::color_mode::always);
    sink = colored;
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  sink->set_pattern(options.json    ? json_pattern
                    : options.color ? "%^paymentctl:%$ %v"
                                    : words_pattern);
  return sink;
}

spdlog::sink_ptr log_file(const LogOptions& options) {
  // It tells of partners and amounts, so it is for its owner alone, as everything else we create.
  spdlog::file_event_handlers handlers;
  handlers.before_open = [](const std::filesystem::path& file) {
    if (file.has_parent_path()) create_folders(file.parent_path());
    if (!look_at(file)) create_private_file(file);
  };
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        path_from_utf8(options.file).native(), largest_log, kept_logs, false, handlers);
    sink->set_pattern(options.json ? json_pattern : words_with_time);
    return sink;
  } catch (const spdlog::spdlog_ex& error) {
    throw Error(
        ExitCode::cannot_create,
        std::string(error.what()) + "; give --log-file a file in a folder you may write to");
  }
}

}  // namespace

Log::Log(const LogOptions& options) : json_(options.json) {
  std::vector<spdlog::sink_ptr> sinks{options.journal ? journal(options.json)
                                                      : standard_error(options)};
  sinks.front()->set_level(options.quiet     ? spdlog::level::err
                           : options.verbose ? spdlog::level::debug
                                             : spdlog::level::info);
  if (!options.file.empty()) {
    sinks.push_back(log_file(options));
    sinks.back()->set_level(options.verbose ? spdlog::level::debug : spdlog::level::info);
  }
  if (!options.events.empty()) {
    sinks.push_back(std::make_shared<EventSink>(options.events));
    sinks.back()->set_level(spdlog::level::info);
  }
  logger_ = std::make_shared<spdlog::logger>("paymentctl", sinks.begin(), sinks.end());
  logger_->set_level(spdlog::level::debug);
  logger_->flush_on(spdlog::level::info);
}

namespace {

void put(spdlog::logger& logger, bool json, spdlog::level::level_enum level,
         std::string_view message) {
  const std::string line = visible(message);
  logger.log(level, "{}", json ? to_line(Json(line)) : line);
}

}  // namespace

void Log::error(std::string_view message) { put(*logger_, json_, spdlog::level::err, message); }
void Log::warning(std::string_view message) { put(*logger_, json_, spdlog::level::warn, message); }
void Log::info(std::string_view message) { put(*logger_, json_, spdlog::level::info, message); }
void Log::info(std::string_view message, const Json& members) {
  if (!json_) return info(message);
  const std::string object = to_line(members);  // its members follow those of the pattern
  logger_->info("{},{}", to_line(Json(visible(message))), object.substr(1, object.size() - 2));
}
void Log::detail(std::string_view message) { put(*logger_, json_, spdlog::level::debug, message); }

}  // namespace paymentctl::cli
