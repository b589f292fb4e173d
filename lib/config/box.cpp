#include "config/box.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "config/keys.hpp"
#include "config/paths.hpp"
#include "config/settings.hpp"
#include "config/values.hpp"
#include "model/ascii.hpp"
#include "model/error.hpp"
#include "model/visible.hpp"
#include "platform/files.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::uint64_t largest_box_file =
    2'000'000;  // the reader of the XML says what is too large

/// What the file has set, asked by key.
class Reader {
 public:
  Reader(const Settings& settings, std::filesystem::path folder)
      : settings_(settings), folder_(std::move(folder)) {}

  /// The value without blanks around it; nullptr where the key is absent or empty.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view key) const {
    const Setting* setting = find(key);
    if (setting == nullptr || ascii::trim(setting->value).empty()) return std::nullopt;
    return ascii::trim(setting->value);
  }

  /// The value that `parse` makes of the text; what it refuses is an error that says `wanted`.
  template <typename Parse>
  auto value(std::string_view key, std::string_view wanted, Parse&& parse) const
      -> decltype(parse(std::string_view())) {
    const auto given = text(key);
    if (!given) return std::nullopt;
    auto parsed = parse(*given);
    if (!parsed) refuse(key, wanted);
    return parsed;
  }

  [[noreturn]] void refuse(std::string_view key, std::string_view wanted) const {
    const Setting* setting = find(key);
    if (setting == nullptr) {
      throw Error(ExitCode::config, fmt::format("{} is missing, wanted {}", key, wanted));
    }
    std::string shown = visible(setting->value);
    if (key.ends_with("Password")) shown = "…";
    // Of a URL, what may be a password.
    if (const auto user = shown.find("://"); user != shown.npos) {
      if (const auto end = shown.rfind('@'); end != shown.npos && end > user) {
        shown.replace(user + 3, end - user - 3, "…");
      }
      if (const auto more = shown.find('?'); more != shown.npos)
        shown.replace(more + 1, shown.npos, "…");
    }
    if (shown.size() > 200) shown = visible(shown.substr(0, 197)) + "…";
    throw Error(ExitCode::config,
                fmt::format("line {}: {} is \"{}\", wanted {}", setting->line, key, shown, wanted));
  }

  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const {
    return value(key, "true or false", boolean_from);
  }

  [[nodiscard]] std::optional<std::filesystem::path> path(std::string_view key) const {
    return value(key, "a path of this system, absolute or relative to the file's folder",
                 [this](std::string_view given) { return path_from_setting(given, folder_); });
  }

  [[nodiscard]] std::optional<std::string> name(std::string_view key) const {
    return value(key,
                 fmt::format("a name of at most {} bytes without control characters", longest_name),
                 [](std::string_view given) -> std::optional<std::string> {
                   if (given.size() > longest_name || visible(given) != given) return std::nullopt;
                   return std::string(given);
                 });
  }

  [[nodiscard]] std::optional<SecretSource> secret(std::string_view key) const {
    const Setting* setting = find(key);
    if (setting == nullptr || setting->value.empty()) return std::nullopt;
    auto source = secret_from(key, setting->value, folder_);
    if (!source) refuse(key, "the secret itself, env:NAME, file:PATH or command:PROGRAM ARGS");
    return source;
  }

  [[nodiscard]] std::vector<std::string> addresses(std::string_view key) const {
    std::vector<std::string> all;
    for (const std::string_view address : list_from(text(key).value_or(""), true)) {
      if (!is_mail_address(address)) {
        refuse(key, "mail addresses such as finance@firma.cz, apart by comma or semicolon");
      }
      all.emplace_back(address);
    }
    return all;
  }

  [[nodiscard]] std::string address(std::string_view key) const {
    const auto all = addresses(key);
    if (all.size() > 1) refuse(key, "one mail address");
    return all.empty() ? std::string() : all.front();
  }

 private:
  [[nodiscard]] const Setting* find(std::string_view key) const {
    for (const Setting& setting : settings_.all) {
      if (setting.key == key) return &setting;
    }
    return nullptr;
  }

  const Settings& settings_;
  std::filesystem::path folder_;
};

std::optional<Tls> tls_from(std::string_view text) {
  if (text == "implicit") return Tls::implicit;
  if (text == "starttls") return Tls::starttls;
  if (text == "off") return Tls::off;
  return std::nullopt;
}

/// Source: the keys pop3Tls and smtpTls of the interface.
Tls default_tls(std::string_view protocol, const Endpoint& endpoint) {
  if (protocol == "pop3") {
    if (endpoint.port != 110) return Tls::implicit;
    return endpoint.is_loopback() ? Tls::off : Tls::starttls;
  }
  if (endpoint.is_loopback()) return Tls::off;
  return endpoint.port == 25 || endpoint.port == 587 ? Tls::starttls : Tls::implicit;
}

