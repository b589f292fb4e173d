#include <array>
#include <charconv>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>

#include "fetch/curl_error.hpp"
#include "fetch/curl_stop.hpp"
#include "fetch/oauth.hpp"
#include "model/error.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_body = 1u << 20;
constexpr long longest_wait = 30;

struct Received {
  HttpReply reply;
  bool too_long = false;
};

size_t take_body(char* data, size_t size, size_t count, void* target) {
  auto& received = *static_cast<Received*>(target);
  if (received.reply.body.size() + size * count > longest_body) {
    received.too_long = true;
    return 0;
  }
  received.reply.body.append(data, size * count);
  return size * count;
}

size_t take_header(char* data, size_t size, size_t count, void* target) {
  static constexpr std::string_view name = "retry-after:";
  std::string_view line(data, size * count);
  if (line.size() <= name.size() || !curl_strnequal(line.data(), name.data(), name.size())) {
    return size * count;
  }
  line.remove_prefix(name.size());
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  int seconds = 0;
  const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), seconds);
  if (fault == std::errc() && seconds >= 0) {
    static_cast<Received*>(target)->reply.retry_after = std::chrono::seconds(seconds);
  }
  return size * count;
}

std::string host_of(const std::string& address) {
  const std::size_t from = address.find("://");
  if (from == std::string::npos) return address;
  return address.substr(from + 3, address.find_first_of("/?", from + 3) - from - 3);
}

HttpReply post(const std::string& address, const std::string& form,
               const std::optional<std::filesystem::path>& ca_file, std::stop_token stop) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                   &curl_easy_cleanup);
  if (!handle) throw Error(ExitCode::software, "libcurl does not start");
  CURL* const curl = handle.get();
  Received received;
  std::array<char, CURL_ERROR_SIZE> detail{};
  const auto set = [curl](CURLoption option, auto value) {
    if (curl_easy_setopt(curl, option, value) != CURLE_OK) {
      throw Error(ExitCode::software,
                  fmt::format("libcurl does not know option {}", static_cast<int>(option)));
    }
  };
  set(CURLOPT_URL, address.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
  set(CURLOPT_POSTFIELDS, form.data());
  set(CURLOPT_CONNECTTIMEOUT, longest_wait);
  set(CURLOPT_TIMEOUT, longest_wait);
  set(CURLOPT_ERRORBUFFER, detail.data());
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (ca_file) set(CURLOPT_CAINFO, utf8_of(*ca_file).c_str());
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, &received);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, &received);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &abort_when_stopped);
  set(CURLOPT_XFERINFODATA, &stop);
  const CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    throw Error(ExitCode::temporary,
                fmt::format("stopped on request while {} was asked", host_of(address)));
  }
  if (received.too_long) {
    throw Error(ExitCode::unavailable,
                fmt::format("{} answers with more than {} bytes; check the address",
                            host_of(address), longest_body));
  }
  if (code != CURLE_OK) {
    CurlFailure failure{static_cast<int>(code), detail.data(), 0};
    curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
    throw Error(ExitCode::unavailable, explain_connection(failure, host_of(address)));
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  received.reply.status = static_cast<int>(status);
  return std::move(received.reply);
}

}  // namespace

PostForm https_post(std::optional<std::filesystem::path> ca_file, std::stop_token stop) {
  return [ca = std::move(ca_file), stop](const std::string& address, const std::string& form) {
    return post(address, form, ca, stop);
  };
}

}  // namespace paymentctl
