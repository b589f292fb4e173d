#include "parse/catalog.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include <fmt/format.h>

#include "model/ascii.hpp"
#include "model/error.hpp"
#include "parse/builtin_formats.hpp"
#include "parse/format_file.hpp"
#include "platform/paths.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_user_files = 200;

template <typename Value>
void add_new(std::vector<Value>& to, const std::vector<Value>& from) {
  for (const Value& value : from) {
    if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
  }
}

const std::string& id_of(const Rule& rule) {
  return rule.ignore ? rule.ignore->id : rule.format->facts.id;
}

void add_facts(BankFacts& bank, const BankFacts& more) {
  if (!more.name.empty()) bank.name = more.name;
  if (!more.code.empty()) bank.code = more.code;
  bank.signs_dkim = bank.signs_dkim || more.signs_dkim;
  add_new(bank.domains, more.domains);
  add_new(bank.addresses, more.addresses);
}

/// The rule of this id that has `number` others of it before.
std::vector<Rule>::iterator nth_of(std::vector<Rule>& rules, const std::string& id,
                                   std::size_t number) {
  return std::find_if(rules.begin(), rules.end(),
                      [&](const Rule& rule) { return id_of(rule) == id && number-- == 0; });
}

/// The user's formats are asked before the built-in ones they do not replace.
void add_bank(Bank& bank, Bank more) {
  add_facts(bank.facts, more.facts);
  add_new(bank.own_codes, more.own_codes);
  add_new(bank.files, more.files);
  std::vector<Rule> added;
  std::map<std::string, std::size_t> replaced;  // how many rules of an id have found their place
  for (Rule& rule : more.rules) {
    const std::string id = id_of(rule);
    std::size_t& number = replaced[id];
    const auto place = id.empty() ? bank.rules.end() : nth_of(bank.rules, id, number);
    if (place != bank.rules.end()) {
      *place = std::move(rule);
      ++number;
    } else if (number > 0) {
      bank.rules.insert(nth_of(bank.rules, id, number - 1) + 1, std::move(rule));
      ++number;
    } else {
      added.push_back(std::move(rule));
    }
  }
  for (const auto& [id, number] : replaced) {
    while (number > 0 && nth_of(bank.rules, id, number) != bank.rules.end()) {
      bank.rules.erase(nth_of(bank.rules, id, number));
    }
  }
  bank.rules.insert(bank.rules.begin(), std::make_move_iterator(added.begin()),
                    std::make_move_iterator(added.end()));
}

FormatFile read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    throw Error(ExitCode::config,
                fmt::format("{}: cannot be read; check its permissions", utf8_of(path)));
  }
  return {utf8_of(path), text.str()};
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '"') {
      result += "&quot;";
    } else {
      result.push_back(c);
    }
  }
  return result;
}

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) result.append("  ").append(text.substr(0, end)).push_back('\n');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

FormatFacts facts_of(const IgnoreRule& rule, const BankFacts& bank) {
  FormatFacts facts;
  facts.id = rule.id;
  facts.bank = bank.id;
  facts.direction = "ignored";
  facts.reason = rule.reason;
  facts.file = rule.file;
  facts.line = rule.file_line;
  return facts;
}

}  // namespace

struct Catalog::Banks {
  /// One bank: what its files are, and what became of them once somebody asked.
  struct Entry {
    std::vector<FormatFile> files;
    BankFacts facts;
    std::vector<std::string> ids;
    mutable std::once_flag once;
    mutable std::unique_ptr<const Bank> bank;

    const Bank& compiled() const {
      std::call_once(once, [this] {
        // A user's file was checked when it was added, a built-in one when it was built.
        Bank result = compile_bank(files.front(), Compiling::when_needed);
        for (std::size_t i = 1; i < files.size(); ++i) {
          add_bank(result, compile_bank(files[i], Compiling::when_needed));
        }
        bank = std::make_unique<const Bank>(std::move(result));
      });
      return *bank;
    }
  };

  std::map<std::string, Entry, std::less<>> entries;
  std::string text;

  void add(const FormatFile& file) {
    const FileOutline outline = outline_of(file);
    const bool known = entries.count(outline.facts.id) > 0;
    if (!known || outline.replaces) {
      if (outline.facts.code.empty() || outline.facts.name.empty()) {
        throw Error(
            ExitCode::config,
            fmt::format("{}: a bank of your own needs name=\"…\" and code=\"…\"", file.name));
      }
      entries.erase(outline.facts.id);
    }
    Entry& entry = entries[outline.facts.id];
    for (const std::string& id : outline.ids) check_unique(id, outline.facts.id, file.name);
    if (entry.files.empty()) {
      entry.facts = outline.facts;
    } else {
      add_facts(entry.facts, outline.facts);
    }
    entry.files.push_back(file);
    add_new(entry.ids, outline.ids);
    text += file.text;
    text.push_back('\0');
  }

  void check_unique(const std::string& id, const std::string& bank, const std::string& file) const {
    for (const auto& [other, entry] : entries) {
      if (other == bank) continue;
      if (std::find(entry.ids.begin(), entry.ids.end(), id) != entry.ids.end()) {
        throw Error(ExitCode::config,
                    fmt::format("{}: the id {} is already taken by bank {}", file, id, other));
      }
    }
  }

  [[nodiscard]] const Entry* of_format(std::string_view id) const {
    for (const auto& [bank, entry] : entries) {
      if (std::find(entry.ids.begin(), entry.ids.end(), id) != entry.ids.end()) return &entry;
    }
    return nullptr;
  }
};

