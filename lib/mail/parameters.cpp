#include "mail/parameters.hpp"

#include <algorithm>
#include <cstddef>

#include "mail/charset.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

/// More than any mail program writes; it bounds the search among segments.
constexpr std::size_t most_parameters = 64;

class ParameterReader {
 public:
  explicit ParameterReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return text_.empty(); }

  bool take(char sign) {
    skip_blanks_and_comments();
    if (text_.empty() || text_.front() != sign) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// Signs up to one of `ends`, without comments and blanks.
  std::string word(std::string_view ends) {
    std::string result;
    for (;;) {
      skip_blanks_and_comments();
      if (text_.empty() || ends.find(text_.front()) != std::string_view::npos) return result;
      result.push_back(ascii::lower(text_.front()));
      text_.remove_prefix(1);
    }
  }

  std::string value() {
    skip_blanks_and_comments();
    if (!text_.empty() && text_.front() == '"') return quoted();
    // Unquoted values hold signs in practice that need quotes by the standard: `=`, `?`, `/`.
    const std::size_t end = std::min(text_.find_first_of("; \t\r\n"), text_.size());
    std::string result(text_.substr(0, end));
    text_.remove_prefix(end);
    return result;
  }

  void skip_past(char sign) {
    const std::size_t at = text_.find(sign);
    text_.remove_prefix(at == std::string_view::npos ? text_.size() : at + 1);
  }

 private:
  void skip_blanks_and_comments() {
    std::size_t depth = 0;
    std::size_t at = 0;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '(') {
        ++depth;
      } else if (depth > 0) {
        if (c == ')') --depth;
        if (c == '\\') ++at;
      } else if (!ascii::is_space(c)) {
        break;
      }
    }
    text_.remove_prefix(std::min(at, text_.size()));
  }

  std::string quoted() {
    std::string result;
    std::size_t at = 1;
    for (; at < text_.size() && text_[at] != '"'; ++at) {
      if (text_[at] == '\r' || text_[at] == '\n') continue;  // a fold
      if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
      result.push_back(text_[at]);
    }
    text_.remove_prefix(std::min(at + 1, text_.size()));
    return result;
  }

  std::string_view text_;
};

/// RFC 2231: `name*`, `name*0`, `name*0*`.
struct Segment {
  std::string name;
  std::size_t number = 0;
  bool is_encoded = false;
  std::string value;
};

Segment split_name(std::string name, std::string value) {
  Segment segment{std::move(name), 0, false, std::move(value)};
  if (!segment.name.empty() && segment.name.back() == '*') {
    segment.is_encoded = true;
    segment.name.pop_back();
  }
  const std::size_t star = segment.name.find('*');
  if (star == std::string::npos) return segment;
  for (const char c : segment.name.substr(star + 1)) {
    if (ascii::is_digit(c) && segment.number < most_parameters) {
      segment.number = segment.number * 10 + static_cast<std::size_t>(c - '0');
    }
  }
  segment.name.resize(star);
  return segment;
}

void join_segments(std::vector<Segment> segments, ParameterField& field) {
  std::stable_sort(segments.begin(), segments.end(),
                   [](const Segment& a, const Segment& b) { return a.number < b.number; });
  while (!segments.empty()) {
    const std::string name = segments.front().name;
    std::string charset;
    std::string bytes;
    for (const Segment& segment : segments) {
      if (segment.name != name) continue;
      std::string_view value = segment.value;
      if (segment.is_encoded && segment.number == 0) {
        const std::size_t language = value.find('\'');
        const std::size_t text =
            language == std::string_view::npos ? language : value.find('\'', language + 1);
        if (text != std::string_view::npos) {
          charset = value.substr(0, language);
          value.remove_prefix(text + 1);
        }
      }
      bytes += segment.is_encoded ? ascii::undo_hex(value, '%') : std::string(value);
    }
    std::erase_if(segments, [&](const Segment& segment) { return segment.name == name; });
    if (field.parameter(name).empty()) {
      field.parameters.emplace_back(name, decode_charset(std::move(bytes), charset));
    }
  }
}

}  // namespace

std::string_view ParameterField::parameter(std::string_view name) const {
  for (const auto& [key, content] : parameters) {
    if (key == name) return content;
  }
  return {};
}

ParameterField read_parameters(std::string_view text) {
  ParameterField field;
  ParameterReader reader(text);
  field.value = reader.word(";");
  std::vector<Segment> segments;
  for (std::size_t count = 0; count < most_parameters && !reader.at_end(); ++count) {
    reader.take(';');
    std::string name = reader.word("=;");
    if (!reader.take('=')) continue;
    std::string value = reader.value();
    // Whatever stands between a value and the next semicolon is nobody's.
    reader.skip_past(';');
    if (name.find('*') != std::string::npos) {
      segments.push_back(split_name(std::move(name), std::move(value)));
    } else if (field.parameter(name).empty()) {
      field.parameters.emplace_back(std::move(name), std::move(value));
    }
  }
  if (!segments.empty()) join_segments(std::move(segments), field);
  return field;
}

}  // namespace paymentctl
