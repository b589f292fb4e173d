#include "run/archive_care.hpp"

#include <fmt/format.h>

#include "config/values.hpp"
#include "ledger/messages.hpp"
#include "ledger/raw_mail.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

constexpr int mails_at_once = 500;

/// The digest of a file's bytes; nullopt where there is none.
std::optional<std::string> digest_of(const std::filesystem::path& file) {
  if (!look_at(file)) return std::nullopt;
  Sha256 digest;
  if (!read_stable(file, [&](std::string_view bytes) { digest.update(bytes); })) return "";
  return digest.finish();
}

std::string complaint(BoxLedger& opened, const Box& box, const MessageRow& mail) {
  if (mail.pruned) return {};
  const auto digest = digest_of(box.archive_dir / path_from_utf8(mail.path));
  if (digest == mail.sha256) return {};
  if (digest) return fmt::format("{} (mail) is no longer what was fetched", mail.path);
  if (raw_mail(opened.ledger, opened.key, mail.id)) return {};
  return fmt::format("{} (mail) is not in the archive", mail.path);
}

template <typename Visit>
void each_mail(BoxLedger& opened, MessageFilter filter, Visit&& visit) {
  filter.limit = mails_at_once;
  while (true) {
    const auto rows = list_messages(opened.ledger, opened.key, filter);
    if (rows.empty() || !visit(rows)) return;
    filter.after = rows.back().id;
  }
}

}  // namespace

std::vector<std::string> check_archive(BoxLedger& opened, const Box& box, int limit) {
  std::vector<std::string> sentences;
  const auto is_full = [&] { return sentences.size() >= static_cast<std::size_t>(limit); };
  if (limit <= 0) return sentences;
  each_mail(opened, {}, [&](const std::vector<MessageRow>& mails) {
    for (const MessageRow& mail : mails) {
      std::string sentence = complaint(opened, box, mail);
      if (!sentence.empty() && !is_full()) sentences.push_back(std::move(sentence));
    }
    return !is_full();
  });
  return sentences;
}

PruneCounts prune_archive(BoxLedger& opened, const Box& box, Timestamp before) {
  PruneCounts counts;
  MessageFilter filter;
  filter.states = {MessageState::posted, MessageState::duplicate};
  each_mail(opened, filter, [&](const std::vector<MessageRow>& mails) {
    std::vector<std::int64_t> ids;
    for (const MessageRow& mail : mails) {
      if (mail.pruned || mail.fetched_at >= before) continue;
      const std::filesystem::path file = box.archive_dir / path_from_utf8(mail.path);
      if (const auto facts = look_at(file)) counts.bytes += facts->size;
      remove_file(file);
      // The day's folder goes with its last mail.
      std::error_code not_empty;
      std::filesystem::remove(file.parent_path(), not_empty);
      ids.push_back(mail.id);
    }
    // Behind the files: what a kill leaves in between is done again.
    set_pruned(opened.ledger, opened.key, ids);
    counts.mails += static_cast<std::int64_t>(ids.size());
    return true;
  });
  return counts;
}

std::optional<Timestamp> moment_before(Timestamp now, std::string_view age) {
  if (age.size() < 2) return std::nullopt;
  const auto number = whole_number_from(age.substr(0, age.size() - 1), 1, 36500);
  if (!number) return std::nullopt;
  using namespace std::chrono;
  const sys_days today = floor<days>(now);
  const year_month_day date(today);
  sys_days day{};
  switch (age.back()) {
    case 'y':
    case 'm': {
      const year_month month = year_month(date.year(), date.month()) -
                               months(age.back() == 'y' ? *number * 12 : *number);
      const year_month_day_last last(month.year(), month_day_last(month.month()));
      day = std::min(sys_days(month / 1) + (date.day() - std::chrono::day(1)), sys_days(last));
      break;
    }
    case 'd':
      day = today - days(*number);
      break;
    default:
      return std::nullopt;
  }
  if (today - day < days(30)) return std::nullopt;
  return Timestamp(day);
}

}  // namespace paymentctl
