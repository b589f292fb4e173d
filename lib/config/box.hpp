#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/secret.hpp"
#include "model/amount.hpp"
#include "model/language.hpp"
#include "model/own_account.hpp"

namespace paymentctl {

/// The technology pause, in minutes after midnight of local time, 0 to 1439. It ends before `to`;
/// `to` before `from` means over midnight, equal ones mean no pause.
struct Pause {
  int from = 0;
  int to = 0;

  /// Whether a time of day, in minutes after midnight, lies in it.
  [[nodiscard]] bool holds(int minute) const {
    return from <= to ? from <= minute && minute < to : minute >= from || minute < to;
  }
};

/// A server as the configuration names it.
struct Endpoint {
  std::string host;  ///< name, IPv4, or IPv6 without brackets; lower case
  int port = 0;      ///< 1 to 65535
  bool port_given = false;

  /// localhost, 127.0.0.0/8 or ::1: this machine.
  [[nodiscard]] bool is_loopback() const;
  /// "host:port", IPv6 in brackets.
  [[nodiscard]] std::string str() const;
};

enum class Tls { implicit, starttls, off };

/// A mailbox (POP3) or a way out (SMTP), defaults already resolved.
struct MailServer {
  Endpoint endpoint;
  Tls tls = Tls::implicit;
  std::optional<std::filesystem::path> ca_file;  ///< absolute; absent means the system's
  std::string name;                              ///< login; empty means none
  std::optional<SecretSource> password;
  bool oauth = false;  ///< XOAUTH2 with a token from MicrosoftOAuth.json

  /// Clear text to another machine, which every run warns about.
  [[nodiscard]] bool is_exposed() const { return tls == Tls::off && !endpoint.is_loopback(); }
};

/// Sender and receivers of mails that we send; addresses only, as written.
struct MailRoute {
  std::string from;
  std::vector<std::string> to;
  std::vector<std::string> cc;
};

/// What must prove the sender of a fetched mail, from nothing to everything.
enum class Authentication { off, weak, strong };

/// Of `requireAuthentication`: an absent general value leaves the decision to the bank's format
/// file (weak where the bank signs, off elsewhere).
struct AuthenticationRule {
  std::optional<Authentication> general;
  std::map<std::string, Authentication> by_bank;  ///< by id of the bank's format file
};

/// A key that stands in the file with a value that is not empty.
struct BoxSetting {
  std::string name;
  int line = 0;
};

/// One technology mailbox and its settings: box.xml, checked, with every default in place and every
/// path absolute. Keys and meanings are those of the interface.
struct Box {
  std::filesystem::path file;  ///< absolute
  std::filesystem::path root_path;
  std::string company = "default";
  std::string name;  ///< of this box in ledger, log and status
  std::optional<Pause> pause;

  std::optional<MailServer> pop3;
  std::optional<MailServer> smtp;
  std::chrono::seconds server_timeout{60};  ///< so long a mail server may be silent
  MailRoute errors;
  MailRoute notifications;

  std::optional<std::filesystem::path> eml_dir;
  std::filesystem::path archive_dir;
  std::string ledger;  ///< absolute path of a SQLite file in UTF-8, or a URL
  std::optional<SecretSource> ledger_password;  ///< of a ledger on a server
  std::uint64_t max_mail_size = 25u << 20;      ///< bytes
  int poll_minutes = 10;
  Language language = Language::cs;

  std::vector<OwnAccount> own_accounts;
  bool only_own_accounts = false;
  std::optional<std::string> own_party;  ///< our IČO, eight digits
  Amount amount_tolerance;               ///< not negative

  std::optional<std::filesystem::path> formats_dir;
  std::optional<std::string> trusted_authserv;
  std::vector<std::string> trusted_forwarders;  ///< addresses, lower case
  AuthenticationRule require_authentication;
  std::optional<Endpoint> dns_server;  ///< asked for the banks' keys; an IPv4 address

  std::vector<BoxSetting> keys;       ///< in the order of the file
  std::vector<std::string> warnings;  ///< unknown keys and the like, one sentence each

  /// `Config/MicrosoftOAuth.json` below root_path, whether it exists or not.
  [[nodiscard]] std::filesystem::path oauth_file() const;
  /// Whether `ledger` is a URL of a database server instead of a file.
  [[nodiscard]] bool ledger_is_url() const;
};

/// The settings in `xml`, read as if they stood in `file` (absolute), of which only the name is
/// used. Error(config) names file, line, key, value and what is wanted: not XML, over 1 MB, a
/// DOCTYPE, a key twice, a value that does not fit, a key that looks like a typing error of a known
/// one.
Box box_from_xml(std::string_view xml, const std::filesystem::path& file);

/// Reads and checks the file. A missing one is Error(no_input), an unreadable one Error(io).
Box read_box(const std::filesystem::path& file);

/// All `*.xml` of the folder, sorted by name. A folder without any is Error(config), a missing one
/// Error(no_input).
std::vector<std::filesystem::path> box_files(const std::filesystem::path& folder);

/// Two boxes of one name, company and ledger would take each other's mails, and so would two of one
/// name and archive: Error(config).
void check_distinct(const std::vector<Box>& boxes);

}  // namespace paymentctl
