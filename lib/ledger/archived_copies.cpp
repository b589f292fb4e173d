#include "ledger/archived_copies.hpp"

#include <map>
#include <tuple>

#include "ledger/database.hpp"

namespace paymentctl {
namespace {

constexpr const char* in_the_archive =
    " AND pruned = 0 AND NOT EXISTS (SELECT 1 FROM raw_mail WHERE raw_mail.message_id = "
    "message.id)";

}  // namespace

std::vector<std::optional<ArchivedAt>> archived_copies(Ledger& ledger, BoxKey box,
                                                       const std::vector<MailIdentity>& mails) {
  Database& database = ledger.database();
  std::vector<std::string> digests;
  std::vector<std::string> ids;
  std::vector<std::string> bodies;
  for (const MailIdentity& mail : mails) {
    digests.push_back(mail.sha256);
    if (mail.message_id.empty()) continue;
    ids.push_back(mail.message_id);
    bodies.push_back(mail.body_digest);
  }
  std::map<std::string, std::string> by_bytes;
  for (auto& [digest, path] : database.rows_among<std::string, std::string>(
           std::string("SELECT sha256, path FROM message WHERE box_id = :box AND sha256 IN "
                       "{list}") +
               in_the_archive,
           {digests}, box.box)) {
    by_bytes.emplace(std::move(digest), std::move(path));
  }
  std::map<std::tuple<std::string, std::string>, ArchivedAt> by_body;
  for (auto& [id, body, digest, path] :
       database.rows_among<std::string, std::string, std::string, std::string>(
           std::string("SELECT message_id, body_digest, sha256, path FROM message WHERE box_id = "
                       ":box AND message_id IN {list} AND body_digest IN {list}") +
               in_the_archive,
           {ids, bodies}, box.box)) {
    by_body.emplace(std::tuple(std::move(id), std::move(body)),
                    ArchivedAt{std::move(path), std::move(digest)});
  }
  std::vector<std::optional<ArchivedAt>> copies;
  for (const MailIdentity& mail : mails) {
    auto& copy = copies.emplace_back();
    if (const auto same = by_bytes.find(mail.sha256); same != by_bytes.end()) {
      copy = ArchivedAt{same->second, mail.sha256};
    } else if (!mail.message_id.empty()) {
      const auto other = by_body.find({database.as_kept(mail.message_id), mail.body_digest});
      if (other != by_body.end()) copy = other->second;
    }
  }
  return copies;
}

}  // namespace paymentctl