Catalog Catalog::from_files(const std::vector<FormatFile>& files) {
  auto banks = std::make_shared<Banks>();
  for (const FormatFile& file : files) {
    check_format_file(file);
    banks->add(file);
  }
  return Catalog(std::move(banks));
}

Catalog Catalog::built_in() {
  auto banks = std::make_shared<Banks>();
  for (const FormatFile& file : builtin_formats()) banks->add(file);
  return Catalog(std::move(banks));
}

Catalog Catalog::with_user_file(const FormatFile& file) {
  auto banks = std::make_shared<Banks>();
  for (const FormatFile& built_in : builtin_formats()) banks->add(built_in);
  check_format_file(file);
  banks->add(file);
  return Catalog(std::move(banks));
}

Catalog Catalog::with_user_formats(const std::filesystem::path& folder) {
  auto banks = std::make_shared<Banks>();
  for (const FormatFile& file : builtin_formats()) banks->add(file);
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->path().extension() == ".xml") paths.push_back(entries->path());
  }
  if (error) {
    throw Error(ExitCode::config, fmt::format("formatsDir {}: {}; create the folder or remove the "
                                              "key",
                                              utf8_of(folder), error.message()));
  }
  if (paths.size() > most_user_files) {
    throw Error(ExitCode::config,
                fmt::format("formatsDir {}: more than {} files", utf8_of(folder), most_user_files));
  }
  std::sort(paths.begin(), paths.end());
  for (const std::filesystem::path& path : paths) {
    const FormatFile file = read_file(path);
    check_format_file(file);
    banks->add(file);
  }
  return Catalog(std::move(banks));
}

std::vector<BankFacts> Catalog::banks() const {
  std::vector<BankFacts> result;
  for (const auto& [id, entry] : banks_->entries) result.push_back(entry.facts);
  return result;
}

std::vector<std::string> Catalog::bank_ids() const {
  std::vector<std::string> result;
  for (const auto& [id, entry] : banks_->entries) result.push_back(id);
  return result;
}

std::vector<FormatFacts> Catalog::formats() const {
  std::vector<FormatFacts> result;
  for (const auto& [id, entry] : banks_->entries) {
    const Bank& bank = entry.compiled();
    for (const Rule& rule : bank.rules) {
      if (rule.format) result.push_back(rule.format->facts);
      const bool again = !result.empty() && result.back().id == id_of(rule);
      if (rule.ignore && !rule.ignore->id.empty() && !again) {
        result.push_back(facts_of(*rule.ignore, bank.facts));
      }
    }
  }
  return result;
}

std::optional<FormatFacts> Catalog::format(std::string_view id) const {
  const Banks::Entry* entry = id.empty() ? nullptr : banks_->of_format(id);
  if (entry == nullptr) return std::nullopt;
  for (const Rule& rule : entry->compiled().rules) {
    if (id_of(rule) != id) continue;
    return rule.format ? rule.format->facts : facts_of(*rule.ignore, entry->facts);
  }
  return std::nullopt;
}

std::optional<BankFacts> Catalog::bank(std::string_view id) const {
  const auto found = banks_->entries.find(id);
  if (found == banks_->entries.end()) return std::nullopt;
  return found->second.facts;
}

std::string Catalog::bank_of_sender(std::string_view address) const {
  const std::string from = ascii::lower(address);
  const std::size_t at = from.rfind('@');
  if (at == std::string::npos) return {};
  const std::string_view domain = std::string_view(from).substr(at + 1);
  for (const auto& [id, entry] : banks_->entries) {
    const auto& addresses = entry.facts.addresses;
    if (std::find(addresses.begin(), addresses.end(), from) != addresses.end()) return id;
    for (const std::string& known : entry.facts.domains) {
      if (domain == known) return id;
      if (domain.size() > known.size() && domain.ends_with(known) &&
          domain[domain.size() - known.size() - 1] == '.') {
        return id;
      }
    }
  }
  return {};
}

std::string Catalog::definition(std::string_view id) const {
  const Banks::Entry* entry = id.empty() ? nullptr : banks_->of_format(id);
  if (entry == nullptr) return {};
  std::string text;
  for (const Rule& rule : entry->compiled().rules) {
    if (id_of(rule) == id) text += rule.format ? rule.format->definition : rule.ignore->definition;
  }
  return text;
}

std::string Catalog::user_file(std::string_view id) const {
  const Banks::Entry* entry = id.empty() ? nullptr : banks_->of_format(id);
  if (entry == nullptr) return {};
  const Bank& bank = entry->compiled();
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<bank id=\"" + bank.facts.id +
                     "\" name=\"" + escaped(bank.facts.name) + "\" code=\"" + bank.facts.code +
                     "\">\n";
  for (const Rule& rule : bank.rules) {
    if (!rule.format || id_of(rule) != id) continue;
    for (const std::string& footer : rule.format->bank_footers) text += indented(footer);
  }
  return text + indented(definition(id)) + "</bank>\n";
}

std::string Catalog::text() const { return banks_->text; }

const Bank* Catalog::compiled(std::string_view id) const {
  const auto found = banks_->entries.find(id);
  return found == banks_->entries.end() ? nullptr : &found->second.compiled();
}

void check_format_file(const FormatFile& file) { compile_bank(file, Compiling::now); }

}  // namespace paymentctl
