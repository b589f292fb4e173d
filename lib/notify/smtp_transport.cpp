#include "notify/smtp_transport.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "model/error.hpp"
#include "model/masked.hpp"
#include "notify/compose.hpp"
#include "notify/smtp_dialogue.hpp"
#include "notify/smtp_reasons.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

struct ListDelete {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDelete>;

/// What one transfer gives to libcurl and hears from it.
struct Exchange {
  std::string_view mail;
  SmtpDialogue dialogue;
};

std::size_t give_mail(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& rest = static_cast<Exchange*>(user)->mail;
  const std::size_t given = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), given);
  rest.remove_prefix(given);
  return given;
}

std::size_t take_reply(char* buffer, std::size_t size, std::size_t count, void* user) {
  const std::size_t taken = size * count;
  return static_cast<Exchange*>(user)->dialogue.reply({buffer, taken}) ? taken : 0;
}

std::size_t drop(char* /*buffer*/, std::size_t size, std::size_t count, void* /*user*/) {
  return size * count;
}

int hear_command(CURL* /*handle*/, curl_infotype type, char* data, std::size_t size, void* user) {
  if (type == CURLINFO_HEADER_OUT) static_cast<Exchange*>(user)->dialogue.command({data, size});
  return 0;
}

long milliseconds(std::chrono::milliseconds time) { return static_cast<long>(time.count()); }

List list_of(const OutgoingMail& mail) {
  List list;
  for (const auto* addresses : {&mail.to, &mail.cc}) {
    for (const std::string& address : *addresses) {
      curl_slist* longer = curl_slist_append(list.get(), address.c_str());
      if (longer == nullptr) return {};
      (void)list.release();
      list.reset(longer);
    }
  }
  return list;
}

