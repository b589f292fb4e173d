#include "mail/mime.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "mail/parameters.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

/// A multipart whose closing boundary has not come yet.
struct Level {
  std::string boundary;
  bool is_digest = false;
  bool is_attachment = false;
};

struct Line {
  std::string_view text;  ///< without its end
  std::size_t next = 0;   ///< where the following line begins
};

Line line_at(std::string_view raw, std::size_t at) {
  const std::size_t end = raw.find('\n', at);
  if (end == std::string_view::npos) return {raw.substr(at), raw.size()};
  std::string_view text = raw.substr(at, end - at);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return {text, end + 1};
}

bool is_field_name(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127; });
}

/// What an entity says about itself.
struct Entity {
  LeafPart leaf;
  bool is_multipart = false;
  bool is_mail = false;
  Level level;
};

class Walk {
 public:
  Walk(std::string_view raw, const MailLimits& limits) : raw_(raw), limits_(limits) {}

  MimeStructure run() {
    std::size_t at = read_fields(0, result_.headers);
    result_.body_begin = at;
    if (raw_.size() > limits_.size) {
      refuse("the mail has " + std::to_string(raw_.size()) + " bytes, more than the limit of " +
             std::to_string(limits_.size));
    }
    if (!result_.refused && result_.headers.empty())
      refuse("the file is no mail: it has no header");
    std::vector<HeaderField> fields = result_.headers;
    for (std::size_t parts = 1; !result_.refused; ++parts) {
      if (parts > limits_.parts) {
        refuse("the mail has more than " + std::to_string(limits_.parts) + " parts");
        break;
      }
      Delimiter delimiter = read_entity(fields, at);
      while (delimiter.is_found && delimiter.closes) {
        levels_.resize(delimiter.level);
        delimiter = find_delimiter(delimiter.next);
      }
      if (!delimiter.is_found) break;
      levels_.resize(delimiter.level + 1);
      fields.clear();
      at = read_fields(delimiter.next, fields);
    }
    if (result_.refused) result_.leaves.clear();
    return std::move(result_);
  }

 private:
  struct Delimiter {
    bool is_found = false;
    bool closes = false;
    std::size_t level = 0;
    std::size_t body_end = 0;
    std::size_t next = 0;
  };

  void refuse(std::string reason) {
    if (!result_.refused) result_.refused = std::move(reason);
  }

  /// Innermost first, so that a boundary that repeats an outer one belongs to the inner part.
  [[nodiscard]] Delimiter match(std::string_view line) const {
    while (!line.empty() && ascii::is_space(line.back())) line.remove_suffix(1);
    if (line.substr(0, 2) != "--") return {};
    line.remove_prefix(2);
    for (std::size_t i = levels_.size(); i-- > 0;) {
      const std::string& boundary = levels_[i].boundary;
      if (line == boundary) return {true, false, i, 0, 0};
      const bool closes = line.size() == boundary.size() + 2 &&
                          line.substr(0, boundary.size()) == boundary &&
                          line.substr(boundary.size()) == "--";
      if (closes) return {true, true, i, 0, 0};
    }
    return {};
  }

  /// The next boundary line at or after `at`, where a line begins; else the end of the mail.
  [[nodiscard]] Delimiter find_delimiter(std::size_t at) const {
    const std::size_t start = at;
    while (!levels_.empty() && at < raw_.size()) {
      if (raw_.compare(at, 2, "--") == 0) {
        const Line line = line_at(raw_, at);
        Delimiter found = match(line.text);
        if (found.is_found) {
          std::size_t end = at;
          if (end > start && raw_[end - 1] == '\n') --end;
          if (end > start && raw_[end - 1] == '\r') --end;
          found.body_end = end;
          found.next = line.next;
          return found;
        }
      }
      const std::size_t end = raw_.find('\n', at);
      if (end == std::string_view::npos) break;
      at = end + 1;
    }
    return {false, false, 0, raw_.size(), raw_.size()};
  }

  /// Reads header lines up to the empty line; returns where the body begins. A line that is no
  /// header ends them too: its text belongs to the body.
  std::size_t read_fields(std::size_t at, std::vector<HeaderField>& fields) {
    while (at < raw_.size()) {
      const Line line = line_at(raw_, at);
      if (line.text.empty()) return line.next;
      if (match(line.text).is_found) return at;
      if (ascii::is_blank(line.text.front())) {
        if (fields.empty()) return at;
        std::string_view& value = fields.back().value;
        const char* const end = line.text.data() + line.text.size();
        value = std::string_view(value.data(), static_cast<std::size_t>(end - value.data()));
      } else {
        const std::size_t colon = std::min(line.text.find(':'), line.text.size());
        std::string_view name = line.text.substr(0, colon);
        while (!name.empty() && ascii::is_blank(name.back())) name.remove_suffix(1);
        if (colon == line.text.size() || !is_field_name(name)) {
          const bool is_mbox_line = fields.empty() && (line.text.substr(0, 5) == "From " ||
                                                       line.text.substr(0, 6) == ">From ");
          if (!is_mbox_line) return at;
          at = line.next;
          continue;
        }
        if (fields.size() == limits_.headers) {
          refuse("the mail has more than " + std::to_string(limits_.headers) + " header lines");
          return raw_.size();
        }
        fields.push_back({name, line.text.substr(colon + 1)});
      }
      if (fields.back().value.size() > limits_.header_line) {
        fields.back().value = {};
        refuse("the header " + std::string(fields.back().name.substr(0, 40)) +
               " is longer than the limit of " + std::to_string(limits_.header_line) + " bytes");
        return raw_.size();
      }
      at = line.next;
    }
    return at;
  }

