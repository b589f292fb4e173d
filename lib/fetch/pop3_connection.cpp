#include "fetch/pop3_connection.hpp"

#include <algorithm>
#include <array>

#include <curl/curl.h>
#include <fmt/format.h>

#include "fetch/curl_error.hpp"
#include "fetch/curl_stop.hpp"
#include "model/error.hpp"
#include "model/masked.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "platform/socket.hpp"

namespace paymentctl {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char letter) {
    return static_cast<unsigned char>(letter) < ' ' || letter == 0x7f;
  });
}

/// Letters, digits and what names and addresses need; so nothing can slip into the URL.
bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_' ||
           letter == ':' || static_cast<unsigned char>(letter) >= 0x80;
  });
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

void demand_usable(const MailboxSettings& settings, bool with_token) {
  if (!is_host(settings.host) || settings.port < 1 || settings.port > 65535) {
    throw Error(ExitCode::config,
                fmt::format("pop3Url: \"{}:{}\" is no server", settings.host, settings.port));
  }
  if (settings.name.empty() || has_control(settings.name) || has_control(settings.password)) {
    throw Error(ExitCode::config,
                "pop3Name is empty, or it or pop3Password has a character that no login can have");
  }
  if (with_token && settings.tls == MailboxTls::off && !settings.loopback) {
    throw Error(ExitCode::config,
                "pop3OAuth with pop3Tls off: a token is never sent in clear text to another "
                "machine; choose implicit or starttls");
  }
}

std::string words_of(std::string_view line) {
  std::string text;
  for (const char letter : line.substr(0, 2000)) {
    if (letter >= ' ' && letter != 0x7f) text += letter;
  }
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

/// RFC 2449 and RFC 3206: codes of refusals that pass by themselves.
bool passes_by_itself(std::string_view refusal) {
  return refusal.starts_with("[IN-USE]") || refusal.starts_with("[SYS/TEMP]") ||
         refusal.starts_with("[LOGIN-DELAY]");
}

}  // namespace

struct Pop3Connection::State {
  CURL* handle = curl_easy_init();
  std::string server;
  std::string first;                ///< the server's first line while libcurl logs in
  std::string refusal;              ///< its last refusal: the reason stands in it
  std::vector<std::string> traces;  ///< of the login, for words of the server that repeat it
  std::stop_token stop;
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_socket_t socket = CURL_SOCKET_BAD;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  State() {
    if (handle == nullptr) throw Error(ExitCode::software, "libcurl does not start");
  }
  ~State() {
    // libcurl says QUIT when it lets go of a connection, even after an error.
    if (socket != CURL_SOCKET_BAD) shut_down(static_cast<Socket>(socket));
    curl_easy_cleanup(handle);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  template <typename Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(handle, option, value) != CURLE_OK) {
      throw Error(ExitCode::software,
                  fmt::format("libcurl does not know option {}", static_cast<int>(option)));
    }
  }

  void set_up(const MailboxSettings& settings, const std::string& token);
  static int listen(CURL* handle, curl_infotype type, char* data, size_t size, void* target);
  void connect();
  [[noreturn]] void fail(CURLcode code);
  [[nodiscard]] std::string quoted(const std::string& words) const;
  [[nodiscard]] std::string why_no_line(CURLcode code);
};

