#ifndef _WIN32
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include "model/error.hpp"
#include "platform/dns_question.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t largest_answer = 65'535;
constexpr int most_records = 100;

/// The strings of a TXT record, each behind a byte with its length, put together.
std::string text_of(const unsigned char* data, std::size_t size) {
  std::string text;
  for (std::size_t at = 0; at < size;) {
    const std::size_t length = data[at++];
    if (length > size - at) break;
    text.append(reinterpret_cast<const char*>(data) + at, length);
    at += length;
  }
  return text;
}

TxtAnswer read_answer(const unsigned char* bytes, int size) {
  ns_msg message;
  if (ns_initparse(bytes, size, &message) != 0) {
    return {TxtAnswer::Status::failed, {}, "the answer of the DNS server is damaged"};
  }
  TxtAnswer answer{TxtAnswer::Status::missing, {}, {}};
  const int count = ns_msg_count(message, ns_s_an);
  for (int i = 0; i < count && i < most_records; ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    if (ns_rr_type(record) != ns_t_txt) continue;
    answer.texts.push_back(text_of(ns_rr_rdata(record), ns_rr_rdlen(record)));
    answer.status = TxtAnswer::Status::found;
  }
  return answer;
}

TxtAnswer explain(int error) {
  switch (error) {
    case HOST_NOT_FOUND:
    case NO_DATA:
      return {TxtAnswer::Status::missing, {}, {}};
    case TRY_AGAIN:
      return {TxtAnswer::Status::failed, {}, "no DNS server answers"};
    default:
      return {TxtAnswer::Status::failed, {}, "the DNS server refuses or fails"};
  }
}

/// The state of the system's resolver for one question: it may not be shared between threads.
class Question {
 public:
  explicit Question(const std::optional<DnsServer>& server) {
    std::memset(&state_, 0, sizeof state_);
    is_open_ = res_ninit(&state_) == 0;
    if (!is_open_) return;
    constexpr int seconds = 3;
    state_.retrans = seconds;
    state_.retry = 2;
    if (!server) return;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server->port));
    if (inet_pton(AF_INET, server->address.c_str(), &address.sin_addr) != 1) {
      throw Error(ExitCode::config, "dnsServer " + server->address + " is no IPv4 address");
    }
    state_.nscount = 1;
    state_.nsaddr_list[0] = address;
  }
  ~Question() {
    if (is_open_) res_nclose(&state_);
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  TxtAnswer ask(const std::string& name) {
    if (!is_open_) return {TxtAnswer::Status::failed, {}, "the system has no resolver"};
    std::vector<unsigned char> bytes(largest_answer);
    const int size = res_nquery(&state_, name.c_str(), ns_c_in, ns_t_txt, bytes.data(),
                                static_cast<int>(bytes.size()));
    if (size < 0) return explain(state_.res_h_errno);
    return read_answer(bytes.data(), std::min(size, static_cast<int>(bytes.size())));
  }

 private:
  struct __res_state state_;
  bool is_open_ = false;
};

}  // namespace

TxtAnswer ask_system(const std::optional<DnsServer>& server, const std::string& name) {
  return Question(server).ask(name);
}

}  // namespace paymentctl
#endif
