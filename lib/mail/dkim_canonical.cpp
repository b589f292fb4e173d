#include "mail/dkim_canonical.hpp"

#include <algorithm>
#include <utility>

#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::string_view line_end = "\r\n";

/// The next line without its end; `text` then begins behind it.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (end != std::string_view::npos && !line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view without_blanks_behind(std::string_view text) {
  while (!text.empty() && ascii::is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void append_relaxed_value(std::string& to, std::string_view value) {
  const std::size_t begin = to.size();
  bool is_blank_due = false;
  while (!value.empty()) {
    // Unfolding leaves the blanks of the next line and takes the line end alone.
    for (const char c : take_line(value)) {
      if (ascii::is_blank(c)) {
        is_blank_due = true;
        continue;
      }
      if (is_blank_due && to.size() > begin) to.push_back(' ');
      is_blank_due = false;
      to.push_back(c);
    }
  }
}

/// Builds the canonical body line by line and knows which raw byte each of its bytes ends with.
class BodyWriter {
 public:
  BodyWriter(std::optional<std::uint64_t> length, std::size_t raw_size) : limit_(length) {
    result_.raw_end = raw_size;
  }

  /// `c` stands for the raw bytes up to `raw_end`.
  void put(char c, std::size_t raw_end) {
    ++result_.whole;
    if (limit_ && result_.whole > *limit_) return;
    result_.bytes.push_back(c);
    last_raw_ = raw_end;
  }
  void put(std::string_view text, std::size_t raw_end) {
    for (const char c : text) put(c, raw_end);
  }

  CanonicalBody finish() {
    if (limit_ && *limit_ < result_.whole) result_.raw_end = last_raw_;
    return std::move(result_);
  }

 private:
  std::optional<std::uint64_t> limit_;
  CanonicalBody result_;
  std::size_t last_raw_ = 0;
};

void put_simple(BodyWriter& writer, std::string_view line, std::size_t at) {
  for (const char c : line) writer.put(c, ++at);
}

void put_relaxed(BodyWriter& writer, std::string_view line, std::size_t at) {
  bool is_blank_due = false;
  for (const char c : without_blanks_behind(line)) {
    ++at;
    if (ascii::is_blank(c)) {
      is_blank_due = true;
      continue;
    }
    if (is_blank_due) writer.put(' ', at - 1);
    is_blank_due = false;
    writer.put(c, at);
  }
}

}  // namespace

void append_canonical_header(std::string& to, const HeaderField& field, Canonicalization kind) {
  if (kind == Canonicalization::relaxed) {
    for (const char c : field.name) to.push_back(ascii::lower(c));
    to.push_back(':');
    append_relaxed_value(to, field.value);
  } else {
    const char* const end = field.value.data() + field.value.size();
    std::string_view raw(field.name.data(), static_cast<std::size_t>(end - field.name.data()));
    to.append(take_line(raw));
    while (!raw.empty()) to.append(line_end).append(take_line(raw));
  }
  to.append(line_end);
}

CanonicalBody canonical_body(std::string_view body, Canonicalization kind,
                             std::optional<std::uint64_t> length) {
  BodyWriter writer(length, body.size());
  std::string_view rest = body;
  std::size_t empty_lines = 0;
  bool is_begun = false;
  // Empty lines count only when something follows them.
  std::size_t ended_at = 0;
  while (!rest.empty()) {
    const std::size_t at = body.size() - rest.size();
    const std::string_view line = take_line(rest);
    const bool is_relaxed = kind == Canonicalization::relaxed;
    if ((is_relaxed ? without_blanks_behind(line) : line).empty()) {
      ++empty_lines;
      continue;
    }
    if (is_begun) writer.put(line_end, ended_at);
    for (; empty_lines > 0; --empty_lines) writer.put(line_end, at);
    is_relaxed ? put_relaxed(writer, line, at) : put_simple(writer, line, at);
    is_begun = true;
    ended_at = body.size() - rest.size();
  }
  // RFC 6376, 3.4.3 and 3.4.4: an empty body is CRLF when simple and nothing when relaxed.
  if (is_begun || kind == Canonicalization::simple) writer.put(line_end, ended_at);
  return writer.finish();
}

}  // namespace paymentctl
