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

template <typename AnyJudge, typename... Facts>
JudgedMail judged(const AnyJudge& judge, const std::filesystem::path& file, std::uint64_t limit,
                  const Facts&... facts) {
  if (const auto bytes = read_file_within(file, limit)) {
    return judge.judge(*bytes, display(file), facts...);
  }
  Sha256 digest;
  const auto read = read_stable(file, [&](std::string_view piece) { digest.update(piece); });
  if (!read) {
    throw Error(ExitCode::io, "mail " + display(file) + " changes while it is read; try again");
  }
  return judge.oversize(display(file), digest.finish(), read->size, limit);
}

}  // namespace

JudgedMail judge_file(const Judge& judge, const std::filesystem::path& file,
                      std::uint64_t max_mail_size) {
  return judged(judge, file, max_mail_size);
}

JudgedMail judge_untrusted_file(const SenderJudge& judge, const std::filesystem::path& file,
                                std::uint64_t max_mail_size, const MailFacts& facts) {
  return judged(judge, file, max_mail_size, facts);
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
    const std::size_t index = level.at++;
    const std::string_view name = level.names[index];
    std::filesystem::path path = level.folder / path_from_utf8(name);
    const auto type = type_of(level.names, index, path);
    if (type == FileType::regular && ascii::ends_with(name, ".eml")) return path;
    if (type == FileType::folder && levels_.size() < most_levels) enter(std::move(path));
  }
  return std::nullopt;
}

}  // namespace paymentctl
