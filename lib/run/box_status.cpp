#include "run/box_status.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fetch/oauth.hpp"
#include "ledger/outbox.hpp"
#include "run/box_run.hpp"
#include "run/listing.hpp"
#include "run/mail_servers.hpp"

namespace paymentctl {
namespace {

constexpr int most_mails = 20;
constexpr int missed_runs = 3;
// The first tries of a mail come within an hour; a box that runs once a day sends what a command
// wrote into the outbox a day later.
constexpr auto patience_after_a_try = std::chrono::hours(1);
constexpr auto patience = std::chrono::hours(24);

std::int64_t count_in(const std::map<std::string, std::int64_t>& counts, std::string_view name) {
  const auto found = counts.find(std::string(name));
  return found == counts.end() ? 0 : found->second;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// The mails of one state, the latest ones each with its reason.
void tell_mails(Ledger& ledger, BoxKey box, MessageState state, std::int64_t count,
                std::vector<std::string>& sentences) {
  if (count == 0) return;
  MessageFilter filter{{state}, 0, most_mails, true};
  auto rows = list_messages(ledger, box, filter);
  std::reverse(rows.begin(), rows.end());
  for (const MessageRow& row : rows) {
    sentences.push_back(fmt::format("mail {} from {} is {}: {}", row.id,
                                    row.from.empty() ? "nobody" : row.from, name_of(state),
                                    row.reason.empty() ? "no reason is known" : row.reason));
  }
  const std::int64_t rest = count - static_cast<std::int64_t>(rows.size());
  if (rest > 0) {
    sentences.push_back(fmt::format("{} more {} {}; see: paymentctl messages list --state {}", rest,
                                    rest == 1 ? "mail is" : "mails are", name_of(state),
                                    name_of(state)));
  }
}

/// A service that nobody looks at may have died without a word.
std::optional<std::string> silence_of(Ledger& ledger, BoxKey box, const BoxStatus& status,
                                      std::chrono::seconds usual_pause) {
  if (!status.last_run) return std::nullopt;
  const auto pause = status.last_run->every.count() > 0 ? status.last_run->every : usual_pause;
  const auto since = status.last_success ? status.last_success : first_run(ledger, box);
  if (!since || status.now - *since <= missed_runs * pause) return std::nullopt;
  return fmt::format(
      "no run has succeeded for {}, and one is wanted every {}; look at the "
      "service with: paymentctl service-status",
      age_text(*since, status.now), age_text(status.now - pause, status.now));
}

bool was_stopped(const RunRecord& run) { return run.error == stopped_text; }

std::string outcome_of(const RunRecord& run) {
  if (run.exit_code == 0) return "done";
  return was_stopped(run) ? "stopped" : "failed";
}

std::vector<std::string> needs_of(Ledger& ledger, BoxKey box, const BoxStatus& status,
                                  const StatusFacts& facts) {
  std::vector<std::string> sentences;
  if (auto silence = silence_of(ledger, box, status, facts.usual_pause)) {
    sentences.push_back(*std::move(silence));
  }
  if (status.last_run && status.last_run->exit_code != 0 && !was_stopped(*status.last_run)) {
    sentences.push_back(
        fmt::format("the last run failed with exit code {}{}", status.last_run->exit_code,
                    status.last_run->error.empty() ? "" : ": " + status.last_run->error));
  }
  for (const MessageState state :
       {MessageState::failed, MessageState::unrecognised, MessageState::quarantined}) {
    tell_mails(ledger, box, state, count_in(status.counts.messages, name_of(state)), sentences);
  }
  for (const PaymentStatus state : {PaymentStatus::unmatched, PaymentStatus::ambiguous}) {
    const std::int64_t count = count_in(status.counts.payments, name_of(state));
    if (count == 0) continue;
    sentences.push_back(fmt::format("{} {}; see: paymentctl payments list --status {}",
                                    counted(count, "payment is", "payments are"), name_of(state),
                                    name_of(state)));
  }
  if (status.refused) {
    sentences.push_back(fmt::format(
        "the mail server refused {} for good, the first {} ago{}; correct what it refuses, then: "
        "paymentctl notify --retry-refused",
        counted(status.refused->count, "notification", "notifications"),
        age_text(status.refused->since, status.now),
        status.refused->last_error.empty() ? "" : ": " + status.refused->last_error));
  }
  const OverdueOutbox late =
      overdue_outbox(ledger, box, status.now - patience_after_a_try, status.now - patience);
  if (late.count > 0) {
    sentences.push_back(
        fmt::format("{} too long in the outbox{}",
                    counted(late.count, "notification waits", "notifications wait"),
                    late.last_error.empty() ? std::string() : ": " + late.last_error));
  }
  return sentences;
}

Json since_json(Timestamp since, Timestamp now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now - since).count();
  return {{"since", utc_text(since)},
          {"seconds", std::max<std::int64_t>(seconds, 0)},
          {"age", age_text(since, now)}};
}

template <std::size_t Count>
Json counts_json(const std::map<std::string, std::int64_t>& counts,
                 const std::array<const char*, Count>& names) {
  Json json = Json::object();
  for (const char* name : names) json[name] = count_in(counts, name);
  return json;
}

}  // namespace

StatusFacts status_facts_of(const Box& box) {
  StatusFacts facts;
  facts.usual_pause = std::chrono::minutes(box.poll_minutes);
  if ((box.pop3 && box.pop3->oauth) || (box.smtp && box.smtp->oauth)) {
    facts.token_worked = token_fetched_at(token_file_of(box));
  }
  return facts;
}

BoxStatus status_of_box(Ledger& ledger, BoxKey box, Timestamp now, const StatusFacts& facts) {
  BoxStatus status;
  status.now = now;
  auto runs = latest_runs(ledger, box, 1);
  if (!runs.empty()) status.last_run = std::move(runs.front());
  status.counts = count_waiting(ledger, box);
  status.oldest = oldest_waiting(ledger, box);
  status.refused = refused_mails(ledger, box);
  status.last_success = latest_success(ledger, box);
  status.token_worked = facts.token_worked;
  status.attention = needs_of(ledger, box, status, facts);
  if (status.last_run && was_stopped(*status.last_run)) {
    status.warnings.push_back(fmt::format("the last run was {}", stopped_text));
  }
  if (const auto mail = latest_unproven(ledger, box)) {
    status.warnings.push_back(
        fmt::format("mail {} was posted although nobody had to prove its sender; see: paymentctl "
                    "doctor",
                    *mail));
  }
  return status;
}

Json to_json(const BoxStatus& status) {
  Json json;
  json["needs_a_person"] = !status.attention.empty();
  json["attention"] = status.attention;
  json["warnings"] = status.warnings;
  json["last_run"] = nullptr;
  if (status.last_run) {
    const RunRecord& run = *status.last_run;
    json["last_run"] = {{"started", utc_text(run.started)},
                        {"ended", utc_text(run.ended)},
                        {"outcome", outcome_of(run)},
                        {"exit_code", run.exit_code},
                        {"error", run.error.empty() ? Json(nullptr) : Json(run.error)},
                        {"age", age_text(run.ended, status.now)}};
  }
  json["last_success"] = nullptr;
  if (status.last_success) json["last_success"] = since_json(*status.last_success, status.now);
  json["token_worked"] = nullptr;
  if (status.token_worked) json["token_worked"] = since_json(*status.token_worked, status.now);
  json["oldest_waiting"] = nullptr;
  if (status.oldest) {
    json["oldest_waiting"] = since_json(status.oldest->since, status.now);
    json["oldest_waiting"]["what"] = status.oldest->what;
  }
  json["refused"] = nullptr;
  if (status.refused) {
    json["refused"] = since_json(status.refused->since, status.now);
    json["refused"]["notifications"] = status.refused->count;
    json["refused"]["error"] = status.refused->last_error;
  }
  json["mails"] = counts_json(status.counts.messages,
                              std::array{"fetched", "unrecognised", "quarantined", "failed"});
  json["payments"] = counts_json(status.counts.payments, std::array{"ambiguous", "unmatched"});
  json["outbox"] = counts_json(status.counts.outbox, std::array{"waiting", "refused"});
  return json;
}

std::string age_text(Timestamp since, Timestamp now) {
  const auto age = std::max(now - since, Timestamp::duration::zero());
  const auto text = [](std::int64_t count, const char* unit) {
    return fmt::format("{} {}", count, unit);
  };
  if (age >= std::chrono::hours(48)) {
    return text(std::chrono::floor<std::chrono::days>(age).count(), "days");
  }
  if (age >= std::chrono::hours(2)) {
    return text(std::chrono::floor<std::chrono::hours>(age).count(), "hours");
  }
  if (age >= std::chrono::minutes(2)) {
    return text(std::chrono::floor<std::chrono::minutes>(age).count(), "minutes");
  }
  return text(std::chrono::floor<std::chrono::seconds>(age).count(), "seconds");
}

}  // namespace paymentctl
