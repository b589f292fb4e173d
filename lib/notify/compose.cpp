#include "notify/compose.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "model/base64.hpp"
#include "model/visible.hpp"
#include "platform/random.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_line = 76;      // RFC 2045 and RFC 2047 agree on it
constexpr std::size_t longest_subject = 500;  // bytes; a longer one is somebody's joke
// "Subject: =?UTF-8?B?" and "?=" leave 55 characters of base64 on the first line.
constexpr std::size_t bytes_of_word = 39;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// At most `limit` bytes of `text`, and no letter cut in two.
std::string_view whole_letters(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && is_continuation(text[limit])) --limit;
  return text.substr(0, limit);
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string subject_line(const std::string& subject) {
  constexpr std::string_view name = "Subject: ";
  const std::string line = one_line(subject);
  std::string_view rest = whole_letters(line, longest_subject);
  if (is_plain(rest) && name.size() + rest.size() <= longest_line &&
      rest.find("=?") == std::string_view::npos) {
    return fmt::format("{}{}\r\n", name, rest);
  }
  std::string out(name);
  while (!rest.empty()) {
    const std::string_view word = whole_letters(rest, bytes_of_word);
    rest.remove_prefix(word.size());
    out += fmt::format("=?UTF-8?B?{}?=\r\n", base64(word));
    if (!rest.empty()) out += ' ';
  }
  return out;
}

/// One address a line, so that no line grows long.
std::string address_lines(std::string_view name, const std::vector<std::string>& addresses) {
  std::string out;
  for (const std::string& address : addresses) {
    out += out.empty() ? fmt::format("{}: {}", name, address) : ",\r\n " + address;
  }
  if (!out.empty()) out += "\r\n";
  return out;
}

/// What of a Message-ID may stand between angle brackets.
std::string clean_id(std::string_view id) {
  std::string out;
  for (const char c : id.substr(0, 200)) {
    if (c > ' ' && c <= '~' && c != '<' && c != '>') out += c;
  }
  return out;
}

/// The character at `at` of a line as RFC 2045 writes it. At the start of a line a dot would be
/// SMTP's end of mail, and "From " an mbox's next mail.
std::string quoted(std::string_view line, std::size_t at, bool starts_line) {
  const char c = line[at];
  const bool shown = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && at + 1 < line.size());
  const bool risky = starts_line && (c == '.' || line.substr(at).starts_with("From "));
  if (shown && !risky) return {c};
  return fmt::format("={:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
}

void append_quoted(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::size_t room = longest_line - (at + 1 < line.size() ? 1 : 0);
    std::string piece = quoted(line, at, column == 0);
    if (column + piece.size() > room) {
      out += "=\r\n";
      column = 0;
      piece = quoted(line, at, true);
    }
    out += piece;
    column += piece.size();
  }
  out += "\r\n";
}

std::string quoted_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.pop_back();
    std::replace(line.begin(), line.end(), '\t', ' ');
    append_quoted(out, visible(line));
  }
  return out;
}

}  // namespace

std::optional<std::string> fault_of_address(std::string_view address) {
  if (address.empty()) return "is empty";
  if (address.size() > 254) return "is longer than 254 characters (RFC 5321)";
  for (const char c : address) {
    if (static_cast<unsigned char>(c) > '~') return "has letters outside ASCII";
    if (c <= ' ' || std::string_view("<>()[],;:\\\"").find(c) != std::string_view::npos) {
      return "has a character that an address cannot have";
    }
  }
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos) return "has no @";
  if (at == 0 || at + 1 == address.size()) return "has nothing on one side of its @";
  if (address.find('@', at + 1) != std::string_view::npos) return "has more than one @";
  return std::nullopt;
}

std::string new_message_id(std::string_view from) {
  const std::size_t at = from.find('@');
  const std::string domain =
      clean_id(at == std::string_view::npos ? std::string_view() : from.substr(at + 1));
  return random_uuid() + '@' + (domain.empty() ? "localhost" : domain);
}

std::string mail_date_of(Timestamp moment) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(moment - day));
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days.at(std::chrono::weekday(day).c_encoding()),
      static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
      static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
      time.seconds().count());
}

std::string compose_mail(const OutgoingMail& mail) {
  std::string out = fmt::format("Date: {}\r\nFrom: {}\r\n", mail_date_of(mail.date), mail.from);
  out += address_lines("To", mail.to);
  out += address_lines("Cc", mail.cc);
  out += subject_line(mail.subject);
  out += fmt::format("Message-ID: <{}>\r\n", clean_id(mail.message_id));
  out +=
      "MIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n"
      "Auto-Submitted: auto-generated\r\n"
      "\r\n";
  return out + quoted_text(mail.text);
}

}  // namespace paymentctl
