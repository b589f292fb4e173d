#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "fetch/archive.hpp"
#include "fetch/pop3_dialogue.hpp"

namespace paymentctl {

enum class MailboxTls {
  implicit,  ///< from the first byte
  starttls,  ///< demanded (STLS); a server without it is refused
  off        ///< clear text, passwords included: the caller has warned
};

/// A mailbox to be read by POP3. TLS is 1.2 or newer, and the server's certificate is always
/// verified, its name included.
struct MailboxSettings {
  std::string host;  ///< name or address, IPv6 without brackets
  int port = 0;
  MailboxTls tls = MailboxTls::implicit;
  std::optional<std::filesystem::path> ca_file;  ///< PEM; absent means the system's authorities
  std::string name;
  std::string password;
  /// In place of the password, where set: a token for SASL XOAUTH2. `anew` when the last one was
  /// refused, so that one that is kept must not come again. Never sent without TLS but to this
  /// machine.
  std::function<std::string(bool anew)> token = {};
  bool loopback = false;  ///< the server is on this machine
  std::chrono::seconds connect_time{30};
  Pop3Bounds bounds = {};
  std::stop_token stop = {};  ///< gives up connecting and logging in
};

/// Fetches every mail: archived, recorded, deleted, QUIT answered. To be called under the lock of
/// the mailbox, after recover_archive.
/// Errors: unavailable (no such name, no connection, certificate refused, the server or the line
/// failed), permission (login refused), temporary (the mailbox is in use or the server says
/// "later"), config (an unusable setting), and those of archive, register and token. What was
/// recorded before an error stays recorded, and comes again as known.
FetchReport fetch_mailbox(const MailboxSettings& settings, const FetchContext& context);

/// How many mails are there. Logs in and out; retrieves and deletes nothing.
std::uint64_t count_mailbox(const MailboxSettings& settings);

}  // namespace paymentctl
