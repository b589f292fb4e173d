#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "config/box.hpp"
#include "config/secrets.hpp"
#include "fetch/archive.hpp"
#include "ledger/ledger.hpp"
#include "ledger/messages.hpp"
#include "parse/catalog.hpp"
#include "post/post.hpp"
#include "run/judge.hpp"
#include "run/mail_servers.hpp"
#include "run/sender_judge.hpp"
#include "run/server_rest.hpp"

namespace paymentctl {

/// What the stages tell while they work. Nothing in lib/ prints; whoever calls decides.
struct Observer {
  /// A line of the interface: what became of a payment, or of a mail without one.
  std::function<void(const Json&)> line = [](const Json&) {};
  /// Something that a person should know and that does not stop the work, one sentence.
  std::function<void(const std::string&)> problem = [](const std::string&) {};
  /// The same about something that works, but should be better.
  std::function<void(const std::string&)> warning = [](const std::string&) {};
  /// How far a stage is; `stage` is a word such as "archived" or "posted".
  std::function<void(const char* stage, std::uint64_t done)> progress = [](const char*,
                                                                           std::uint64_t) {};
};

/// The parts of a box that decide how a mail is judged.
Catalog catalog_of(const Box& box);
ParseSettings parse_settings_of(const Box& box);

/// A box with all that its stages need opened: its ledger, its formats, its judge.
class BoxSession {
 public:
  /// Opens the ledger and reads formatsDir. Errors: those of Ledger::open and of the catalog.
  BoxSession(Box box, LedgerAccess access, const Clock& clock, Observer observer);

  const Box box;
  const Clock& clock;
  Observer observer;
  std::unique_ptr<SecretStore> secrets = system_secrets(secret_variables(box));
  Ledger ledger;
  const BoxKey key;
  const Catalog catalog;
  const Judge judge;               ///< of mails from folders
  const SenderJudge sender_judge;  ///< of mails that anybody may have written

  /// The digest of the settings under which a mail of the ledger has to be judged.
  [[nodiscard]] const std::string& policy_for(const MessageRow& mail) const {
    return mail.is_untrusted() ? sender_judge.policy() : judge.policy();
  }

  /// In a dry run the archive that stays untouched, beside box.archive_dir.
  std::optional<std::filesystem::path> real_archive = {};

  /// Where an archive path of the ledger lies on this machine, absolute.
  [[nodiscard]] std::filesystem::path archived(const std::string& path) const;

  /// For post/: tolerance, formats' facts, and the notification's text when `notify`.
  [[nodiscard]] PostSettings post_settings(bool notify) const;

  /// Once it is asked for, the stages finish what they have in hand and begin nothing more.
  std::stop_token stop = {};

  /// How often a service repeats the run, for its record; 0: it is run once.
  std::chrono::seconds every{0};

  /// Which mail servers do not answer the boxes of this process, where there may be several.
  std::shared_ptr<ServerRest> servers = {};

  /// The box's turn among several workers, where somebody has taken it (box_turn.hpp).
  std::shared_ptr<void> turn = {};

  /// For logging in to the box's mail servers.
  [[nodiscard]] MailAccess mail_access() const { return {box, *secrets, clock, true, stop}; }
};

}  // namespace paymentctl
