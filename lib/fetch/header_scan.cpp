#include "fetch/header_scan.hpp"

#include <algorithm>

namespace paymentctl {
namespace {

constexpr std::string_view field = "message-id";

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

/// What stands behind "Message-ID:" on this line, or nothing.
bool names_message_id(std::string_view line, std::string_view& value) {
  if (line.size() <= field.size()) return false;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (lower(line[i]) != field[i]) return false;
  }
  std::size_t at = field.size();
  while (at < line.size() && is_blank(line[at])) ++at;
  if (at == line.size() || line[at] != ':') return false;
  value = line.substr(at + 1);
  return true;
}

std::string cleaned(std::string_view value) {
  while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
  if (value.size() >= 2 && value.front() == '<' && value.back() == '>') {
    value.remove_prefix(1);
    value.remove_suffix(1);
  }
  const bool printable = std::all_of(value.begin(), value.end(),
                                     [](char letter) { return letter > ' ' && letter < 0x7f; });
  return printable && value.size() <= 998 ? std::string(value) : std::string();
}

}  // namespace

std::string message_id_of(std::string_view header) {
  std::string found;
  std::string current;
  bool inside = false;
  bool seen = false;
  bool differ = false;
  const auto end_field = [&] {
    if (!inside) return;
    std::string id = cleaned(current);
    if (seen && id != found) differ = true;
    found = std::move(id);
    seen = true;
    inside = false;
  };
  while (!header.empty()) {
    const std::size_t end = std::min(header.find('\n'), header.size());
    std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) break;
    if (is_blank(line.front())) {
      if (inside) current += line;
      continue;
    }
    end_field();
    std::string_view value;
    if (names_message_id(line, value)) {
      current = value;
      inside = true;
    }
  }
  end_field();
  return differ ? std::string() : found;
}

void MailDigest::update(std::string_view bytes) {
  all_.update(bytes);
  size_ += bytes.size();
  if (in_body_) {
    body_.update(bytes);
  } else {
    look_for_body(bytes);
  }
}

void MailDigest::look_for_body(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && !in_body_) {
    const std::size_t end = bytes.find('\n', at);
    const std::size_t stop = std::min(end, bytes.size());
    for (std::size_t i = at; i < stop && line_empty_; ++i) line_empty_ = bytes[i] == '\r';
    if (end == std::string_view::npos) {
      at = bytes.size();
    } else {
      at = end + 1;
      in_body_ = line_empty_;
      line_empty_ = true;
    }
  }
  const std::size_t room = header_limit - std::min(header_limit, header_.size());
  header_.append(bytes.substr(0, std::min(at, room)));
  if (in_body_) body_.update(bytes.substr(at));
}

MailDigest::Result MailDigest::finish() {
  Result result;
  result.size = size_;
  result.sha256 = all_.finish();
  result.body_sha256 = body_.finish();
  if (header_.size() < header_limit) result.message_id = message_id_of(header_);
  if (header_.size() > shown_header) header_.resize(shown_header);
  result.header = std::move(header_);
  return result;
}

}  // namespace paymentctl
