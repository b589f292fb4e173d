#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "import/fields.hpp"
#include "import/json_feed.hpp"
#include "model/error.hpp"

namespace paymentctl {
namespace {

using nlohmann::json;

/// Takes an array of flat objects, or with `in_array` false one such object. A number is taken as
/// its digits stand in the file, never as a floating-point value.
class DocumentSax {
 public:
  DocumentSax(bool in_array, JsonProgress& progress, Complaints& complaints,
              const DocumentSink& sink)
      : outer_(in_array ? 1 : 0), progress_(progress), complaints_(complaints), sink_(sink) {}

  bool null() { return value({}); }
  bool boolean(bool) { return refuse("true and false have no place in a document"); }
  bool number_integer(json::number_integer_t given) { return value(std::to_string(given)); }
  bool number_unsigned(json::number_unsigned_t given) { return value(std::to_string(given)); }
  bool number_float(json::number_float_t, const std::string& text) { return value(text); }
  bool string(const std::string& text) { return value(text); }
  bool binary(const json::binary_t&) { return refuse("binary data has no place here"); }

  bool start_array(std::size_t) {
    if (depth_ != 0 || outer_ == 0) return refuse("an array has no place here");
    ++depth_;
    return true;
  }
  bool end_array() {
    --depth_;
    return true;
  }
  bool start_object(std::size_t) {
    if (depth_ != outer_) {
      return refuse(depth_ < outer_ ? "an array of documents is wanted: [{…}, …]"
                                    : "an object has no place within a document");
    }
    ++depth_;
    fields_ = {};
    given_ = {};
    line_ = progress_.line;
    known_ = true;
    return true;
  }
  bool key(const std::string& name) {
    const auto column = document_column(name);
    column_ = column.value_or(document_columns_known.size());
    if (!column) {
      known_ = false;
      complaints_.add_value(progress_.line, {}, name,
                            fmt::format("a name of {}", fmt::join(document_columns_known, ", ")));
    } else if (given_.at(column_)) {
      known_ = false;
      complaints_.add(progress_.line, name, "the member stands in the document twice");
    } else {
      given_.at(column_) = true;
    }
    return true;
  }
  bool end_object() {
    --depth_;
    progress_.silent = 0;
    if (known_) take_document(fields_, line_, complaints_, sink_);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception& error) {
    std::string_view why = error.what();
    if (const auto end = why.find("] "); end != std::string_view::npos) why.remove_prefix(end + 2);
    return refuse(fmt::format("not valid JSON: {}", why));
  }

 private:
  bool value(std::string text) {
    progress_.silent = 0;
    if (depth_ != outer_ + 1) return refuse("a document is wanted, as an object {…}");
    if (column_ < fields_.size()) fields_.at(column_) = std::move(text);
    return true;
  }
  bool refuse(const std::string& text) {
    complaints_.add(progress_.line, {}, text);
    return false;
  }

  int outer_;
  JsonProgress& progress_;
  Complaints& complaints_;
  const DocumentSink& sink_;
  int depth_ = 0;
  int line_ = 0;
  std::size_t column_ = 0;
  bool known_ = true;
  DocumentFields fields_;
  std::array<bool, document_columns_known.size()> given_{};
};

}  // namespace

void read_json(std::istream& input, Complaints& complaints, const DocumentSink& sink) {
  ByteReader bytes(input);
  bytes.skip_mark();
  JsonProgress progress;
  DocumentSax sax(true, progress, complaints, sink);
  try {
    json::sax_parse(JsonFeed(bytes, progress), JsonFeed(), &sax);
  } catch (const Error& error) {
    if (error.code() != ExitCode::data || complaints.count() > 0) throw;
    complaints.add(progress.line, {}, error.what());
  }
}

void read_ndjson(std::istream& input, Complaints& complaints, const DocumentSink& sink) {
  ByteReader bytes(input);
  bytes.skip_mark();
  JsonProgress progress;
  std::string line;
  while (bytes.peek() >= 0) {
    progress.line = bytes.line();
    progress.silent = 0;
    line.clear();
    bool blank = true;
    bool too_long = false;
    for (int byte = bytes.get(); byte >= 0 && byte != '\n'; byte = bytes.get()) {
      blank = blank && (byte == ' ' || byte == '\t' || byte == '\r');
      too_long = too_long || line.size() == longest_json_token;
      if (!too_long) line.push_back(static_cast<char>(byte));
    }
    if (blank) continue;
    if (too_long) {
      complaints.add(progress.line, {}, "the line is longer than 1 MiB");
      continue;
    }
    DocumentSax sax(false, progress, complaints, sink);
    json::sax_parse(line, &sax);
  }
}

}  // namespace paymentctl
