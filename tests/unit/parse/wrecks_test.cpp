// Mails of known banks that are not whole, or that a bank has reworded.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "contents.hpp"
#include "mail/message.hpp"
#include "model/json.hpp"
#include "parse/catalog.hpp"
#include "parse/notice.hpp"

using namespace paymentctl;

namespace {

/// Under sanitizers each reading takes several times as long, and every fourth has to do.
constexpr std::size_t every_line = PAYMENTCTL_SANITIZED ? 4 : 1;

struct Sample {
  std::string name;
  Message message;
  Payments payments;
};

/// The banks' own mails of one text that tell of payments without any settings.
std::vector<Sample> samples(const Catalog& catalog) {
  std::vector<Sample> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::filesystem::path(PAYMENTCTL_TESTS) / "mails")) {
    if (entry.path().extension() != ".eml") continue;
    if (entry.path().parent_path().filename() == "hostile") continue;
    // What a payer wrote to deceive is another matter than what the bank left out.
    if (entry.path().filename().string().find("trap-") == 0) continue;
    Message message = decode_mail(contents(entry.path()));
    if (message.bodies.size() != 1 || catalog.bank_of_sender(message.from_address).empty()) {
      continue;
    }
    Notice notice = read_notice(message, catalog, {});
    if (auto* payments = std::get_if<Payments>(&notice)) {
      found.push_back({entry.path().string(), std::move(message), std::move(*payments)});
    }
  }
  REQUIRE(found.size() >= 60);
  return found;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += lines[i] + "\n";
  return text;
}

bool blank(const std::string& line) { return line.find_first_not_of(" \t\r") == std::string::npos; }

/// Amount and direction of the first payments are those of `whole`.
bool agree(const Payments& part, const Payments& whole) {
  if (part.size() > whole.size()) return false;
  return std::equal(part.begin(), part.end(), whole.begin(), [](const auto& a, const auto& b) {
    return a.amount == b.amount && a.direction == b.direction && a.currency == b.currency;
  });
}

/// Nothing wrong comes of it: a payment as it was, or a person is told of bank and reason.
void check_harmless(const Sample& sample, const Catalog& catalog, const std::string& text,
                    bool all) {
  Message message = sample.message;
  message.bodies.front().text = text;
  if (blank(text)) message.bodies.clear();
  const Notice notice = read_notice(message, catalog, {});
  INFO(sample.name << "\n" << text);
  if (const auto* payments = std::get_if<Payments>(&notice)) {
    const bool harmless =
        agree(*payments, sample.payments) && (!all || payments->size() == sample.payments.size());
    CHECK(harmless);
  } else if (const auto* strange = std::get_if<Unrecognised>(&notice)) {
    CHECK(strange->bank == catalog.bank_of_sender(message.from_address));
    CHECK_FALSE(strange->reason.empty());
  } else {
    CHECK(std::get<Ignored>(notice).reason == "not to be ignored");
  }
}

}  // namespace

TEST_CASE("a notice that lacks a line is the same payment or unrecognised, never another") {
  const Catalog catalog = Catalog::built_in();
  for (const Sample& sample : samples(catalog)) {
    const auto lines = lines_of(sample.message.bodies.front().text);
    for (std::size_t i = 0; i < lines.size(); i += every_line) {
      if (blank(lines[i])) continue;
      check_harmless(sample, catalog, joined(lines, 0, i) + joined(lines, i + 1, lines.size()),
                     true);
    }
  }
}

TEST_CASE("a notice that is cut off after any line is the same payment or unrecognised") {
  const Catalog catalog = Catalog::built_in();
  for (const Sample& sample : samples(catalog)) {
    // Of a digest that is cut between its items nobody can tell.
    if (sample.name.find("-beside-") != std::string::npos) continue;
    const auto lines = lines_of(sample.message.bodies.front().text);
    for (std::size_t i = 0; i < lines.size(); i += every_line) {
      check_harmless(sample, catalog, joined(lines, 0, i), false);
    }
  }
}

TEST_CASE("a reworded notice of any bank names the bank, the nearest format and what it misses") {
  const Catalog catalog = Catalog::built_in();
  for (const BankFacts& bank : catalog.banks()) {
    Message message;
    message.from_address =
        bank.addresses.empty() ? "info@" + bank.domains.front() : bank.addresses.front();
    message.subject = "Novinka";
    message.date = Date::from(2026, 8, 12);
    message.bodies.push_back({"Dobrý den,\n\npohyb 1 210,00 Kč na účtu 2052601819.\n", false});
    const Notice notice = read_notice(message, catalog, {});
    INFO(bank.id);
    REQUIRE(std::holds_alternative<Unrecognised>(notice));
    const auto& strange = std::get<Unrecognised>(notice);
    INFO(strange.reason);
    CHECK(strange.bank == bank.id);
    CHECK(strange.reason.find(bank.name) != std::string::npos);
    CHECK(strange.reason.find("the nearest format is ") != std::string::npos);
    CHECK(strange.reason.find("misses ‘") != std::string::npos);
  }
}