void Pop3Connection::State::set_up(const MailboxSettings& settings, const std::string& token) {
  const bool implicit = settings.tls == MailboxTls::implicit;
  server = fmt::format("{}:{}", bracketed(settings.host), settings.port);
  set(CURLOPT_URL, fmt::format("{}://{}/", implicit ? "pop3s" : "pop3", server).c_str());
  set(CURLOPT_CONNECT_ONLY, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_ERRORBUFFER, detail.data());
  set(CURLOPT_VERBOSE, 1L);
  set(CURLOPT_DEBUGFUNCTION, &listen);
  set(CURLOPT_DEBUGDATA, this);
  const long connect_time = static_cast<long>(settings.connect_time.count());
  set(CURLOPT_CONNECTTIMEOUT, connect_time);
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, connect_time);
  stop = settings.stop;
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &abort_when_stopped);
  set(CURLOPT_XFERINFODATA, &stop);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_USE_SSL,
      static_cast<long>(settings.tls == MailboxTls::off ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (settings.ca_file) {
    set(CURLOPT_CAINFO, utf8_of(*settings.ca_file).c_str());
    // Unknown, and not needed, where the system itself does TLS.
    curl_easy_setopt(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(CURLOPT_USERNAME, settings.name.c_str());
  traces = traces_of_login(settings.name, token.empty() ? settings.password : token);
  set(CURLOPT_SASL_IR, 1L);
  if (token.empty()) {
    set(CURLOPT_PASSWORD, settings.password.c_str());
  } else {
    set(CURLOPT_XOAUTH2_BEARER, token.c_str());
    set(CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
  }
}

int Pop3Connection::State::listen(CURL* /*handle*/, curl_infotype type, char* data, size_t size,
                                  void* target) {
  if (type != CURLINFO_HEADER_IN) return 0;
  const std::string_view line(data, size);
  auto& state = *static_cast<State*>(target);
  if (state.first.empty()) state.first = words_of(line);
  if (line.starts_with("-ERR")) state.refusal = words_of(line.substr(4));
  return 0;
}

void Pop3Connection::State::connect() {
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) fail(code);
  curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket);
  if (socket == CURL_SOCKET_BAD) fail(CURLE_RECV_ERROR);
  set(CURLOPT_VERBOSE, 0L);
}

void Pop3Connection::State::fail(CURLcode code) {
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    throw Error(ExitCode::temporary,
                fmt::format("stopped on request before {} let us in; nothing was read", server));
  }
  if (code == CURLE_LOGIN_DENIED || code == CURLE_AUTH_ERROR || code == CURLE_QUOTE_ERROR) {
    const std::string said = refusal.empty() ? "" : fmt::format(" ({})", quoted(refusal));
    if (passes_by_itself(refusal)) {
      throw Error(ExitCode::temporary,
                  fmt::format("{} does not open the mailbox now{}; run again later", server, said));
    }
    throw Error(
        ExitCode::permission,
        fmt::format("{} refuses the login{}; check pop3Name and pop3Password, or with OAuth2 the "
                    "permission of the application to this mailbox",
                    server, said));
  }
  throw Error(code == CURLE_SSL_CACERT_BADFILE ? ExitCode::config : ExitCode::unavailable,
              why_no_line(code));
}

std::string Pop3Connection::State::quoted(const std::string& words) const {
  return fmt::format("\"{}\"", masked(words, traces).substr(0, 200));
}

/// RFC 1939 begins with the server's "+OK"; libcurl goes on waiting for it whatever else is said.
std::string Pop3Connection::State::why_no_line(CURLcode code) {
  if (!first.empty() && !first.starts_with('+') && !first.starts_with("-ERR")) {
    return fmt::format(
        "{} is no POP3 server: it begins with {}; check server and port of pop3Url (POP3 has 110 "
        "or 995, as a rule; 25, 465 and 587 are SMTP's, 143 and 993 IMAP's)",
        server, quoted(first));
  }
  double connected = 0;
  curl_easy_getinfo(handle, CURLINFO_CONNECT_TIME, &connected);
  if (code == CURLE_OPERATION_TIMEDOUT && first.empty() && connected > 0) {
    return fmt::format(
        "{} takes the connection, then is silent and does not answer in time; check whether its "
        "port is one for POP3 (pop3Url), and whether it expects TLS from the start (pop3Tls)",
        server);
  }
  CurlFailure failure{static_cast<int>(code), detail.data(), 0};
  curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
  std::string why = masked(explain_connection(failure, server), traces);
  if (code == CURLE_SSL_CONNECT_ERROR) why += ", else set pop3Tls to starttls";
  return why;
}

Pop3Connection::Pop3Connection(const MailboxSettings& settings, const std::string& token) {
  demand_usable(settings, !token.empty());
  state_ = std::make_unique<State>();
  state_->set_up(settings, token);
  state_->connect();
}

Pop3Connection::~Pop3Connection() = default;

const std::vector<std::string>& Pop3Connection::traces() const { return state_->traces; }

std::size_t Pop3Connection::send(std::string_view bytes) {
  std::size_t sent = 0;
  const CURLcode code = curl_easy_send(state_->handle, bytes.data(), bytes.size(), &sent);
  if (code != CURLE_OK && code != CURLE_AGAIN) state_->fail(code);
  return sent;
}

std::optional<std::size_t> Pop3Connection::receive(char* buffer, std::size_t size) {
  std::size_t got = 0;
  const CURLcode code = curl_easy_recv(state_->handle, buffer, size, &got);
  if (code == CURLE_AGAIN) return std::nullopt;
  if (code != CURLE_OK) state_->fail(code);
  if (got == 0) {
    throw Error(ExitCode::unavailable,
                fmt::format("{} closed the connection in the middle; nothing is lost, run again "
                            "later",
                            state_->server));
  }
  return got;
}

void Pop3Connection::wait(bool to_send, std::chrono::milliseconds longest) {
  wait_for(static_cast<Socket>(state_->socket), to_send, longest);
}

std::chrono::milliseconds Pop3Connection::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               state_->start);
}

}  // namespace paymentctl
