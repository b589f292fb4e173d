#include "run/judge_file.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/error.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/processors.hpp"
#include "platform/sha256.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_levels = 16;

std::string file_sha256(const std::filesystem::path& file) {
  Sha256 digest;
  if (!read_stable(file, [&digest](std::string_view piece) { digest.update(piece); })) {
    throw Error(ExitCode::io, "mail " + display(file) + " changes while it is read; try again");
  }
  return digest.finish();
}

/// The size of a file that is too large to be read.
std::optional<std::uint64_t> oversize_of(const std::filesystem::path& file, std::uint64_t limit) {
  const auto facts = look_at(file);
  const bool is_oversize = facts && facts->type == FileType::regular && facts->size > limit;
  return is_oversize ? std::optional(facts->size) : std::nullopt;
}

}  // namespace

JudgedMail judge_file(const Judge& judge, const std::filesystem::path& file,
                      std::uint64_t max_mail_size) {
  if (const auto size = oversize_of(file, max_mail_size)) {
    return judge.oversize(display(file), file_sha256(file), *size, max_mail_size);
  }
  return judge.judge(read_file(file, max_mail_size), display(file));
}

JudgedMail judge_untrusted_file(const SenderJudge& judge, const std::filesystem::path& file,
                                std::uint64_t max_mail_size, const MailFacts& facts) {
  if (const auto size = oversize_of(file, max_mail_size)) {
    return judge.oversize(display(file), file_sha256(file), *size, max_mail_size);
  }
  return judge.judge(read_file(file, max_mail_size), display(file), facts);
}

unsigned judging_threads() { return std::min(usable_processors(), 8u); }

MailFiles::MailFiles(std::filesystem::path folder) { enter(std::move(folder)); }

void MailFiles::enter(std::filesystem::path folder) {
  NameList names = names_in(folder);
  levels_.push_back({std::move(folder), std::move(names), 0});
}

std::optional<std::filesystem::path> MailFiles::next() {
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.at == level.names.size()) {
      levels_.pop_back();
      continue;
    }
    const std::string_view name = level.names[level.at++];
    std::filesystem::path path = level.folder / path_from_utf8(name);
    const auto facts = look_at(path);
    if (!facts) continue;
    if (facts->type == FileType::regular && ascii::ends_with(name, ".eml")) return path;
    if (facts->type == FileType::folder && levels_.size() < most_levels) enter(std::move(path));
  }
  return std::nullopt;
}

}  // namespace paymentctl