std::optional<std::string> fault_of(const OutgoingMail& mail) {
  if (mail.to.empty()) return "it has no receiver";
  if (const auto fault = fault_of_address(mail.from)) {
    return fmt::format("the sender's address {}", *fault);
  }
  for (const auto* addresses : {&mail.to, &mail.cc}) {
    for (const std::string& address : *addresses) {
      if (const auto fault = fault_of_address(address)) {
        return fmt::format("a receiver's address {}", *fault);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

struct SmtpTransport::Session {
  struct EasyDelete {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  using Easy = std::unique_ptr<CURL, EasyDelete>;

  SmtpSettings settings;
  std::optional<std::chrono::steady_clock::time_point> stop_seen;
  Easy handle;
  std::array<char, CURL_ERROR_SIZE> words{};
  std::vector<std::string> traces;  ///< of the last login

  /// What one transfer came to; `reused` when it went over a connection that was open before.
  struct Outcome {
    SendResult result;
    SmtpDialogue::Stage stage = SmtpDialogue::Stage::connect;
    bool login_refused = false;
    bool reused = false;
  };

  explicit Session(SmtpSettings given) : settings(std::move(given)), handle(curl_easy_init()) {
    if (!handle) throw Error(ExitCode::software, "libcurl cannot be started");
  }

  template <typename Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle.get(), option, value);
    if (code != CURLE_OK) {
      throw Error(ExitCode::software,
                  fmt::format("libcurl does not take option {}: {}", static_cast<int>(option),
                              curl_easy_strerror(code)));
    }
  }

  /// Asked by libcurl about every second: whether to give up. The mail in hand gets its time.
  static int is_over(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    Session& session = *static_cast<Session*>(user);
    if (!session.settings.stop.stop_requested()) return 0;
    const auto now = std::chrono::steady_clock::now();
    if (!session.stop_seen) session.stop_seen = now;
    return now - *session.stop_seen >= session.settings.limits.last_words ? 1 : 0;
  }

  void set_connection() {
    const MailServer& server = settings.server;
    const char* scheme = server.tls == Tls::implicit ? "smtps" : "smtp";
    set(CURLOPT_URL, fmt::format("{}://{}", scheme, server.endpoint.str()).c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_USE_SSL,
        static_cast<long>(server.tls == Tls::off ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (server.ca_file) {
      set(CURLOPT_CAINFO, utf8_of(*server.ca_file).c_str());
      // Unknown, and not needed, where the system itself does TLS.
      curl_easy_setopt(handle.get(), CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    const SmtpLimits& limits = settings.limits;
    const auto answer = std::chrono::ceil<std::chrono::seconds>(limits.answer);
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits.connect));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(answer.count()));
    set(CURLOPT_TIMEOUT_MS, milliseconds(limits.mail));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, is_over);
    set(CURLOPT_XFERINFODATA, this);
  }

  /// Throws Error when there is no token or no safe way for it.
  void set_login(bool anew) {
    const MailServer& server = settings.server;
    if (server.oauth) {
      if (server.is_exposed()) {
        throw Error(ExitCode::config,
                    "an OAuth token is not sent without TLS; set smtpTls to starttls or implicit");
      }
      if (!settings.token) throw Error(ExitCode::config, "no OAuth token is set up for sending");
      set(CURLOPT_USERNAME, server.name.c_str());
      const std::string token = settings.token(anew);
      traces = traces_of_login(server.name, token);
      set(CURLOPT_XOAUTH2_BEARER, token.c_str());
      set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
    } else if (!server.name.empty()) {
      set(CURLOPT_USERNAME, server.name.c_str());
      traces = traces_of_login(server.name, settings.password.reveal());
      set(CURLOPT_PASSWORD, settings.password.reveal().c_str());
      set(CURLOPT_LOGIN_OPTIONS,
          server.is_exposed() ? "AUTH=CRAM-MD5;AUTH=DIGEST-MD5" : "AUTH=PLAIN;AUTH=LOGIN");
    }
  }

  void set_ears(Exchange& exchange) {
    set(CURLOPT_VERBOSE, 1L);
    set(CURLOPT_DEBUGFUNCTION, hear_command);
    set(CURLOPT_DEBUGDATA, &exchange);
    set(CURLOPT_HEADERFUNCTION, take_reply);
    set(CURLOPT_HEADERDATA, &exchange);
    set(CURLOPT_WRITEFUNCTION, drop);
    set(CURLOPT_ERRORBUFFER, words.data());
    words[0] = '\0';
  }

  [[nodiscard]] long number(CURLINFO info) const {
    long value = 0;
    curl_easy_getinfo(handle.get(), info, &value);
    return value;
  }

  Outcome perform(Exchange& exchange) {
    const CURLcode code = curl_easy_perform(handle.get());
    const std::string said = words[0] != '\0' ? words.data() : curl_easy_strerror(code);
    const long server_code = number(CURLINFO_RESPONSE_CODE);
    const std::string why = code == CURLE_ABORTED_BY_CALLBACK
                                ? "stopped on request; it is tried again"
                                : smtp_failure(settings.server, code, said, server_code);
    Outcome outcome;
    outcome.stage = exchange.dialogue.stage();
    outcome.reused = number(CURLINFO_NUM_CONNECTS) == 0;
    outcome.login_refused = code == CURLE_LOGIN_DENIED && server_code >= 300;
    outcome.result = exchange.dialogue.result(why);
    if (code == CURLE_OK && outcome.result.status != SendStatus::sent) outcome.result = {};
    // the connection outlives this exchange, and must not call back into it when it is closed
    curl_easy_reset(handle.get());
    set_connection();
    return outcome;
  }

  Outcome send(const OutgoingMail& mail, const std::string& text, bool anew) {
    const List receivers = list_of(mail);
    if (!receivers) throw Error(ExitCode::software, "out of memory for a mail's receivers");
    Exchange exchange{text, SmtpDialogue(mail.wait_for_all)};
    curl_easy_reset(handle.get());
    set_connection();
    set_login(anew);
    set_ears(exchange);
    set(CURLOPT_MAIL_FROM, mail.from.c_str());
    set(CURLOPT_MAIL_RCPT, receivers.get());
    set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, give_mail);
    set(CURLOPT_READDATA, &exchange);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(text.size()));
    return perform(exchange);
  }

  Outcome probe(bool anew) {
    Exchange exchange{{}, SmtpDialogue(true)};
    curl_easy_reset(handle.get());
    set_connection();
    set_login(anew);
    set_ears(exchange);
    set(CURLOPT_CUSTOMREQUEST, "NOOP");
    return perform(exchange);
  }

  /// A second try at once where it is safe and may help: with a new token, or over a new connection
  /// when the server has given up the old one between two mails. Once the whole mail was sent it is
  /// never tried again here: the server may have it.
  template <typename Attempt>
  SendResult with_second_try(Attempt attempt) {
    Outcome outcome = attempt(false);
    const bool lost = outcome.result.status == SendStatus::unavailable && outcome.reused &&
                      outcome.stage != SmtpDialogue::Stage::confirm;
    if (lost || (outcome.login_refused && settings.server.oauth)) {
      outcome = attempt(outcome.login_refused);
    }
    return std::move(outcome.result);
  }

  /// Puts the server's name in front of what went wrong, and makes a value of what was thrown.
  template <typename Work>
  SendResult at_server(Work work) {
    SendResult result;
    try {
      result = work();
    } catch (const Error& error) {
      result = {SendStatus::unavailable, error.what(), {}};
    }
    if (!result.error.empty()) {
      result.error = fmt::format("mail server {}: {}", settings.server.endpoint.str(),
                                 masked(std::move(result.error), traces));
    }
    for (RefusedRecipient& each : result.refused) each.words = masked(each.words, traces);
    return result;
  }
};

SmtpTransport::SmtpTransport(SmtpSettings settings)
    : session_(std::make_unique<Session>(std::move(settings))) {}
SmtpTransport::~SmtpTransport() = default;

SendResult SmtpTransport::send(const OutgoingMail& mail) {
  if (const auto fault = fault_of(mail)) return {SendStatus::refused, *fault, {}};
  const std::string text = compose_mail(mail);
  return session_->at_server([&] {
    return session_->with_second_try([&](bool anew) { return session_->send(mail, text, anew); });
  });
}

SendResult SmtpTransport::probe() {
  return session_->at_server(
      [&] { return session_->with_second_try([&](bool anew) { return session_->probe(anew); }); });
}

}  // namespace paymentctl
