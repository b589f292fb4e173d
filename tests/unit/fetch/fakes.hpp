#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../platform/scratch.hpp"
#include "fetch/archive.hpp"
#include "model/error.hpp"

namespace paymentctl {

/// A ledger in memory that can be made to fail.
class FakeRegister : public MailRegister {
 public:
  std::vector<bool> known(const std::vector<MailRecord>& mails) override {
    std::vector<bool> result;
    for (const MailRecord& mail : mails) {
      bool found = rows.contains(mail.sha256);
      for (const auto& [digest, row] : rows) {
        found = found || (!mail.message_id.empty() && row.message_id == mail.message_id &&
                          row.body_sha256 == mail.body_sha256);
      }
      result.push_back(found);
    }
    return result;
  }
  std::vector<std::optional<RecordedCopy>> copies(const std::vector<MailRecord>& mails) override {
    std::vector<std::optional<RecordedCopy>> result;
    for (const MailRecord& mail : mails) {
      auto& copy = result.emplace_back();
      for (const auto& [digest, row] : rows) {
        const bool same = digest == mail.sha256 || (row.message_id == mail.message_id &&
                                                    row.body_sha256 == mail.body_sha256);
        if (same && !pruned.contains(digest)) copy = RecordedCopy{row.path, digest};
      }
    }
    return result;
  }
  std::vector<bool> recorded(const std::vector<std::string>& paths) override {
    std::set<std::string> have;
    for (const auto& [digest, row] : rows) have.insert(row.path);
    std::vector<bool> result;
    for (const std::string& path : paths) result.push_back(have.contains(path));
    return result;
  }
  void record(const std::vector<MailRecord>& mails) override {
    ++commits;
    if (before_record) before_record();
    for (const MailRecord& mail : mails) rows.emplace(mail.sha256, mail);
  }

  std::map<std::string, MailRecord> rows;
  std::set<std::string> pruned;  ///< by sha256
  int commits = 0;
  std::function<void()> before_record;
};

/// Time that passes only when somebody sleeps. Local time is UTC.
class FakeClock : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return moment; }
  [[nodiscard]] LocalTime local(Timestamp when) const override {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    LocalTime result;
    result.date = *Date::from(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                              static_cast<unsigned>(date.day()));
    return result;
  }
  Timestamp moment{std::chrono::sys_days(std::chrono::year(2026) / 8 / 24) + std::chrono::hours(9)};
};

/// Everything a fetch needs, in a folder of its own; batches are of 100 mails.
struct FetchBench {
  FetchBench() { context.limits.batch_mails = 100; }

  Scratch scratch;
  FakeRegister mails;
  FakeClock clock;
  std::chrono::milliseconds slept{0};
  std::function<void()> while_asleep;
  FetchContext context{scratch / "archive", mails, clock, [this](std::chrono::milliseconds time) {
                         slept += time;
                         clock.moment += time;
                         if (while_asleep) while_asleep();
                       }};

  /// The bytes of all archived mails under their final names, sorted.
  [[nodiscard]] std::vector<std::string> archived() const {
    std::vector<std::string> result;
    const std::filesystem::path archive = scratch / "archive";
    if (!std::filesystem::exists(archive)) return result;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(archive)) {
      if (entry.is_regular_file()) result.push_back(content_of(entry.path()));
    }
    std::sort(result.begin(), result.end());
    return result;
  }
};

}  // namespace paymentctl
