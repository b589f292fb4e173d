#include "run/parse_files.hpp"

#include <utility>

#include "platform/files.hpp"
#include "platform/sha256.hpp"
#include "run/judge_file.hpp"
#include "run/judged_lines.hpp"

namespace paymentctl {
void parse_path(const Judge& judge, const std::filesystem::path& path, std::uint64_t max_mail_size,
                const Observer& observer, RunReport& report) {
  const auto facts = look_at(path);
  if (!facts || facts->type != FileType::folder) {
    tell(judged_lines(judge_file(judge, path, max_mail_size)), observer, report);
    return;
  }
  MailFiles files(path);
  OrderedWorkers<std::filesystem::path, JudgedLines> workers(
      judging_threads(), judging_window, [&](const std::filesystem::path& file) -> JudgedLines {
        try {
          return judged_lines(judge_file(judge, file, max_mail_size));
        } catch (const Error& error) {
          return not_judged(error);
        }
      });
  workers.run([&files] { return files.next(); },
              [&](const JudgedLines& file) { tell(file, observer, report); });
}

void parse_stream(const Judge& judge, std::istream& input, std::uint64_t max_mail_size,
                  const Observer& observer, RunReport& report) {
  std::string bytes;
  Sha256 digest;
  std::uint64_t size = 0;
  std::vector<char> piece(64u << 10);
  while (input.read(piece.data(), static_cast<std::streamsize>(piece.size())), input.gcount() > 0) {
    const std::string_view read(piece.data(), static_cast<std::size_t>(input.gcount()));
    digest.update(read);
    size += read.size();
    if (size <= max_mail_size) bytes.append(read);
  }
  tell(judged_lines(size > max_mail_size ? judge.oversize("-", digest.finish(), size, max_mail_size)
                                         : judge.judge(bytes, "-")),
       observer, report);
}

}  // namespace paymentctl
