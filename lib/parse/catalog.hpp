#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paymentctl {

struct Bank;  // compiled formats, parse/format.hpp

/// What a bank's file says about the bank itself.
struct BankFacts {
  std::string id;                      ///< "fio"
  std::string name;                    ///< "Fio banka"
  std::string code;                    ///< four digits
  std::vector<std::string> domains;    ///< of its senders, lower case; subdomains count too
  std::vector<std::string> addresses;  ///< senders that are single addresses, lower case
  bool signs_dkim = false;             ///< the bank is known to sign its mails
};

/// What a format says about itself, for `formats list` and for telling notices apart.
struct FormatFacts {
  std::string id;                  ///< "fio-classic"
  std::string bank;                ///< id of the bank
  std::string direction;           ///< "incoming", "outgoing", "both", or "ignored"
  std::string reason;              ///< of an ignore rule: why such a mail tells of no movement
  std::string since;               ///< as the file says it, e.g. "2026-08"; may be empty
  std::string example;             ///< a short mail or its first line; may be empty
  std::vector<std::string> twins;  ///< formats that may tell of the same movement
  bool states_balance = false;
  bool states_date = false;
  bool states_time = false;
  bool states_reference = false;
  bool numbers_movements = true;  ///< its reference is the movement's, not the notice's or order's
  bool states_symbols = false;
  std::string file;  ///< where it is defined; "fio.xml" for a built-in one
  int line = 0;
};

/// A format file as text: its name for messages, and what stands in it.
struct FormatFile {
  std::string name;
  std::string text;
};

/// The banks' formats, built in and the user's own. Cheap to make: a bank's patterns are compiled
/// when its first mail is read. Copies share everything; all members may be called from several
/// threads at once.
class Catalog {
 public:
  /// The formats that the program was built with.
  static Catalog built_in();

  /// Built-in formats and the *.xml of `folder`, in the order of their names. A user's <bank> with
  /// the id of a built-in one adds to it; a <format> or <ignore> with the id of a built-in one
  /// replaces that; <bank … replace="true"> replaces the whole bank. A missing folder, a file that
  /// cannot be read or understood: Error(config) that names file and line.
  static Catalog with_user_formats(const std::filesystem::path& folder);

  /// Built-in formats and this file of a user on top. Error(config) as above.
  static Catalog with_user_file(const FormatFile& file);

  /// From given files only; a later file adds to or replaces what an earlier one says.
  /// Error(config) as above.
  static Catalog from_files(const std::vector<FormatFile>& files);

  /// All banks, in the order of their ids.
  [[nodiscard]] std::vector<BankFacts> banks() const;

  /// All formats and named ignore rules, by bank, in the order in which they are tried. Compiles
  /// every bank.
  [[nodiscard]] std::vector<FormatFacts> formats() const;

  /// Empty where there is no such format.
  [[nodiscard]] std::optional<FormatFacts> format(std::string_view id) const;
  [[nodiscard]] std::optional<BankFacts> bank(std::string_view id) const;

  /// The bank with a sender rule for this address (exact address, or domain or subdomain at a label
  /// boundary), empty for strangers. Takes "info@rb.cz", any letter case.
  [[nodiscard]] std::string bank_of_sender(std::string_view address) const;

  /// The definition of a format, or of all ignore rules of that name, as it stands in its file;
  /// empty for no such id.
  [[nodiscard]] std::string definition(std::string_view id) const;

  /// A whole file with that definition: put into formatsDir it changes nothing, until its user
  /// changes it. Empty for no such id.
  [[nodiscard]] std::string user_file(std::string_view id) const;

  /// Everything that decides about reading, for the policy's digest: equal catalogs, equal text.
  [[nodiscard]] std::string text() const;

  /// The compiled bank; nullptr for an unknown id. For the engine.
  [[nodiscard]] const Bank* compiled(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> bank_ids() const;

 private:
  struct Banks;
  explicit Catalog(std::shared_ptr<const Banks> banks) : banks_(std::move(banks)) {}
  std::shared_ptr<const Banks> banks_;
};

/// Checks one format file without using it, for `formats check`: Error(config) with file and line,
/// one text line for each faulty format or rule.
void check_format_file(const FormatFile& file);

}  // namespace paymentctl
