#include "import/xml_reader.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <type_traits>
#include <vector>

#include <expat.h>
#include <fmt/format.h>

#include "model/ascii.hpp"
#include "platform/charset.hpp"

namespace paymentctl {
namespace {

constexpr int piece = 1 << 16;
constexpr std::size_t longest_tag = 1U << 20;
constexpr std::size_t longest_text = 1U << 16;
constexpr std::size_t deepest_element = 64;
constexpr char separator = '\x1f';  // between namespace and name; no URI holds it

using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)>;

/// The code point that a byte stands for, or -1.
int code_point(char byte, std::string_view charset) {
  const auto text = convert_to_utf8({&byte, 1}, charset);
  if (!text || text->empty()) return -1;
  const auto at = [&](std::size_t index) { return static_cast<unsigned char>((*text)[index]); };
  if (at(0) < 0x80) return at(0);
  const std::size_t length = at(0) < 0xE0 ? 2 : at(0) < 0xF0 ? 3 : 4;
  if (text->size() != length || length == 4) return -1;
  int code = at(0) & (length == 2 ? 0x1F : 0x0F);
  for (std::size_t index = 1; index < length; ++index) code = (code << 6) | (at(index) & 0x3F);
  return code;
}

/// Between expat, which is C, and a listener, which may throw.
class Reading {
 public:
  explicit Reading(XmlListener& listener)
      : listener_(listener), parser_(XML_ParserCreateNS(nullptr, separator), &XML_ParserFree) {
    if (!parser_) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), &Reading::on_begin, &Reading::on_end);
    XML_SetCharacterDataHandler(parser_.get(), &Reading::on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), &Reading::on_doctype);
    XML_SetUnknownEncodingHandler(parser_.get(), &Reading::on_encoding, nullptr);
  }

  void read(std::istream& input) {
    for (bool last = false; !last;) {
      void* room = XML_GetBuffer(parser_.get(), piece);
      if (room == nullptr) throw std::bad_alloc();
      input.read(static_cast<char*>(room), piece);
      if (input.bad()) throw Error(ExitCode::io, "the file cannot be read to its end");
      const auto size = static_cast<int>(input.gcount());
      last = size < piece;
      fed_ += static_cast<std::size_t>(size);
      const XML_Status status = XML_ParseBuffer(parser_.get(), size, last ? 1 : 0);
      if (thrown_) std::rethrow_exception(thrown_);
      if (status != XML_STATUS_OK) refuse();
      // A tag without end would have to be kept whole.
      const auto taken = XML_GetCurrentByteIndex(parser_.get());
      if (!last && fed_ - static_cast<std::size_t>(taken < 0 ? 0 : taken) > longest_tag) {
        throw XmlError(line(), "a tag is longer than 1 MiB");
      }
    }
  }

 private:
  [[nodiscard]] int line() const {
    return static_cast<int>(XML_GetCurrentLineNumber(parser_.get()));
  }

  [[noreturn]] void refuse() const {
    const XML_Error code = XML_GetErrorCode(parser_.get());
    const char* why = XML_ErrorString(code);
    std::string text = fmt::format("not well-formed XML: {}", why == nullptr ? "unknown" : why);
    if (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN) {
      text = fed_ == 0 ? "the file is empty" : "the XML ends in the middle; is the file complete?";
    } else if (code == XML_ERROR_INVALID_TOKEN || code == XML_ERROR_UNKNOWN_ENCODING) {
      text += "; is the file in the encoding that its first line names?";
    }
    throw XmlError(line(), text);
  }

  template <typename Work>
  void guarded(Work&& work) {
    if (thrown_) return;
    try {
      work();
    } catch (...) {
      thrown_ = std::current_exception();
      XML_StopParser(parser_.get(), XML_FALSE);
    }
  }

  void begin(std::string_view name, const char** attributes) {
    if (begun_.size() == deepest_element)
      throw XmlError(line(), "elements stand in more than 64 others");
    XmlElement element{};
    if (const auto end = name.rfind(separator); end != std::string_view::npos) {
      element.namespace_name = name.substr(0, end);
      name.remove_prefix(end + 1);
    }
    begun_.push_back({path_.size(), line()});
    if (!path_.empty()) path_ += '/';
    path_ += name;
    element.path = path_;
    element.name = name;
    element.attributes = attributes;
    element.line = begun_.back().line;
    text_.clear();
    is_leaf_ = true;
    listener_.begin(element);
  }

  void end() {
    const Begun& element = begun_.back();
    listener_.end(path_, is_leaf_ ? ascii::trim(text_) : std::string_view(), element.line);
    path_.resize(element.path_before);
    begun_.pop_back();
    is_leaf_ = false;
  }

  static void on_begin(void* self, const char* name, const char** attributes) {
    auto* reading = static_cast<Reading*>(self);
    reading->guarded([&] { reading->begin(name, attributes); });
  }
  static void on_end(void* self, const char* /*name*/) {
    auto* reading = static_cast<Reading*>(self);
    reading->guarded([&] { reading->end(); });
  }
  static void on_text(void* self, const char* text, int size) {
    auto* reading = static_cast<Reading*>(self);
    reading->guarded([&] {
      const std::size_t room = longest_text - reading->text_.size();
      reading->text_.append(text, std::min(room, static_cast<std::size_t>(size)));
    });
  }
  static void on_doctype(void* self, const char* /*name*/, const char* /*system*/,
                         const char* /*identifier*/, int /*has_subset*/) {
    auto* reading = static_cast<Reading*>(self);
    reading->guarded([&] {
      throw XmlError(reading->line(), "a DOCTYPE has no place in it; entities are not taken");
    });
  }
  static int on_encoding(void* /*nothing*/, const char* name, XML_Encoding* encoding) {
    bool is_known = false;
    try {
      for (int byte = 0; byte < 256; ++byte) {
        encoding->map[byte] = byte < 128 ? byte : code_point(static_cast<char>(byte), name);
        is_known = is_known || (byte >= 128 && encoding->map[byte] >= 0);
      }
    } catch (...) {
      return XML_STATUS_ERROR;
    }
    encoding->data = nullptr;
    encoding->convert = nullptr;
    encoding->release = nullptr;
    return is_known ? XML_STATUS_OK : XML_STATUS_ERROR;
  }
  struct Begun {
    std::size_t path_before = 0;
    int line = 0;
  };

  XmlListener& listener_;
  Parser parser_;
  std::exception_ptr thrown_;
  std::size_t fed_ = 0;
  std::string path_;
  std::string text_;
  std::vector<Begun> begun_;
  bool is_leaf_ = false;
};

}  // namespace

std::string_view XmlElement::attribute(std::string_view wanted) const {
  for (const char* const* each = attributes; each != nullptr && *each != nullptr; each += 2) {
    if (wanted == each[0]) return each[1];
  }
  return {};
}

void read_xml(std::istream& input, XmlListener& listener) { Reading(listener).read(input); }

}  // namespace paymentctl
