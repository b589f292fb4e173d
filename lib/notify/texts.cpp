#include "notify/texts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_name = 300;
constexpr std::size_t most_items = 200;

/// A foreign text as one harmless line of at most `longest_name` bytes.
std::string harmless(std::string_view text) {
  std::string line = one_line(text);
  if (line.size() <= longest_name) return line;
  std::size_t end = longest_name;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0u) == 0x80u) --end;
  return line.substr(0, end) + "…";
}

/// The words that differ from kind to kind.
struct KindWords {
  const char* name;        ///< "Outgoing invoice No."
  const char* in_subject;  ///< "outgoing invoice No."
  const char* partner;     ///< "issued to the company"
  const char* paid;        ///< "was paid"
  const char* partly;
  const char* got;  ///< "received" or "paid": money that came or went
};

KindWords words_of(Language language, DocumentKind kind) {
  const bool english = language == Language::en;
  switch (kind) {
    case DocumentKind::issued_invoice:
      return english ? KindWords{"Outgoing invoice No.",  "outgoing invoice No.",
                                 "issued to the company", "was paid",
                                 "was partially paid",    "received"}
                     : KindWords{"Vydaná faktura č.", "vydaná faktura č.",      "vystavená firmě",
                                 "byla uhrazena",     "byla částečně uhrazena", "přijato"};
    case DocumentKind::received_invoice:
      return english ? KindWords{"Incoming invoice No.",  "incoming invoice No.",
                                 "issued by the company", "was paid",
                                 "was partially paid",    "paid"}
                     : KindWords{"Přijatá faktura č.", "přijatá faktura č.",     "od firmy",
                                 "byla uhrazena",      "byla částečně uhrazena", "zaplaceno"};
    case DocumentKind::other_receivable:
      return english ? KindWords{"Receivable No.", "receivable No.",     "from the company",
                                 "was paid",       "was partially paid", "received"}
                     : KindWords{"Pohledávka č.", "pohledávka č.",          "za firmou",
                                 "byla uhrazena", "byla částečně uhrazena", "přijato"};
    case DocumentKind::other_payable:
      return english ? KindWords{"Payable No.", "payable No.",        "to the company",
                                 "was paid",    "was partially paid", "paid"}
                     : KindWords{"Závazek č.",  "závazek č.",           "vůči firmě",
                                 "byl uhrazen", "byl částečně uhrazen", "zaplaceno"};
  }
  throw Error(ExitCode::software, "a document of no known kind");
}

std::string grouped(const std::string& digits, char separator) {
  std::string text;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    if (place > 0 && (digits.size() - place) % 3 == 0) text += separator;
    text += digits[place];
  }
  return text;
}

std::string sentence(Language language, const Document& document, Amount settled, Amount on_top) {
  const bool english = language == Language::en;
  const KindWords words = words_of(language, document.kind);
  const auto money = [&](Amount amount) {
    return amount_in_words_of(language, amount, document.currency);
  };
  std::string text = fmt::format("{} {}", words.name, harmless(document.number));
  if (document.partner.name && !one_line(*document.partner.name).empty()) {
    text += fmt::format(" {} {}", words.partner, harmless(*document.partner.name));
  }
  text +=
      fmt::format("{} {} ", english ? " in the amount of" : " na částku", money(document.amount));
  if (document.status != DocumentStatus::paid) {
    text += english ? fmt::format("{}: {} {}, {} outstanding.", words.partly, money(settled),
                                  words.got, money(document.outstanding))
                    : fmt::format("{}: {} {}, zbývá {}.", words.partly, words.got, money(settled),
                                  money(document.outstanding));
    return text;
  }
  text += words.paid;
  if (!on_top.is_zero()) {
    text += english ? fmt::format("; {} was {} on top", money(on_top), words.got)
                    : fmt::format("; navíc {} {}", words.got, money(on_top));
  }
  return text + ".";
}

std::string plural(std::size_t count, const char* one, const char* few, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : count < 5 ? few : many);
}

std::string subject_of(Language language, const MatchResult& match,
                       const std::vector<Document>& documents) {
  const bool english = language == Language::en;
  const bool partly = std::any_of(documents.begin(), documents.end(), [](const Document& document) {
    return document.status != DocumentStatus::paid;
  });
  const bool over = !partly && match.status == MatchStatus::overpaid;
  const char* outcome = english ? (partly ? "Partially paid"
                                   : over ? "Overpaid"
                                          : "Paid")
                                : (partly ? "Částečně uhrazeno"
                                   : over ? "Přeplaceno"
                                          : "Uhrazeno");
  if (documents.size() > 1) {
    return fmt::format("{}: {}", outcome,
                       english ? fmt::format("{} documents", documents.size())
                               : plural(documents.size(), "doklad", "doklady", "dokladů"));
  }
  return fmt::format("{}: {} {}", outcome, words_of(language, documents[0].kind).in_subject,
                     harmless(documents[0].number));
}

