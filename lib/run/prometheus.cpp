#include "run/prometheus.hpp"

#include <fmt/format.h>

namespace paymentctl {
namespace {

std::string label_value(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\' || letter == '"') result += '\\';
    if (letter == '\n') {
      result += "\\n";
    } else {
      result += letter;
    }
  }
  return result;
}

std::int64_t seconds_of(Timestamp moment) {
  return std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch()).count();
}

/// Metrics one after the other, each with its help.
class Exposition {
 public:
  Exposition(const std::string& company, const std::string& box)
      : box_(fmt::format("company=\"{}\",box=\"{}\"", label_value(company), label_value(box))) {}

  void gauge(std::string_view name, std::string_view help, std::int64_t value) {
    begin(name, help);
    text_ += fmt::format("paymentctl_{}{{{}}} {}\n", name, box_, value);
  }

  /// One line a state; states that nothing is in stand as 0.
  void states(std::string_view name, std::string_view help, const Json& counts) {
    begin(name, help);
    for (const auto& [state, count] : counts.items()) {
      text_ += fmt::format("paymentctl_{}{{{},state=\"{}\"}} {}\n", name, box_, state,
                           count.get<std::int64_t>());
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void begin(std::string_view name, std::string_view help) {
    text_ += fmt::format("# HELP paymentctl_{} {}\n# TYPE paymentctl_{} gauge\n", name, help, name);
  }

  std::string box_;
  std::string text_;
};

}  // namespace

std::string prometheus_text(const std::string& company, const std::string& box,
                            const BoxStatus& status) {
  Exposition metrics(company, box);
  metrics.gauge("needs_a_person", "1 when a person has to look, as paymentctl status says why.",
                status.attention.empty() ? 0 : 1);
  if (status.last_run) {
    metrics.gauge("last_run_timestamp_seconds", "When the last run ended.",
                  seconds_of(status.last_run->ended));
    metrics.gauge("last_run_exit_code", "Exit code of the last run; 0 is well.",
                  status.last_run->exit_code);
  }
  if (status.last_success) {
    metrics.gauge("last_success_timestamp_seconds", "When the last run without a fault ended.",
                  seconds_of(*status.last_success));
  }
  if (status.token_worked) {
    metrics.gauge("token_worked_timestamp_seconds", "When the OAuth secret last got a token.",
                  seconds_of(*status.token_worked));
  }
  metrics.gauge("oldest_waiting_seconds", "Age of what has waited longest; 0 when nothing waits.",
                status.oldest ? seconds_of(status.now) - seconds_of(status.oldest->since) : 0);
  const Json numbers = to_json(status);
  metrics.states("mails", "Mails of the box that wait, by state.", numbers["mails"]);
  metrics.states("payments", "Payments of the company that wait, by status.", numbers["payments"]);
  metrics.states("outbox", "Notifications of the box that wait, by state.", numbers["outbox"]);
  return metrics.text();
}

}  // namespace paymentctl
