#include "fetch/pop3_session.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fetch/intake.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

// RFC 1939 allows 70; some servers have more, none has so much.
constexpr std::size_t longest_uidl = 255;
constexpr std::uint64_t first_window = 256u << 10;

struct Mail {
  std::uint64_t number = 0;
  std::uint64_t size = 0;  ///< as LIST announces it: a hint
  std::string uidl;
};

struct NumberedLine {
  std::uint64_t number = 0;
  std::string_view rest;
};

/// "12 rest", as LIST, UIDL and STAT have it.
std::optional<NumberedLine> numbered(std::string_view line) {
  NumberedLine result;
  const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), result.number);
  if (fault != std::errc()) return std::nullopt;
  result.rest = line.substr(static_cast<std::size_t>(end - line.data()));
  while (!result.rest.empty() && result.rest.front() == ' ') result.rest.remove_prefix(1);
  return result;
}

bool is_capability(std::string_view line, std::string_view name) {
  return line.size() >= name.size() && (line.size() == name.size() || line[name.size()] == ' ') &&
         std::equal(name.begin(), name.end(), line.begin(), [](char wanted, char letter) {
           return wanted == (letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
         });
}

std::uint64_t count_mails(Pop3Dialogue& dialogue) {
  dialogue.send("STAT");
  const Pop3Dialogue::Reply reply = dialogue.status();
  const auto line = numbered(reply.text);
  if (!reply.ok || !line) {
    throw Error(ExitCode::unavailable,
                fmt::format("the mail server does not say how many mails there are (STAT): {}",
                            reply.text));
  }
  return line->number;
}

void quit(Pop3Dialogue& dialogue) {
  dialogue.send("QUIT");
  const Pop3Dialogue::Reply reply = dialogue.status();
  if (!reply.ok) {
    throw Error(
        ExitCode::unavailable,
        fmt::format("the mail server could not delete all mails that were fetched: {}; they "
                    "will be recognised and deleted by the next run",
                    reply.text));
  }
}

class Session {
 public:
  Session(ByteStream& stream, const FetchContext& context, const Pop3Bounds& bounds,
          FetchReport& report)
      : bounds_(bounds),
        report_(report),
        context_(context),
        stream_(stream),
        dialogue_(stream, bounds, context.stop),
        intake_(context, report,
                [this](const std::vector<std::size_t>& tickets) { release(tickets); }) {}

  bool run() {
    const std::uint64_t count = count_mails(dialogue_);
    if (count > 0) {
      ask_capabilities();
      list(count);
      dialogue_.when_dry = [this] { ask_ahead(); };
      began_ = stream_.elapsed();
      exchange();
      dialogue_.when_dry = nullptr;
    }
    quit(dialogue_);
    return deleted_ > 0 && count > mails_.size() && context_.may_go_on();
  }

  /// The line is dead. What came whole is kept.
  void keep() {
    intake_.cancel();
    intake_.commit();
  }

 private:
  enum class Kind { retrieve, remove };
  struct Expected {
    Kind kind;
    std::size_t mail;
  };

  void ask_capabilities() {
    dialogue_.send("CAPA");
    if (!dialogue_.status().ok) return;
    dialogue_.lines([this](std::string_view line) {
      pipelining_ = pipelining_ || is_capability(line, "PIPELINING");
    });
  }

  void list(std::uint64_t count) {
    dialogue_.send("LIST");
    if (pipelining_) dialogue_.send("UIDL");
    if (dialogue_.status().ok) {
      dialogue_.lines([this](std::string_view line) { take_size(line); });
    } else {
      // Without sizes the numbers are still known.
      for (std::uint64_t i = 1; i <= count && mails_.size() < bounds_.session_mails; ++i) {
        mails_.push_back({i, 0, {}});
      }
    }
    const auto by_number = [](const Mail& a, const Mail& b) { return a.number < b.number; };
    std::sort(mails_.begin(), mails_.end(), by_number);
    const auto same = [](const Mail& a, const Mail& b) { return a.number == b.number; };
    mails_.erase(std::unique(mails_.begin(), mails_.end(), same), mails_.end());
    if (!pipelining_) dialogue_.send("UIDL");
    if (!dialogue_.status().ok) return;
    dialogue_.lines([this](std::string_view line) { take_uidl(line); });
  }

  void take_size(std::string_view line) {
    const auto mail = numbered(line);
    if (!mail || mails_.size() >= bounds_.session_mails) return;
    const auto size = numbered(mail->rest);
    mails_.push_back({mail->number, size ? size->number : 0, {}});
  }

  void take_uidl(std::string_view line) {
    const auto named = numbered(line);
    if (!named || named->rest.empty() || named->rest.size() > longest_uidl) return;
    const auto found = std::lower_bound(
        mails_.begin(), mails_.end(), named->number,
        [](const Mail& mail, std::uint64_t number) { return mail.number < number; });
    if (found == mails_.end() || found->number != named->number) return;
    const bool printable = std::all_of(named->rest.begin(), named->rest.end(),
                                       [](char letter) { return letter > ' ' && letter < 0x7f; });
    if (printable) found->uidl = std::string(named->rest);
  }

  /// Sends as many commands ahead as the window holds.
  void ask_ahead() {
    while (pipelining_ || expected_.empty()) {
      if (!to_remove_.empty()) {
        expect(Kind::remove, to_remove_.front());
        to_remove_.pop_front();
      } else if (next_ < mails_.size() && !context_.may_go_on()) {
        next_ = mails_.size();
      } else if (next_ < mails_.size() && mails_[next_].size > bounds_.mail_bytes) {
        fail(mails_[next_++], "announces too much for",
             fmt::format("more than {} bytes; delete it by hand", bounds_.mail_bytes));
      } else if (next_ < mails_.size() && has_room(mails_[next_])) {
        expect(Kind::retrieve, next_++);
      } else {
        return;
      }
    }
  }

  [[nodiscard]] bool has_room(const Mail& mail) const {
    return retrieving_ == 0 ||
           (retrieving_ < bounds_.window_mails && retrieving_bytes_ + mail.size <= window());
  }

  /// What is asked for has to come before a stop can say QUIT, so a slow line is asked for no more
  /// than it brings in two seconds.
  [[nodiscard]] std::uint64_t window() const {
    const auto time = (stream_.elapsed() - began_).count() + 1;
    const std::uint64_t quick = 2000 * received_ / static_cast<std::uint64_t>(time);
    return std::clamp(quick, std::min(first_window, bounds_.window_bytes), bounds_.window_bytes);
  }

  void expect(Kind kind, std::size_t mail) {
    if (kind == Kind::retrieve) {
      ++retrieving_;
      retrieving_bytes_ += mails_[mail].size;
    }
    dialogue_.send(
        fmt::format("{} {}", kind == Kind::retrieve ? "RETR" : "DELE", mails_[mail].number));
    expected_.push_back({kind, mail});
  }

  /// Until every mail is here, recorded and its deletion answered.
  void exchange() {
    for (;;) {
      if (expected_.empty()) ask_ahead();
      if (expected_.empty()) {
        if (intake_.pending() == 0) return;
        intake_.commit();
        continue;
      }
      const Expected head = expected_.front();
      const Pop3Dialogue::Reply reply = dialogue_.status();
      if (head.kind == Kind::retrieve) {
        retrieve(head.mail, reply);
      } else {
        removed(head.mail, reply);
      }
    }
  }

  void retrieve(std::size_t index, const Pop3Dialogue::Reply& reply) {
    Mail& mail = mails_[index];
    if (reply.ok) {
      dialogue_.body(bounds_.mail_bytes, [this](std::string_view bytes) {
        received_ += bytes.size();
        intake_.append(bytes);
      });
    }
    expected_.pop_front();
    --retrieving_;
    retrieving_bytes_ -= mail.size;
    if (reply.ok) {
      intake_.finish(index, mail.uidl);
    } else {
      fail(mail, "does not give", reply.text);
    }
  }

  void removed(std::size_t index, const Pop3Dialogue::Reply& reply) {
    expected_.pop_front();
    if (reply.ok) {
      ++deleted_;
    } else {
      fail(mails_[index], "does not delete", reply.text);
    }
  }

  void release(const std::vector<std::size_t>& tickets) {
    if (context_.releases) to_remove_.insert(to_remove_.end(), tickets.begin(), tickets.end());
  }

  void fail(const Mail& mail, std::string_view what, const std::string& why) {
    ++report_.failed;
    report_.problem(fmt::format("the mail server {} mail {}{}: {}; the next run tries again", what,
                                mail.number, mail.uidl.empty() ? "" : " (UIDL " + mail.uidl + ")",
                                why.empty() ? "no reason given" : why));
  }

  const Pop3Bounds& bounds_;
  FetchReport& report_;
  const FetchContext& context_;
  const ByteStream& stream_;
  Pop3Dialogue dialogue_;
  Intake intake_;
  std::vector<Mail> mails_;
  std::deque<Expected> expected_;
  std::deque<std::size_t> to_remove_;
  std::size_t next_ = 0;  ///< the first mail not asked for
  std::size_t retrieving_ = 0;
  std::uint64_t retrieving_bytes_ = 0;
  std::uint64_t deleted_ = 0;
  std::chrono::milliseconds began_{0};
  std::uint64_t received_ = 0;  ///< bytes of mails since then
  bool pipelining_ = false;
};

}  // namespace

bool fetch_session(ByteStream& stream, const FetchContext& context, const Pop3Bounds& bounds,
                   FetchReport& report) {
  Session session(stream, context, bounds, report);
  try {
    return session.run();
  } catch (const Error& error) {
    if (error.code() == ExitCode::unavailable) session.keep();
    throw;
  }
}

std::uint64_t count_session(ByteStream& stream, const Pop3Bounds& bounds) {
  Pop3Dialogue dialogue(stream, bounds);
  const std::uint64_t count = count_mails(dialogue);
  quit(dialogue);
  return count;
}

}  // namespace paymentctl
