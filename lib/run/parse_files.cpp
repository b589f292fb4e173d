#include "run/parse_files.hpp"

#include <utility>

#include "platform/files.hpp"
#include "platform/sha256.hpp"
#include "run/judge_file.hpp"

namespace paymentctl {
namespace {

struct JudgedFile {
  std::vector<Json> lines;
  bool recognised = true;
  std::string problem;
  ExitCode code = ExitCode::ok;
};

JudgedFile judged(const JudgedMail& mail) {
  return {lines_of(mail), !std::holds_alternative<Unrecognised>(mail.notice), "", ExitCode::ok};
}

void tell(const JudgedFile& file, const Observer& observer, RunReport& report) {
  if (!file.problem.empty()) {
    observer.problem(file.problem);
    ++report.failed;
    report.fail(file.code);
  }
  if (!file.recognised) report.fail(ExitCode::data);
  for (const Json& line : file.lines) observer.line(line);
}

}  // namespace

void parse_path(const Judge& judge, const std::filesystem::path& path, std::uint64_t max_mail_size,
                const Observer& observer, RunReport& report) {
  const auto facts = look_at(path);
  if (!facts || facts->type != FileType::folder) {
    tell(judged(judge_file(judge, path, max_mail_size)), observer, report);
    return;
  }
  MailFiles files(path);
  OrderedWorkers<std::filesystem::path, JudgedFile> workers(
      judging_threads(), judging_window, [&](const std::filesystem::path& file) -> JudgedFile {
        try {
          return judged(judge_file(judge, file, max_mail_size));
        } catch (const Error& error) {
          return {{}, true, error.what(), error.code()};
        }
      });
  workers.run([&files] { return files.next(); },
              [&](const JudgedFile& file) { tell(file, observer, report); });
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
  tell(judged(size > max_mail_size ? judge.oversize("-", digest.finish(), size, max_mail_size)
                                   : judge.judge(bytes, "-")),
       observer, report);
}

}  // namespace paymentctl
