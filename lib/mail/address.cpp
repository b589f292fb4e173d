#include "mail/address.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "mail/charset.hpp"
#include "mail/header_text.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

enum class TokenKind { text, quoted, comment, angle, comma, colon };

struct Token {
  TokenKind kind;
  std::string text;  ///< without its delimiters
};

/// The position behind a quoted string or a comment that begins at `at`; fills its content.
std::size_t read_enclosed(std::string_view text, std::size_t at, char open, char close,
                          std::string& content) {
  std::size_t depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      content.push_back(text[++at]);
    } else if (c == close && (open != close || depth > 0)) {
      if (--depth == 0) return at + 1;
      content.push_back(c);
    } else if (c == open) {
      if (depth++ > 0) content.push_back(c);
    } else {
      content.push_back(c);
    }
  }
  return at;
}

std::vector<Token> split(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    std::string content;
    if (c == '"') {
      at = read_enclosed(text, at, '"', '"', content);
      tokens.push_back({TokenKind::quoted, std::move(content)});
    } else if (c == '(') {
      at = read_enclosed(text, at, '(', ')', content);
      tokens.push_back({TokenKind::comment, std::move(content)});
    } else if (c == '<') {
      const std::size_t end = std::min(text.find('>', at), text.size());
      tokens.push_back({TokenKind::angle, std::string(text.substr(at + 1, end - at - 1))});
      at = std::min(end + 1, text.size());
    } else if (c == ',' || c == ';' || c == ':') {
      tokens.push_back({c == ':' ? TokenKind::colon : TokenKind::comma, {}});
      ++at;
    } else {
      const std::size_t word = encoded_word_length(text.substr(at));
      const std::size_t length = std::max<std::size_t>(word, 1);
      if (tokens.empty() || tokens.back().kind != TokenKind::text) {
        tokens.push_back({TokenKind::text, {}});
      }
      tokens.back().text.append(text.substr(at, length));
      at += length;
    }
  }
  return tokens;
}

/// `text` as an addr-spec with the domain in lower case, or empty where it is none.
std::string as_address(std::string_view text) {
  text = ascii::trim(text);
  // An obsolete route: `@one.example,@two.example:name@domain`.
  if (!text.empty() && text.front() == '@' && text.find(':') != std::string_view::npos) {
    text.remove_prefix(text.find(':') + 1);
  }
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return {};
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const bool is_quoted = local.size() > 2 && local.front() == '"' && local.back() == '"';
  for (const char c : local) {
    if (ascii::is_control(c)) return {};
    if (!is_quoted && (c == ' ' || c == '@' || c == '"' || c == '<' || c == '(')) return {};
  }
  for (const char c : domain) {
    const bool is_plain = ascii::is_letter(c) || ascii::is_digit(c) || c == '.' || c == '-' ||
                          static_cast<unsigned char>(c) >= 0x80;
    if (!is_plain) return {};
  }
  std::string address = std::string(local) + "@" + ascii::lower(domain);
  return is_utf8(address) ? address : std::string();
}

/// One element of the list between commas.
struct Element {
  std::string phrase;  ///< the words before an angle address, encoded words still encoded
  std::string bare;    ///< the words that could be an address themselves
  std::string comment;
  std::vector<std::string> angles;
  bool is_bare_quoted = false;
};

std::vector<Element> elements(const std::vector<Token>& tokens) {
  std::vector<Element> list(1);
  for (const Token& token : tokens) {
    Element& element = list.back();
    switch (token.kind) {
      case TokenKind::comma:
      case TokenKind::colon:
        list.emplace_back();
        break;
      case TokenKind::comment:
        element.comment = token.text;
        break;
      case TokenKind::angle:
        element.angles.push_back(token.text);
        break;
      case TokenKind::quoted:
        element.phrase += token.text;
        element.bare += '"' + token.text + '"';
        break;
      case TokenKind::text:
        element.phrase += token.text;
        element.bare += token.text;
        break;
    }
  }
  return list;
}

}  // namespace

Sender read_sender(std::string_view from) {
  Sender sender;
  const std::vector<Token> tokens = split(from);
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::colon) {
      sender.refused = "the sender is a group of addresses, so nobody is the one who sent it";
    }
  }
  std::size_t count = 0;
  std::string name;
  for (const Element& element : elements(tokens)) {
    const auto add = [&](const std::string& address, std::string_view words) {
      // A display name with an unquoted comma comes in pieces.
      if (!ascii::trim(words).empty()) {
        if (!ascii::trim(name).empty()) name += ", ";
        name += ascii::trim(words);
      }
      if (address.empty()) return;
      ++count;
      sender.address = address;
    };
    if (element.angles.empty()) {
      const std::string address = as_address(element.bare);
      add(address, address.empty() ? element.phrase : element.comment);
    } else {
      for (const std::string& angle : element.angles) add(as_address(angle), {});
      add({}, ascii::trim(element.phrase).empty() ? element.comment : element.phrase);
      // An empty or broken address beside a good one is two senders as well.
      if (element.angles.size() > 1) count = std::max<std::size_t>(count, 2);
    }
  }
  sender.name = decode_header_text(name);
  if (count > 1) {
    sender.refused = "the mail names several senders, so nobody is the one who sent it";
  }
  if (sender.refused) sender.address.clear();
  return sender;
}

}  // namespace paymentctl
