#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "model/error.hpp"
#include "run/box_session.hpp"

namespace paymentctl {

struct FetchSide;

/// Reads one line without its end, at most 1 MiB; nullopt at the end of the input. A longer line is
/// Error(data).
using LineSource = std::function<std::optional<std::string>()>;

/// What happened to the mails of one stage or of a whole run.
struct RunReport {
  FetchReport fetched;
  std::map<std::string, std::uint64_t> mails;     ///< by name of MessageState
  std::map<std::string, std::uint64_t> payments;  ///< by name of PaymentStatus
  std::uint64_t settled_later = 0;  ///< payments of earlier mails that were settled now
  std::uint64_t outbox_sent = 0;
  std::uint64_t outbox_failed = 0;   ///< tried in vain, some perhaps for good
  std::uint64_t outbox_waiting = 0;  ///< afterwards
  std::uint64_t failed = 0;          ///< mails that stay `fetched`, and lines that were refused
  bool stopped = false;              ///< on request, before everything was done
  /// Of the first thing that failed; ok when every mail reached a final state.
  ExitCode exit_code = ExitCode::ok;

  void fail(ExitCode code);
};

/// fetch: what mailbox and emlDir hold into archive and ledger, after what a kill left between the
/// two. Holds the box's lock; Error(temporary) when another process has it. A source that cannot be
/// read is a problem, and the other ones go on.
void fetch_sources(BoxSession& session, RunReport& report);

/// Every mail in state `fetched`, the ones left by an earlier run first, as a line {"type":"mail"}.
void print_fetched(BoxSession& session);

/// Fetches as `fetch` says, holding the box's lock, and meanwhile takes every mail in state
/// `fetched` through parse, match, post and outbox: the ones left by an earlier run first, then the
/// new ones in the order in which they come. At the end everything that waited for other payments
/// or for documents, unless a stop was asked for: then what is in hand is posted, and the rest
/// waits for the next run. `notify` writes notifications into the outbox. An Error of `fetch` is
/// thrown when what came before it is posted.
void fetch_and_process(BoxSession& session, const std::function<void(const FetchSide&)>& fetch,
                       bool notify, RunReport& report);

/// The `parse` of a chain: lines of type mail become lines of payments, ignored or unrecognised
/// mails; all others go through. A mail that cannot be read is a problem and stays `fetched`.
/// `sender_judge` judges those whose line says so; without one they are judged as files, and `post`
/// refuses them.
void parse_lines(const Judge& judge, const SenderJudge* sender_judge, std::uint64_t max_mail_size,
                 const LineSource& input, const Observer& observer, RunReport& report);

/// The `match` of a chain: payments become matches against the ledger, which is not written.
void match_lines(BoxSession& session, const LineSource& input, RunReport& report);

/// The `post` of a chain. A mail is posted when all its lines have come. A line that was not judged
/// under this box's settings, or whose mail is not in the ledger, is refused as a problem.
void post_lines(BoxSession& session, const LineSource& input, RunReport& report);

}  // namespace paymentctl
