#include <utility>

#include <fmt/format.h>

#include "match/match.hpp"
#include "platform/paths.hpp"
#include "run/judge_file.hpp"
#include "run/judged_lines.hpp"
#include "run/mail_groups.hpp"
#include "run/posting.hpp"

namespace paymentctl {
namespace {

std::string type_of(const Json& line) {
  const auto type = line.find("type");
  if (type == line.end() || !type->is_string()) {
    throw Error(ExitCode::data, "the line has no \"type\"; is it the output of another stage?");
  }
  return type->get<std::string>();
}

const Json& part(const Json& line, const char* name) {
  const auto found = line.find(name);
  if (found == line.end() || !found->is_object()) {
    throw Error(ExitCode::data, fmt::format("the line has no object \"{}\"", name));
  }
  return *found;
}

std::string text_of(const Json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Reads line after line; what is wrong with one is a problem, and the others go on.
void each_line(const LineSource& input, const Observer& observer, RunReport& report,
               const std::function<void(Json)>& take) {
  std::uint64_t number = 0;
  while (const auto text = input()) {
    ++number;
    if (text->find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      within(fmt::format("input line {}", number), [&] { take(json_object(*text)); });
    } catch (const Error& error) {
      if (error.code() != ExitCode::data) throw;
      observer.problem(error.what());
      ++report.failed;
      report.fail(error.code());
    }
  }
}

/// A member that a stage before us may have left out.
bool is_set(const Json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_boolean() && found->get<bool>();
}

JudgedLines parse_line(const Judge& judge, const SenderJudge* sender_judge,
                       std::uint64_t max_mail_size, const std::string& text) {
  try {
    Json line = json_object(text);
    if (type_of(line) != "mail") {
      JudgedLines passed;
      passed.lines.push_back(std::move(line));
      return passed;
    }
    const std::string path = text_of(line, "path");
    const std::string sha256 = text_of(line, "sha256");
    if (path.empty()) throw Error(ExitCode::data, "the line of a mail has no \"path\"");
    const std::filesystem::path file = path_from_utf8(path);
    const JudgedMail mail = sender_judge != nullptr && is_set(line, "prove_sender")
                                ? judge_untrusted_file(*sender_judge, file, max_mail_size,
                                                       {text_of(line, "suspicion"), std::nullopt})
                                : judge_file(judge, file, max_mail_size);
    if (!sha256.empty() && sha256 != mail.source.sha256) {
      throw Error(ExitCode::data, fmt::format("mail {} is no longer what was fetched; restore it "
                                              "from a backup of the archive",
                                              path));
    }
    return judged_lines(mail);
  } catch (const Error& error) {
    return not_judged(error);
  }
}

/// Posts the lines of a chain once the mails they belong to are whole.
class ChainPosting {
 public:
  ChainPosting(BoxSession& session, RunReport& report)
      : session_(session), batch_(session, true, report) {}

  void take(Json line) {
    const std::string type = type_of(line);
    const bool match = type == "match";
    if (!match && type != "ignored" && type != "unrecognised" && type != "quarantined") {
      session_.observer.line(line);
      return;
    }
    const Source source = source_from_json(part(match ? part(line, "payment") : line, "source"));
    if (!is_ours(source, match)) return;
    if (auto mail = groups_.add(source, std::move(line)))
      batch_.add(posting_mail(*std::move(mail)));
  }

  void finish(RunReport& report) {
    batch_.finish();
    if (judged_otherwise_ > 1) {
      session_.observer.problem(fmt::format(
          "{} lines in all were judged under other settings than those of {} and refused; parse "
          "their mails again with -c {}",
          judged_otherwise_, session_.box.name, utf8_of(session_.box.file)));
      report.failed += judged_otherwise_ - 1;
    }
    for (const Source& source : groups_.incomplete()) {
      session_.observer.problem(fmt::format(
          "mail {} was not posted, since not all of its {} payments came; it stays fetched and the "
          "next run or chain takes it up",
          source.path, source.count));
      ++report.failed;
      report.fail(ExitCode::data);
    }
  }

 private:
  /// The first line that was judged under other settings is refused as any other; what follows it
  /// is only counted, since a whole stream may be so.
  bool is_ours(const Source& source, bool is_payment) {
    const bool is_known_policy =
        source.policy == session_.judge.policy() || source.policy == session_.sender_judge.policy();
    if (!is_known_policy) return is_refused(source);
    const auto row = find_message(session_.ledger, session_.key, source.sha256);
    if (!row) {
      throw Error(ExitCode::data, fmt::format("mail {} is not in the ledger of box {}; fetch or "
                                              "import-eml it first",
                                              source.path, session_.box.name));
    }
    // What the ledger alone knows reaches parse by the line of fetch, if by anything.
    const bool is_replay = is_payment && row->is_untrusted() && !row->suspicion.empty();
    return source.policy == session_.policy_for(*row) && !is_replay ? true : is_refused(source);
  }

  bool is_refused(const Source& source) {
    if (++judged_otherwise_ > 1) return false;
    throw Error(ExitCode::data,
                fmt::format("mail {} was judged under other settings than those of {}; parse it "
                            "again with -c {}",
                            source.path, session_.box.name, utf8_of(session_.box.file)));
  }

  static void keep_evidence(const Json& line, PostingMail& posting) {
    const auto found = line.find("evidence");
    if (found != line.end() && found->is_object()) paymentctl::keep_evidence(*found, posting.mail);
  }

  static PostingMail posting_mail(MailLines mail) {
    PostingMail posting;
    posting.path = mail.source.path;
    posting.mail.sha256 = mail.source.sha256;
    posting.mail.format = mail.source.format;
    for (Json& line : mail.lines) {
      const std::string type = type_of(line);
      if (type == "match") {
        Json payment = part(line, "payment");
        keep_evidence(payment, posting);
        posting.mail.payments.push_back({payment_from_json(payment), match_from_json(line)});
        posting.lines.push_back(std::move(payment));
      } else {
        posting.mail.state = message_state(type).value_or(MessageState::unrecognised);
        posting.mail.reason = text_of(line, "reason");
        keep_evidence(line, posting);
        posting.lines.push_back(std::move(line));
      }
    }
    return posting;
  }

  BoxSession& session_;
  PostingBatch batch_;
  MailGroups groups_;
  std::uint64_t judged_otherwise_ = 0;
};

}  // namespace

void parse_lines(const Judge& judge, const SenderJudge* sender_judge, std::uint64_t max_mail_size,
                 const LineSource& input, const Observer& observer, RunReport& report) {
  OrderedWorkers<std::string, JudgedLines> workers(
      judging_threads(), judging_window,
      [&](std::string text) { return parse_line(judge, sender_judge, max_mail_size, text); });
  const auto next = [&input]() -> std::optional<std::string> {
    while (auto text = input()) {
      if (text->find_first_not_of(" \t\r") != std::string::npos) return text;
    }
    return std::nullopt;
  };
  workers.run(next, [&](const JudgedLines& judged) { tell(judged, observer, report); });
}

void match_lines(BoxSession& session, const LineSource& input, RunReport& report) {
  const auto documents = document_finder(session.ledger, session.key);
  each_line(input, session.observer, report, [&](Json line) {
    if (type_of(line) != "payment") {
      session.observer.line(line);
      return;
    }
    const Payment payment = payment_from_json(line);
    const MatchSettings settings{session.box.amount_tolerance, false};
    session.observer.line(to_json(match_payment(payment, *documents, settings), std::move(line)));
  });
}

void post_lines(BoxSession& session, const LineSource& input, RunReport& report) {
  ChainPosting posting(session, report);
  each_line(input, session.observer, report, [&](Json line) { posting.take(std::move(line)); });
  posting.finish(report);
}

}  // namespace paymentctl
