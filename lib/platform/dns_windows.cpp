#ifdef _WIN32
#include <utility>

#include <windows.h>
#include <winsock2.h>
// windns.h and ws2tcpip.h need the two before them
#include <windns.h>
#include <ws2tcpip.h>

#include "model/error.hpp"
#include "platform/dns_question.hpp"

namespace paymentctl {
namespace {

constexpr int most_records = 100;

struct Records {
  PDNS_RECORD first = nullptr;
  Records() = default;
  ~Records() {
    if (first != nullptr) ::DnsRecordListFree(first, DnsFreeRecordList);
  }
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;
};

TxtAnswer read_records(const DNS_RECORDA* record) {
  TxtAnswer answer{TxtAnswer::Status::missing, {}, {}};
  for (int i = 0; record != nullptr && i < most_records; ++i, record = record->pNext) {
    if (record->wType != DNS_TYPE_TEXT || record->Flags.S.Section != DnsSectionAnswer) continue;
    std::string text;
    for (DWORD part = 0; part < record->Data.TXT.dwStringCount; ++part) {
      text += record->Data.TXT.pStringArray[part];
    }
    answer.texts.push_back(std::move(text));
    answer.status = TxtAnswer::Status::found;
  }
  return answer;
}

}  // namespace

TxtAnswer ask_system(const std::optional<DnsServer>& server, const std::string& name) {
  IP4_ARRAY servers{};
  if (server) {
    IN_ADDR address{};
    if (::inet_pton(AF_INET, server->address.c_str(), &address) != 1) {
      throw Error(ExitCode::config, "dnsServer " + server->address + " is no IPv4 address");
    }
    servers.AddrCount = 1;
    servers.AddrArray[0] = address.S_un.S_addr;
  }
  Records records;
  const DNS_STATUS status = ::DnsQuery_A(name.c_str(), DNS_TYPE_TEXT, DNS_QUERY_BYPASS_CACHE,
                                         server ? &servers : nullptr, &records.first, nullptr);
  if (status == DNS_ERROR_RCODE_NAME_ERROR || status == DNS_INFO_NO_RECORDS) {
    return {TxtAnswer::Status::missing, {}, {}};
  }
  if (status != 0) {
    return {TxtAnswer::Status::failed,
            {},
            "the DNS server does not answer or fails (" + std::to_string(status) + ")"};
  }
  return read_records(reinterpret_cast<const DNS_RECORDA*>(records.first));
}

}  // namespace paymentctl
#endif