const char* heading(Language language, WaitingItem::Kind kind) {
  const bool english = language == Language::en;
  switch (kind) {
    case WaitingItem::Kind::unmatched:
      return english ? "Payments that belong to no document" : "Platby, k nimž se nenašel doklad";
    case WaitingItem::Kind::ambiguous:
      return english ? "Payments that could belong to several documents"
                     : "Platby, které mohou patřit k více dokladům";
    case WaitingItem::Kind::unrecognised:
      return english ? "Mails that nobody could read" : "Zprávy, které se nepodařilo přečíst";
    case WaitingItem::Kind::quarantined:
      return english ? "Mails whose sender is not proven" : "Zprávy s neprokázaným odesílatelem";
  }
  return "";
}

std::string item_lines(std::string_view what, std::string_view why, std::string_view path) {
  std::string lines = fmt::format("- {}\n", harmless(what));
  if (!why.empty()) lines += fmt::format("  {}\n", harmless(why));
  if (!path.empty()) lines += fmt::format("  {}\n", one_line(path));
  return lines;
}

std::string rest_line(Language language, std::size_t written, std::size_t total) {
  if (total <= written) return {};
  return language == Language::en ? fmt::format("\nand {} more\n", total - written)
                                  : fmt::format("\na dalších: {}\n", total - written);
}

/// A command as it can be pasted into a shell.
std::string command_line(std::string_view command, const std::string& box_file) {
  const char* quote = box_file.find_first_of(" '&();") == std::string::npos ? "" : "\"";
  return fmt::format("paymentctl {} -c {}{}{}", command, quote, one_line(box_file), quote);
}

/// What to do about a digest: each of the two only where there is something to do.
std::string what_to_do(Language language, const std::vector<WaitingItem>& items,
                       const std::string& box_file) {
  const bool english = language == Language::en;
  const auto any = [&](WaitingItem::Kind one, WaitingItem::Kind other) {
    return std::any_of(items.begin(), items.end(), [&](const WaitingItem& item) {
      return item.kind == one || item.kind == other;
    });
  };
  std::string lines;
  if (any(WaitingItem::Kind::unmatched, WaitingItem::Kind::ambiguous)) {
    lines +=
        fmt::format("{}: {}\n", english ? "To decide the payments" : "Platby vyřídíte příkazem",
                    command_line("review", box_file));
  }
  if (any(WaitingItem::Kind::unrecognised, WaitingItem::Kind::quarantined)) {
    lines += fmt::format(
        "{}: {}\n", english ? "To look at a mail" : "Zprávu si prohlédnete příkazem",
        command_line(english ? "messages show NUMBER" : "messages show ČÍSLO", box_file));
  }
  return lines.empty() ? lines : "\n" + lines;
}

}  // namespace

std::string amount_in_words_of(Language language, Amount amount, Currency currency) {
  const std::string plain = (amount.is_negative() ? -amount : amount).decimal();
  const auto point = plain.find('.');
  const char* sign = amount.is_negative() ? "-" : "";
  if (language == Language::en) {
    return fmt::format("{} {}{}{}", currency.code(), sign, grouped(plain.substr(0, point), ','),
                       plain.substr(point));
  }
  return fmt::format("{}{},{} {}", sign, grouped(plain.substr(0, point), ' '),
                     plain.substr(point + 1),
                     currency == Currency::czk() ? std::string_view("Kč") : currency.code());
}

