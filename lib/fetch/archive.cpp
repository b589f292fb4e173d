#include "fetch/archive.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "fetch/header_scan.hpp"
#include "model/error.hpp"
#include "platform/file_batch.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_problems = 100;

bool is_mail_name(std::string_view name) {
  return name.ends_with(".eml") && !name.starts_with('.');
}

/// The folders of the last days, and of days to come: the clock may have been wrong.
std::vector<std::string> recent_folders(const FetchContext& context, int days) {
  const auto today = context.clock.local(context.clock.now()).date.days();
  std::vector<std::string> folders;
  for (std::string& name : list_folder(context.archive)) {
    const auto day = Date::from_iso(name);
    if (!day || day->days() + std::chrono::days(days) < today) continue;
    const auto facts = look_at(context.archive / path_from_utf8(name));
    if (facts && facts->type == FileType::folder) folders.push_back(std::move(name));
  }
  return folders;
}

std::optional<MailRecord> read_record(const FetchContext& context, std::string path,
                                      FetchReport& report) {
  try {
    MailDigest digest;
    const auto facts = read_stable(context.archive / path_from_utf8(path),
                                   [&](std::string_view bytes) { digest.update(bytes); });
    if (!facts) {
      throw Error(ExitCode::temporary,
                  "the file changes while it is read; the next run tries again");
    }
    MailDigest::Result result = digest.finish();
    MailRecord record;
    record.path = std::move(path);
    record.sha256 = std::move(result.sha256);
    record.message_id = std::move(result.message_id);
    record.header = std::move(result.header);
    record.body_sha256 = std::move(result.body_sha256);
    record.size = result.size;
    record.oversize = result.size > context.limits.max_mail_size;
    return record;
  } catch (const Error& error) {
    ++report.failed;
    report.problem(fmt::format("the archived mail {} is not recorded: {}", path, error.what()));
    return std::nullopt;
  }
}

/// All lie in one folder.
void make_records_durable(const FetchContext& context, const std::vector<MailRecord>& records) {
  const std::filesystem::path first = path_from_utf8(records.front().path);
  std::vector<std::string> names;
  names.reserve(records.size());
  for (const MailRecord& record : records) {
    names.push_back(utf8_of(path_from_utf8(record.path).filename()));
  }
  make_durable(context.archive / first.parent_path(), names);
}

void record_batch(const FetchContext& context, const std::vector<std::string>& paths,
                  FetchReport& report) {
  const std::vector<bool> recorded = context.mails.recorded(paths);
  std::vector<MailRecord> records;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (i < recorded.size() && recorded[i]) continue;
    if (auto record = read_record(context, paths[i], report)) records.push_back(std::move(*record));
  }
  if (records.empty()) return;
  const std::vector<bool> known = seen_before(context.mails, records);
  std::vector<MailRecord> fresh;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (known[i]) {
      ++report.known;
    } else {
      report.oversize += records[i].oversize ? 1u : 0u;
      fresh.push_back(std::move(records[i]));
    }
  }
  if (fresh.empty()) return;
  // A kill may have come before the folder was flushed: the row must not outlive the file.
  if (context.releases) make_records_durable(context, fresh);
  context.mails.record(fresh);
  report.recorded += fresh.size();
}

}  // namespace

void FetchReport::problem(std::string text) {
  if (problems.size() < most_problems) problems.push_back(std::move(text));
}

FetchReport& FetchReport::operator+=(const FetchReport& other) {
  recorded += other.recorded;
  known += other.known;
  oversize += other.oversize;
  left += other.left;
  failed += other.failed;
  for (const std::string& text : other.problems) problem(text);
  repairs.insert(repairs.end(), other.repairs.begin(), other.repairs.end());
  return *this;
}

void put_into_archive(const std::filesystem::path& file, std::string_view bytes) {
  create_folders(file.parent_path());
  write_private_file(file, bytes);
}

FetchReport recover_archive(const FetchContext& context, int days) {
  FetchReport report;
  if (!look_at(context.archive)) return report;
  for (const std::string& folder : recent_folders(context, days)) {
    if (context.releases) FileBatch::sweep(context.archive / folder);
    std::vector<std::string> paths;
    for (const std::string& name : list_folder(context.archive / folder)) {
      if (is_mail_name(name)) paths.push_back(folder + "/" + name);
      if (paths.size() >= context.limits.batch_mails) {
        record_batch(context, paths, report);
        paths.clear();
      }
    }
    if (!paths.empty()) record_batch(context, paths, report);
  }
  return report;
}

}  // namespace paymentctl