std::optional<MailServer> read_server(const Reader& reader, const std::string& protocol,
                                      std::string_view url_key, int default_port) {
  const auto endpoint = reader.value(
      url_key, "server or server:port, the port from 1 to 65535",
      [default_port](std::string_view text) { return endpoint_from(text, default_port); });
  MailServer server;
  // checked even where there is no server yet: a wrong value is wrong all the same
  const auto tls = reader.value(protocol + "Tls", "implicit, starttls or off", tls_from);
  server.ca_file = reader.path(protocol + "CaFile");
  server.name = reader.name(protocol + "Name").value_or("");
  server.password = reader.secret(protocol + "Password");
  server.oauth = reader.boolean(protocol + "OAuth").value_or(false);
  if (!endpoint) return std::nullopt;
  server.endpoint = *endpoint;
  server.tls = tls.value_or(default_tls(protocol, *endpoint));
  return server;
}

std::optional<Pause> read_pause(const Reader& reader) {
  constexpr std::string_view wanted = "a time of day as HH:mm, 00:00 to 23:59";
  const auto from = reader.value("stopFrom", wanted, minutes_from);
  const auto to = reader.value("stopTo", wanted, minutes_from);
  if (from && !to) reader.refuse("stopTo", "the end of the pause that stopFrom begins");
  if (to && !from) reader.refuse("stopFrom", "the beginning of the pause that stopTo ends");
  if (!from || *from == *to) return std::nullopt;
  return Pause{*from, *to};
}

std::vector<OwnAccount> read_own_accounts(const Reader& reader) {
  std::vector<OwnAccount> accounts;
  for (const std::string_view part : list_from(reader.text("ownAccounts").value_or(""), true)) {
    const auto account = own_account_from(part);
    if (!account) {
      reader.refuse(
          "ownAccounts",
          fmt::format("NUMBER/BANK or NUMBER/BANK:EUR, apart by comma; \"{}\" is none, or "
                      "its check digits do not hold",
                      visible(part)));
    }
    for (const OwnAccount& other : accounts) {
      if (other.account == account->account) {
        reader.refuse("ownAccounts",
                      fmt::format("each account once; {} is there twice", other.account.str()));
      }
    }
    accounts.push_back(*account);
  }
  return accounts;
}

std::optional<std::string> company_id_from(std::string_view text) {
  if (text.empty() || text.size() > 8 || text.find_first_not_of("0123456789") != text.npos) {
    return std::nullopt;
  }
  return std::string(8 - text.size(), '0') + std::string(text);
}

std::string read_ledger(const Reader& reader, const std::filesystem::path& folder) {
  const auto given = reader.text("ledger");
  if (given && given->find("://") != given->npos) {
    return *reader.value(
        "ledger",
        "a file, or a URL such as postgresql://user@host/db (a / ? or @ in its user, password or "
        "parameters as %2F %3F or %40; better the password as ledgerPassword)",
        [](std::string_view text) -> std::optional<std::string> {
          constexpr std::string_view scheme = "postgresql://";
          if (!text.starts_with(scheme) || visible(text) != text) return std::nullopt;
          const std::string_view rest = text.substr(scheme.size());
          const std::size_t end_of_hosts = std::min(rest.find_first_of("/?"), rest.size());
          const std::size_t at = rest.find('@');
          if (at != rest.npos && (at > end_of_hosts || rest.find('@', at + 1) != rest.npos)) {
            return std::nullopt;
          }
          return std::string(text);
        });
  }
  return utf8_of(reader.path("ledger").value_or(folder / "paymentctl.db"));
}

void check_keys(const Settings& settings, Box& box) {
  const auto& known = known_keys();
  for (const Setting& setting : settings.all) {
    if (std::find(known.begin(), known.end(), setting.key) != known.end()) {
      if (!ascii::trim(setting.value).empty()) box.keys.push_back({setting.key, setting.line});
      continue;
    }
    const std::string shown = visible(std::string_view(setting.key).substr(0, 100));
    if (const auto nearest = nearest_key(setting.key)) {
      throw Error(ExitCode::config, fmt::format("line {}: there is no key \"{}\"; did you mean {}?",
                                                setting.line, shown, *nearest));
    }
    box.warnings.push_back(
        fmt::format("line {}: the key \"{}\" is not known and is ignored", setting.line, shown));
  }
}

void read_values(const Reader& reader, const std::filesystem::path& folder, Box& box) {
  box.root_path = reader.path("rootPath").value_or(folder);
  box.company = reader.name("company").value_or("default");
  box.name = reader.name("box").value_or(utf8_of(box.file.stem()));
  box.pause = read_pause(reader);
  box.pop3 = read_server(reader, "pop3", "pop3Url", 110);
  box.smtp = read_server(reader, "smtp", "smtpServer", 25);
  box.server_timeout = std::chrono::seconds(
      reader
          .value("serverTimeout", "whole seconds from 1 to 3600",
                 [](std::string_view text) { return whole_number_from(text, 1, 3600); })
          .value_or(static_cast<int>(box.server_timeout.count())));
  box.errors = {reader.address("errorFrom"), reader.addresses("errorTo"), {}};
  box.notifications = {reader.address("infoFrom"), reader.addresses("infoTo"),
                       reader.addresses("infoCc")};
  box.eml_dir = reader.path("emlDir");
  box.archive_dir = reader.path("archiveDir").value_or(folder / "POP3Downloads");
  box.ledger = read_ledger(reader, folder);
  box.ledger_password = reader.secret("ledgerPassword");
  box.max_mail_size =
      reader.value("maxMailSize", "a size from 1 KB to 1 GB, such as 25 MB", size_from)
          .value_or(box.max_mail_size);
  box.poll_minutes =
      reader
          .value("pollMinutes", "whole minutes from 1 to 1440",
                 [](std::string_view text) { return whole_number_from(text, 1, 1440); })
          .value_or(box.poll_minutes);
  box.language = reader
                     .value("language", "cs or en",
                            [](std::string_view text) -> std::optional<Language> {
                              if (text == "cs") return Language::cs;
                              if (text == "en") return Language::en;
                              return std::nullopt;
                            })
                     .value_or(Language::cs);
}

