// Every tests/mails/BANK/NAME.eml against NAME.json beside it; tests/mails/README.md says how.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "contents.hpp"
#include "mail/message.hpp"
#include "model/json.hpp"
#include "parse/builtin_formats.hpp"
#include "parse/catalog.hpp"
#include "parse/notice.hpp"

using namespace paymentctl;

namespace {

std::vector<Json> lines_of(const std::filesystem::path& path) {
  std::istringstream stream(contents(path));
  std::vector<Json> lines;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(json_object(line));
  }
  return lines;
}

ParseSettings settings_of(const Json& line) {
  ParseSettings settings;
  for (const auto& item : line.value("own_accounts", Json::array())) {
    const auto text = item.get<std::string>();
    const auto colon = text.find(':');
    OwnAccount own{*AccountNumber::parse(text.substr(0, colon))};
    if (colon != std::string::npos) own.currency = *Currency::from_code(text.substr(colon + 1));
    settings.own_accounts.push_back(own);
  }
  for (const auto& item : line.value("trusted_forwarders", Json::array())) {
    settings.trusted_forwarders.push_back(item.get<std::string>());
  }
  settings.bank = line.value("bank", "");
  return settings;
}

/// What the file says, with every member that it leaves out.
Json whole(Json expected) {
  if (expected["type"] != "payment") return expected;
  for (const char* name : {"booked_time", "own_account", "variable_symbol", "constant_symbol",
                           "specific_symbol", "message", "bank_reference", "balance"}) {
    if (!expected.contains(name)) expected[name] = nullptr;
  }
  if (!expected.contains("counterparty")) {
    expected["counterparty"] = {{"account", nullptr}, {"name", nullptr}};
  }
  if (!expected.contains("kind")) expected["kind"] = "transfer";
  return expected;
}

std::vector<Json> result_lines(const Notice& notice) {
  std::vector<Json> lines;
  if (const auto* payments = std::get_if<Payments>(&notice)) {
    int index = 0;
    for (const Payment& payment : *payments) {
      CHECK(payment.source.index == index++);
      CHECK(payment.source.count == static_cast<int>(payments->size()));
      Json line = to_json(payment);
      line["format"] = payment.source.format;
      line.erase("source");
      lines.push_back(line);
    }
  } else if (const auto* ignored = std::get_if<Ignored>(&notice)) {
    lines.push_back(
        {{"type", "ignored"}, {"reason", ignored->reason}, {"format", ignored->format}});
  } else {
    lines.push_back({{"type", "unrecognised"}, {"reason", std::get<Unrecognised>(notice).reason}});
  }
  return lines;
}

/// Every member that is expected must be there with that value; of a reason perhaps a part.
void compare(const Json& expected, const Json& found) {
  for (const auto& [name, value] : expected.items()) {
    if (name == "reason_contains") {
      const auto reason = found.value("reason", "");
      INFO("the reason: " << reason);
      CHECK(reason.find(value.get<std::string>()) != std::string::npos);
      continue;
    }
    INFO(name << ": expected " << value.dump() << ", found "
              << (found.contains(name) ? found[name].dump() : "nothing"));
    const bool same = found.contains(name) && nlohmann::json(found[name]) == nlohmann::json(value);
    CHECK(same);
  }
}

std::vector<std::filesystem::path> all_mails() {
  std::vector<std::filesystem::path> mails;
  const std::filesystem::path root = std::string(PAYMENTCTL_TESTS) + "/mails";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".eml") mails.push_back(entry.path());
  }
  std::sort(mails.begin(), mails.end());
  REQUIRE(mails.size() >= 30);
  return mails;
}

/// The built-in formats and, on top, what `formats show` prints of each.
Catalog replaced_by_itself() {
  const Catalog built_in = Catalog::built_in();
  std::vector<FormatFile> files = builtin_formats();
  for (const FormatFacts& format : built_in.formats()) {
    files.push_back({format.id + ".xml", built_in.user_file(format.id)});
  }
  return Catalog::from_files(files);
}

}  // namespace

TEST_CASE("a format that is shown and put into formatsDir reads every mail as before") {
  const Catalog built_in = Catalog::built_in();
  const Catalog shown = replaced_by_itself();
  for (const auto& path : all_mails()) {
    ParseSettings settings;
    const std::vector<Json> lines =
        lines_of(std::filesystem::path(path).replace_extension(".json"));
    if (!lines.empty() && lines.front()["type"] == "settings")
      settings = settings_of(lines.front());
    const Message message = decode_mail(contents(path));
    INFO(path.string());
    const bool same = result_lines(read_notice(message, built_in, settings)) ==
                      result_lines(read_notice(message, shown, settings));
    CHECK(same);
  }
}

TEST_CASE("every mail of the corpus is read as the file beside it says") {
  const Catalog catalog = Catalog::built_in();
  for (const auto& path : all_mails()) {
    std::vector<Json> expected = lines_of(std::filesystem::path(path).replace_extension(".json"));
    ParseSettings settings;
    if (!expected.empty() && expected.front()["type"] == "settings") {
      settings = settings_of(expected.front());
      expected.erase(expected.begin());
    }
    const Message message = decode_mail(contents(path));
    const std::vector<Json> found = result_lines(read_notice(message, catalog, settings));
    INFO(path.string() << "\n" << explain_notice(message, catalog, settings));
    CHECK(found.size() == expected.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
      compare(whole(expected[i]), found[i]);
    }
  }
}
