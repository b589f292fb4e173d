#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "platform/name_list.hpp"
#include "run/judge.hpp"
#include "run/ordered_workers.hpp"
#include "run/sender_judge.hpp"

namespace paymentctl {

/// Reads and judges a mail file. One of more than `max_mail_size` bytes is unrecognised without
/// being read. Errors: those of reading a file.
JudgedMail judge_file(const Judge& judge, const std::filesystem::path& file,
                      std::uint64_t max_mail_size);

/// The same for a mail that anybody may have written. Also the errors of SenderJudge::judge.
JudgedMail judge_untrusted_file(const SenderJudge& judge, const std::filesystem::path& file,
                                std::uint64_t max_mail_size, const MailFacts& facts);

/// How many mails are judged at the same time on this machine.
unsigned judging_threads();

/// How many mails may be under way between reading and posting; bounds memory together with
/// maxMailSize.
constexpr std::size_t judging_window = 64;

/// Hands out every regular file named *.eml (in any case) in a folder and those below it, at most
/// 16 levels deep, folder by folder, sorted by name; symbolic links are not followed.
class MailFiles {
 public:
  explicit MailFiles(std::filesystem::path folder);
  std::optional<std::filesystem::path> next();

 private:
  struct Level {
    std::filesystem::path folder;
    NameList names;
    std::size_t at = 0;
  };
  void enter(std::filesystem::path folder);
  std::vector<Level> levels_;
};

}  // namespace paymentctl
