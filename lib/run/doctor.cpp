#include "run/doctor.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "config/oauth_file.hpp"
#include "config/values.hpp"
#include "fetch/oauth.hpp"
#include "ledger/server_url.hpp"
#include "model/ascii.hpp"
#include "model/bank_codes.hpp"
#include "model/error.hpp"
#include "notify/compose.hpp"
#include "platform/access.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"
#include "run/box_ledger.hpp"
#include "run/box_session.hpp"
#include "run/proof_policy.hpp"

namespace paymentctl {
namespace {

/// 10.00 in the payment's currency. What is above is no matter of rounding.
constexpr std::int64_t most_usual_tolerance = 1000;

/// What was found so far.
class Findings {
 public:
  void ok(std::string subject, std::string what) {
    all.push_back({Verdict::ok, std::move(subject), std::move(what), {}});
  }
  void note(std::string subject, std::string what, std::string advice = {}) {
    all.push_back({Verdict::note, std::move(subject), std::move(what), std::move(advice)});
  }
  void warn(std::string subject, std::string what, std::string advice) {
    all.push_back({Verdict::warning, std::move(subject), std::move(what), std::move(advice)});
  }
  void problem(std::string subject, std::string what, std::string advice = {}) {
    all.push_back({Verdict::problem, std::move(subject), std::move(what), std::move(advice)});
  }
  std::vector<Finding> all;
};

bool is_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

/// A mistyped code lets a payment of ours look like somebody else's.
void examine_bank_code(const AccountNumber& account, Findings& found) {
  if (account.is_iban()) return;
  const std::string code(account.bank_code());
  const auto bank = bank_of_code(code);
  if (!bank) {
    found.warn("ownAccounts", fmt::format("{}: no Czech bank has the code {}", account.str(), code),
               "correct the code; an account abroad is written as its IBAN");
  } else if (bank->historic) {
    found.note("ownAccounts",
               fmt::format("{}: the code of {} is no longer in use", account.str(), bank->name),
               "keep it for old mails, and add the account's new number");
  }
}

/// `what_else`: " and the password in it", or nothing.
void warn_of_readers(const char* subject, const std::filesystem::path& path, const char* what_else,
                     Findings& found) {
  if (!others_may_read(path)) return;
  found.warn(subject,
             fmt::format("other users of this machine can read {}{}", display(path), what_else),
             "take that right from them: " + advice_against_readers(path));
}

void examine_settings(const Box& box, Findings& found) {
  found.ok("settings", fmt::format("{} sets {} key{}", display(box.file), box.keys.size(),
                                   box.keys.size() == 1 ? "" : "s"));
  for (const std::string& warning : box.warnings) {
    found.warn("settings", warning, "remove it, or correct its name");
  }
  if (!box.pop3 && !box.eml_dir) {
    found.problem("settings", "neither pop3Url nor emlDir is set, so there are no mails to read",
                  "set one of them");
  }
  if (box.pop3 && box.pop3->is_exposed()) {
    found.warn("pop3Tls", "login and mails cross the network in clear text",
               "remove pop3Tls, or set it to starttls or implicit");
  }
  if (box.smtp && box.smtp->is_exposed()) {
    found.warn("smtpTls", "mails, and a login if there is one, cross the network in clear text",
               "remove smtpTls, or set it to starttls or implicit");
  }
  if (box.notifications.from.empty() || box.notifications.to.empty()) {
    found.warn("infoTo", "without infoFrom and infoTo nobody is told about payments",
               "set both, or look yourself with: paymentctl payments list");
  }
  if (box.amount_tolerance.minor() > most_usual_tolerance) {
    found.warn("amountTolerance",
               fmt::format("a document still counts as fully paid when {} is missing",
                           box.amount_tolerance.decimal()),
               "set it to what rounding can differ by, such as 1.00");
  }
  if (box.own_accounts.empty()) {
    found.note("ownAccounts", "no own accounts are given",
               "set them when a bank's wording leaves the direction of a payment open");
  }
  for (const OwnAccount& own : box.own_accounts) examine_bank_code(own.account, found);
}

/// Which banks' mails are believed without a proof, and what is set that proves nothing.
void examine_proof(const Box& box, Findings& found) {
  if (!box.pop3) return;
  try {
    const Catalog catalog = catalog_of(box);
    check_rule(box.require_authentication, catalog);
    std::string unproven;
    for (const BankFacts& bank : catalog.banks()) {
      if (required_of(box.require_authentication, bank) != Authentication::off) continue;
      unproven += (unproven.empty() ? "" : ", ") + bank.id;
    }
    if (unproven.empty()) {
      found.ok("requireAuthentication", "mails of every bank have to prove their sender");
      return;
    }
    found.warn("requireAuthentication",
               fmt::format("anybody who knows the mailbox's address can write in the name of: {}",
                           unproven),
               "find out with paymentctl mail-auth what your banks sign, and set "
               "requireAuthentication=weak with exceptions for those that sign nothing");
  } catch (const Error& error) {
    found.problem("requireAuthentication", error.what());
  }
}

void examine_folders(const Box& box, Findings& found) {
  if (box.eml_dir) {
    if (!is_folder(*box.eml_dir)) {
      found.problem("emlDir", fmt::format("{} is no folder that is there", display(*box.eml_dir)),
                    "create it, or correct the key");
    } else if (!may_write_in(*box.eml_dir)) {
      found.problem("emlDir",
                    fmt::format("{} may not be written, so mails cannot be removed after they are "
                                "archived",
                                display(*box.eml_dir)),
                    "give this user the right to write there");
    } else {
      found.ok("emlDir", fmt::format("{} can be read and cleared", display(*box.eml_dir)));
    }
  }
  const auto archive = nearest_folder(box.archive_dir);
  if (!is_folder(archive) || !may_write_in(archive)) {
    found.problem("archiveDir", fmt::format("{} cannot be written", display(archive)),
                  "give this user the right to write there, or name another folder");
  } else if (archive != box.archive_dir) {
    found.ok("archiveDir", fmt::format("{} will be created", display(box.archive_dir)));
  } else {
    found.ok("archiveDir", fmt::format("{} can be written", display(box.archive_dir)));
    warn_of_readers("archiveDir", box.archive_dir, " and the mails in it", found);
  }
  if (box.formats_dir && !is_folder(*box.formats_dir)) {
    found.problem("formatsDir",
                  fmt::format("{} is no folder that is there", display(*box.formats_dir)),
                  "create it, or remove the key");
  } else if (box.formats_dir) {
    const auto names = list_folder(*box.formats_dir);
    const auto count = std::count_if(names.begin(), names.end(), [](const std::string& name) {
      return ascii::ends_with(name, ".xml");
    });
    found.ok("formatsDir", fmt::format("{} format files", count));
  }
}

void examine_secret(const char* key, const std::optional<SecretSource>& source,
                    SecretStore& secrets, Findings& found) {
  try {
    if (!find_secret(key, source, secrets)) return;
  } catch (const Error& error) {
    found.problem(key, error.what());
    return;
  }
  if (source && source->kind == SecretSource::Kind::clear) {
    found.warn(key, "the secret stands in clear text in the settings",
               "use env:NAME, file:PATH or command:PROGRAM ARGS");
  } else if (source && source->kind == SecretSource::Kind::file &&
             others_may_read(path_from_utf8(source->where))) {
    warn_of_readers(key, path_from_utf8(source->where), "", found);
  } else {
    found.ok(key, "the secret can be read");
  }
}

void examine_server_ledger(const Box& box, SecretStore& secrets, Findings& found) {
  if (box.ledger_password) examine_secret("ledgerPassword", box.ledger_password, secrets, found);
  if (url_without_password(box.ledger) != box.ledger) {
    found.warn("ledger", "the password stands in clear text in the URL",
               "move it to ledgerPassword as env:NAME, file:PATH or command:PROGRAM ARGS");
  }
}

void examine_ledger(const Box& box, SecretStore& secrets, Findings& found) {
  const auto file = path_from_utf8(box.ledger);
  if (!box.ledger_is_url() && !is_there(file)) {
    const auto folder = file.parent_path();
    if (is_folder(folder) && may_write_in(folder)) {
      found.note("ledger", fmt::format("{} is not there yet", display(file)),
                 "the first run creates it, or: paymentctl init");
    } else {
      found.problem("ledger", fmt::format("{} cannot be created", display(file)),
                    "create its folder and give this user the right to write there");
    }
    return;
  }
  try {
    const BoxLedger opened = open_ledger(box, LedgerAccess::read_only);
    found.ok("ledger", fmt::format("{} opens, its schema is of version {}",
                                   opened.ledger.location(), newest_schema_version()));
  } catch (const Error& error) {
    found.problem("ledger", error.what());
    return;
  }
  if (box.ledger_is_url()) return examine_server_ledger(box, secrets, found);
  warn_of_readers("ledger", file, "", found);
}

void examine_login(const char* password_key, const char* name_key, const MailServer& server,
                   bool needed, SecretStore& secrets, Findings& found) {
  if (needed && server.name.empty()) {
    found.problem(name_key, "there is no login name", fmt::format("set {}", name_key));
  }
  if (server.oauth) return;
  examine_secret(password_key, server.password, secrets, found);
  if (needed && !server.password && !secrets.credential(password_key)) {
    found.problem(password_key, "there is no password",
                  fmt::format("set {}, or use OAuth2", password_key));
  }
}

void examine_secrets(const Box& box, SecretStore& secrets, Findings& found) {
  if (box.pop3) examine_login("pop3Password", "pop3Name", *box.pop3, true, secrets, found);
  if (box.smtp) {
    const bool needed = box.smtp->oauth || !box.smtp->name.empty();
    examine_login("smtpPassword", "smtpName", *box.smtp, needed, secrets, found);
  }
  if ((box.pop3 && box.pop3->oauth) || (box.smtp && box.smtp->oauth)) {
    try {
      const OAuthFile file = read_oauth_file(box.oauth_file());
      found.ok("MicrosoftOAuth.json", fmt::format("{} is complete", display(box.oauth_file())));
      examine_secret("client_secret", file.client_secret, secrets, found);
      if (file.client_secret.kind == SecretSource::Kind::clear) {
        warn_of_readers("MicrosoftOAuth.json", box.oauth_file(), " and the secret in it", found);
      }
    } catch (const Error& error) {
      found.problem("MicrosoftOAuth.json", error.what());
    }
  }
  const auto in_clear = [](const std::optional<MailServer>& server) {
    return server && server->password && server->password->kind == SecretSource::Kind::clear;
  };
  const bool has_password = in_clear(box.pop3) || in_clear(box.smtp);
  warn_of_readers("settings", box.file, has_password ? " and the password in it" : "", found);
}

/// A token tells which permissions the administrator has granted.
void examine_token(const MailAccess& access, Findings& found) {
  const Box& box = access.box;
  const bool pop3 = box.pop3 && box.pop3->oauth;
  const bool smtp = box.smtp && box.smtp->oauth;
  if (!pop3 && !smtp) return;
  try {
    const auto roles = token_roles(token_source_of(access)(true));
    found.ok("token", "the token server gives a token");
    const auto wants = [&](const char* role) {
      if (std::find(roles.begin(), roles.end(), role) != roles.end()) return;
      found.problem("token", fmt::format("it does not carry the permission {}", role),
                    "add it to the application in Entra ID (API permissions, Office 365 Exchange "
                    "Online, application permissions) and grant admin consent");
    };
    if (pop3) wants("POP.AccessAsApp");
    if (smtp) wants("SMTP.SendAsApp");
  } catch (const Error& error) {
    found.problem("token", error.what());
  }
}

/// A login that cannot succeed is not tried: a server may lock the mailbox after some.
bool may_log_in(const char* password_key, const MailServer& server, const MailAccess& access,
                const Findings& found) {
  if (server.name.empty()) return false;
  if (!server.oauth) return server.password || access.secrets.credential(password_key);
  return std::any_of(found.all.begin(), found.all.end(), [](const Finding& finding) {
    return finding.subject == "token" && finding.verdict == Verdict::ok;
  });
}

void examine_mailbox(const MailAccess& access, Findings& found) {
  if (!access.box.pop3 || !may_log_in("pop3Password", *access.box.pop3, access, found)) return;
  const std::string server = access.box.pop3->endpoint.str();
  try {
    const std::uint64_t mails = count_mailbox(mailbox_settings_of(access));
    found.ok("mailbox",
             fmt::format("{} lets {} in; {} mails wait", server, access.box.pop3->name, mails));
  } catch (const Error& error) {
    found.problem("mailbox", error.what());
  }
}

void examine_way_out(const MailAccess& access, bool send_test, Findings& found) {
  const Box& box = access.box;
  if (!box.smtp) {
    found.note("smtpServer", "it is not set, so notifications stay in the outbox");
    return;
  }
  try {
    SmtpTransport transport(smtp_settings_of(access));
    SendResult result = transport.probe();
    if (result.status != SendStatus::sent) {
      found.problem("smtpServer", result.error);
      return;
    }
    found.ok("smtpServer", fmt::format("{} lets us in", box.smtp->endpoint.str()));
    if (!send_test) return;
    const MailRoute& route = box.notifications;
    if (route.from.empty() || route.to.empty()) {
      found.problem("send-test", "without infoFrom and infoTo there is nobody to write to",
                    "set both");
      return;
    }
    result = transport.send({route.from, route.to, route.cc, "paymentctl: test",
                             "This mail was sent by: paymentctl doctor --send-test\n",
                             new_message_id(route.from), access.clock.now()});
    if (result.status == SendStatus::sent && result.error.empty()) {
      found.ok("send-test", "a test mail was sent to infoTo");
    } else {
      found.problem("send-test", result.error);
    }
  } catch (const Error& error) {
    found.problem("smtpServer", error.what());
  }
}

}  // namespace

std::vector<Finding> examine_servers(const MailAccess& access, bool send_test) {
  Findings found;
  examine_token(access, found);
  examine_mailbox(access, found);
  examine_way_out(access, send_test, found);
  return std::move(found.all);
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::note:
      return "note";
    case Verdict::warning:
      return "warning";
    case Verdict::problem:
      return "problem";
  }
  throw Error(ExitCode::software, "a verdict without a name");
}

Json to_json(const Finding& finding) {
  return {{"verdict", name_of(finding.verdict)},
          {"subject", finding.subject},
          {"what", finding.what},
          {"advice", finding.advice.empty() ? Json(nullptr) : Json(finding.advice)}};
}

std::vector<Finding> examine_box(const Box& box, SecretStore& secrets) {
  Findings found;
  examine_settings(box, found);
  examine_folders(box, found);
  examine_ledger(box, secrets, found);
  examine_secrets(box, secrets, found);
  examine_proof(box, found);
  return std::move(found.all);
}

}  // namespace paymentctl