std::string day_in_words_of(Language language, Date day) {
  if (language == Language::en) return day.iso();
  const std::chrono::year_month_day date(day.days());
  return fmt::format("{}. {}. {}", static_cast<unsigned>(date.day()),
                     static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
}

MailText payment_notification(Language language, const MatchResult& match,
                              const std::vector<Document>& documents) {
  if (documents.empty() || documents.size() != match.allocations.size()) {
    throw Error(ExitCode::software, "a notification needs the document of every allocation");
  }
  MailText mail{subject_of(language, match, documents), {}};
  for (std::size_t place = 0; place < documents.size(); ++place) {
    const bool last = place + 1 == documents.size();
    const bool over = last && match.status == MatchStatus::overpaid;
    mail.text += sentence(language, documents[place], match.allocations[place].amount,
                          over ? match.unallocated : Amount()) +
                 "\n";
  }
  return mail;
}

MailText correction_notification(Language language, const std::vector<Document>& documents,
                                 const std::vector<Amount>& taken_off) {
  if (documents.empty() || documents.size() != taken_off.size()) {
    throw Error(ExitCode::software, "a correction needs the amount of every document");
  }
  const bool english = language == Language::en;
  const char* word = english ? "Correction" : "Oprava";
  MailText mail;
  mail.subject =
      documents.size() == 1
          ? fmt::format("{}: {} {}", word, words_of(language, documents[0].kind).in_subject,
                        harmless(documents[0].number))
          : fmt::format("{}: {}", word,
                        english ? fmt::format("{} documents", documents.size())
                                : plural(documents.size(), "doklad", "doklady", "dokladů"));
  for (std::size_t place = 0; place < documents.size(); ++place) {
    const Document& document = documents[place];
    const auto money = [&](Amount amount) {
      return amount_in_words_of(language, amount, document.currency);
    };
    const KindWords words = words_of(language, document.kind);
    mail.text += fmt::format("{} {}", words.name, harmless(document.number));
    if (document.partner.name && !one_line(*document.partner.name).empty()) {
      mail.text += fmt::format(" {} {}", words.partner, harmless(*document.partner.name));
    }
    mail.text +=
        english ? fmt::format(
                      " in the amount of {}: a payment reported earlier was taken off "
                      "it, {}; {} is outstanding.\n",
                      money(document.amount), money(taken_off[place]), money(document.outstanding))
                : fmt::format(
                      " na částku {}: dříve oznámená úhrada {} byla zrušena, zbývá "
                      "{}.\n",
                      money(document.amount), money(taken_off[place]), money(document.outstanding));
  }
  return mail;
}

MailText waiting_digest(Language language, const std::vector<WaitingItem>& items, std::size_t total,
                        const std::string& box_file) {
  MailText mail;
  mail.subject =
      language == Language::en
          ? fmt::format("{} waiting for a person", plural(total, "item", "items", "items"))
          : fmt::format("Čeká na vyřízení: {}", plural(total, "položka", "položky", "položek"));
  std::size_t written = 0;
  for (const auto kind : {WaitingItem::Kind::unmatched, WaitingItem::Kind::ambiguous,
                          WaitingItem::Kind::unrecognised, WaitingItem::Kind::quarantined}) {
    bool headed = false;
    for (const WaitingItem& item : items) {
      if (item.kind != kind || written == most_items) continue;
      if (!headed) {
        mail.text += fmt::format("{}{}:\n", mail.text.empty() ? "" : "\n", heading(language, kind));
        headed = true;
      }
      mail.text += item_lines(item.what, item.why, item.path);
      ++written;
    }
  }
  mail.text += rest_line(language, written, total);
  mail.text += what_to_do(language, items, box_file);
  return mail;
}

MailText error_report(Language language, const std::string& box,
                      const std::vector<FailedItem>& items, std::size_t total,
                      const std::string& box_file) {
  MailText mail;
  mail.subject = language == Language::en
                     ? fmt::format("paymentctl, box {}: {}", harmless(box),
                                   plural(total, "fault", "faults", "faults"))
                     : fmt::format("paymentctl, schránka {}: {}", harmless(box),
                                   plural(total, "chyba", "chyby", "chyb"));
  const std::size_t written = std::min(items.size(), most_items);
  for (std::size_t place = 0; place < written; ++place) {
    mail.text += item_lines(items[place].what, items[place].why, items[place].path);
  }
  mail.text += rest_line(language, written, total);
  mail.text +=
      fmt::format("\n{}: {}\n", language == Language::en ? "How the box is doing" : "Stav schránky",
                  command_line("status", box_file));
  return mail;
}

MailText late_digest(Language language, const std::vector<MailText>& notifications) {
  MailText mail;
  mail.subject = language == Language::en
                     ? fmt::format("{} that could not be sent earlier",
                                   plural(notifications.size(), "notification", "notifications",
                                          "notifications"))
                     : fmt::format("Dříve neodeslaná oznámení: {}", notifications.size());
  for (const MailText& notification : notifications) mail.text += notification.text;
  return mail;
}

}  // namespace paymentctl
