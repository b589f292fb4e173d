#include "run/listing.hpp"

#include <chrono>

#include <fmt/format.h>

#include "model/names.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json absolute(const std::string& path, const std::filesystem::path& archive) {
  return path.empty() ? Json(nullptr) : Json(utf8_of(archive / path_from_utf8(path)));
}

}  // namespace

Json listed(const PaymentRow& row, const std::filesystem::path& archive) {
  Json json = to_json(row.payment);
  json.erase("type");
  json["source"]["path"] = absolute(row.payment.source.path, archive);
  json["payment_id"] = row.id;
  json["status"] = name_of(row.status);
  json["rule"] = row.rule ? Json(name_of(*row.rule)) : Json(nullptr);
  json["unallocated"] = row.unallocated.decimal();
  json["allocations"] = Json::array();
  for (const PostedAllocation& posted : row.allocations) {
    json["allocations"].push_back({{"document", to_json(posted.allocation.document)},
                                   {"amount", posted.allocation.amount.decimal()},
                                   {"document_status", name_of(posted.document_status)}});
  }
  json["candidates"] = Json::array();
  for (const DocumentRef& candidate : row.candidates) {
    json["candidates"].push_back(to_json(candidate));
  }
  json["why"] = or_null(row.why);
  json["duplicate_of"] = row.duplicate_of == 0 ? Json(nullptr) : Json(row.duplicate_of);
  json["duplicates"] = row.duplicates;
  json["reversal"] = row.payment.reversal;
  json["told_by"] = Json::array();
  if (row.told_by_notice) json["told_by"].push_back("notice");
  if (row.told_by_statement) json["told_by"].push_back("statement");
  return json;
}

Json listed(const MessageRow& row, const std::filesystem::path& archive) {
  return {{"id", row.id},
          {"message_id", or_null(row.message_id)},
          {"path", absolute(row.path, archive)},
          {"sha256", row.sha256},
          {"from", or_null(row.from)},
          {"subject", or_null(row.subject)},
          {"state", name_of(row.state)},
          {"format", or_null(row.format)},
          {"reason", or_null(row.reason)},
          {"payments", row.payments}};
}

Json listed(const std::vector<JournalEntry>& journal) {
  Json all = Json::array();
  for (const JournalEntry& entry : journal) {
    all.push_back({{"at", utc_text(entry.at)},
                   {"who", or_null(entry.who)},
                   {"what", or_null(entry.what)},
                   {"why", or_null(entry.why)}});
  }
  return all;
}

std::string utc_text(Timestamp moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(moment - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace paymentctl