  Delimiter read_entity(const std::vector<HeaderField>& fields, std::size_t at) {
    Entity entity = describe(fields);
    if (entity.is_mail) {
      refuse("the mail holds another mail as an attachment; a forwarded notice proves nothing");
    }
    if (entity.is_multipart) {
      if (entity.level.boundary.empty()) {
        refuse("the mail is damaged: it has several parts but does not say what divides them");
      } else if (levels_.size() == limits_.depth) {
        refuse("the parts of the mail are nested deeper than " + std::to_string(limits_.depth));
      }
      if (result_.refused) return {};
      levels_.push_back(std::move(entity.level));
      return find_delimiter(at);  // what stands before the first boundary is for nobody
    }
    const Delimiter delimiter = find_delimiter(at);
    entity.leaf.body = raw_.substr(at, delimiter.body_end - at);
    if (!delimiter.is_found) {
      entity.leaf.end = levels_.empty() ? PartEnd::mail : PartEnd::missing_boundary;
    }
    result_.leaves.push_back(std::move(entity.leaf));
    return delimiter;
  }

  /// The only field of that name; two that differ are a trap for one of two readers.
  const HeaderField* only(const std::vector<HeaderField>& fields, std::string_view name) {
    const HeaderField* found = nullptr;
    for (const HeaderField& field : fields) {
      if (!ascii::equal(field.name, name)) continue;
      if (found && ascii::trim(found->value) != ascii::trim(field.value)) {
        refuse("the mail contradicts itself: it has two different headers " + std::string(name));
      }
      if (!found) found = &field;
    }
    return found;
  }

  Entity describe(const std::vector<HeaderField>& fields) {
    Entity entity;
    LeafPart& leaf = entity.leaf;
    const bool is_in_digest = !levels_.empty() && levels_.back().is_digest;
    if (is_in_digest) leaf.media_type = "message/rfc822";
    leaf.is_attachment = !levels_.empty() && levels_.back().is_attachment;
    if (const auto* field = only(fields, "Content-Type")) {
      const ParameterField type = read_parameters(field->value);
      const std::size_t slash = type.value.find('/');
      const bool is_type = slash != std::string::npos && slash > 0 && slash + 1 < type.value.size();
      if (is_type) {
        leaf.media_type = type.value;
      } else if (!type.value.empty()) {
        leaf.media_type = "text/plain";  // RFC 2045, 5.2
      }
      leaf.charset = type.parameter("charset");
      leaf.file_name = type.parameter("name");
      entity.level.boundary = ascii::trim(type.parameter("boundary"));
    }
    if (const auto* field = only(fields, "Content-Disposition")) {
      const ParameterField disposition = read_parameters(field->value);
      // RFC 2183, 2.8: a disposition that nobody knows is an attachment.
      if (!disposition.value.empty() && disposition.value != "inline") leaf.is_attachment = true;
      const std::string_view name = disposition.parameter("filename");
      if (!name.empty()) leaf.file_name = name;
    }
    if (const auto* field = only(fields, "Content-Transfer-Encoding")) {
      const std::string encoding = read_parameters(field->value).value;
      if (encoding == "quoted-printable") leaf.encoding = TransferEncoding::quoted_printable;
      if (encoding == "base64") leaf.encoding = TransferEncoding::base64;
    }
    entity.is_multipart = leaf.media_type.rfind("multipart/", 0) == 0;
    entity.is_mail = leaf.media_type == "message/rfc822" || leaf.media_type == "message/global";
    entity.level.is_digest = leaf.media_type == "multipart/digest";
    entity.level.is_attachment = leaf.is_attachment;
    return entity;
  }

  std::string_view raw_;
  const MailLimits& limits_;
  MimeStructure result_;
  std::vector<Level> levels_;
};

}  // namespace

MimeStructure take_apart(std::string_view raw, const MailLimits& limits) {
  return Walk(raw, limits).run();
}

const HeaderField* find_header(const std::vector<HeaderField>& headers, std::string_view name) {
  for (const HeaderField& field : headers) {
    if (ascii::equal(field.name, name)) return &field;
  }
  return nullptr;
}

}  // namespace paymentctl