void read_rules(const Reader& reader, Box& box) {
  box.own_accounts = read_own_accounts(reader);
  box.only_own_accounts = reader.boolean("onlyOwnAccounts").value_or(false);
  if (box.only_own_accounts && box.own_accounts.empty()) {
    reader.refuse("onlyOwnAccounts", "ownAccounts beside it, else every notice is quarantined");
  }
  box.own_party = reader.value("ownParty", "an IČO of up to 8 digits", company_id_from);
  box.amount_tolerance =
      reader
          .value("amountTolerance", "a decimal such as 0.50, not negative",
                 [](std::string_view text) {
                   auto amount = Amount::from_decimal(text);
                   return amount && !amount->is_negative() ? amount : std::nullopt;
                 })
          .value_or(Amount());
  box.formats_dir = reader.path("formatsDir");
  box.trusted_authserv = reader.name("trustedAuthserv");
  if (box.trusted_authserv &&
      box.trusted_authserv->find_first_of(" \t;,()\"") != std::string::npos) {
    reader.refuse("trustedAuthserv", "one authserv-id, such as mx.firma.cz");
  }
  for (const std::string& address : reader.addresses("trustedForwarders")) {
    box.trusted_forwarders.push_back(ascii::lower(address));
  }
  box.require_authentication =
      reader
          .value("requireAuthentication",
                 "off, weak or strong, and exceptions by bank such as: weak, fio:off, rb:weak",
                 authentication_from)
          .value_or(AuthenticationRule());
  box.dns_server =
      reader.value("dnsServer", "an IPv4 address, such as 192.0.2.53 or 192.0.2.53:5353",
                   [](std::string_view text) {
                     const auto server = endpoint_from(text, 53);
                     const bool is_address =
                         server && std::count(server->host.begin(), server->host.end(), '.') == 3 &&
                         server->host.find_first_not_of("0123456789.") == std::string::npos;
                     return is_address ? server : std::nullopt;
                   });
}

}  // namespace

bool Endpoint::is_loopback() const {
  if (host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

std::string Endpoint::str() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port);
}

std::filesystem::path Box::oauth_file() const {
  return root_path / "Config" / "MicrosoftOAuth.json";
}

bool Box::ledger_is_url() const { return ledger.find("://") != std::string::npos; }

Box box_from_xml(std::string_view xml, const std::filesystem::path& file) {
  return within(display(file), [&] {
    const Settings settings = settings_from_xml(xml);
    const std::filesystem::path folder = file.parent_path();
    Box box;
    box.file = file;
    box.warnings = settings.warnings;
    check_keys(settings, box);
    const Reader reader(settings, folder);
    read_values(reader, folder, box);
    read_rules(reader, box);
    for (std::string& warning : box.warnings) warning.insert(0, display(file) + ": ");
    return box;
  });
}

Box read_box(const std::filesystem::path& file) {
  const auto absolute = std::filesystem::absolute(file).lexically_normal();
  const auto facts = look_at(absolute);
  if (!facts) {
    throw Error(ExitCode::no_input,
                fmt::format("{} is not there; make one with: paymentctl init", display(absolute)));
  }
  return box_from_xml(read_file(absolute, largest_box_file), absolute);
}

std::vector<std::filesystem::path> box_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : list_folder(folder)) {
    if (!ascii::ends_with(name, ".xml")) continue;
    files.push_back(folder / path_from_utf8(name));
  }
  if (files.empty()) {
    throw Error(ExitCode::config,
                fmt::format("{}: there is no *.xml in this folder", display(folder)));
  }
  return files;
}

void check_distinct(const std::vector<Box>& boxes) {
  for (std::size_t later = 1; later < boxes.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const Box& one = boxes[earlier];
      const Box& other = boxes[later];
      if (one.name != other.name) continue;
      const bool one_ledger = one.company == other.company && one.ledger == other.ledger;
      if (!one_ledger && one.archive_dir != other.archive_dir) continue;
      throw Error(ExitCode::config,
                  fmt::format("{} and {} are both the box \"{}\" of one {}; give one of them "
                              "another name with the key box",
                              display(one.file), display(other.file), one.name,
                              one_ledger ? "ledger" : "archive"));
    }
  }
}

}  // namespace paymentctl
