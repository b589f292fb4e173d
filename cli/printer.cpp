#include "printer.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <utf8proc.h>

#include "import/csv.hpp"
#include "model/error.hpp"
#include "model/visible.hpp"

namespace paymentctl::cli {
namespace {

constexpr std::size_t rows_that_decide = 1000;

std::string cell_text(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return to_line(value);
}

std::string cell_of(const Column& column, const Json& object) {
  if (column.text) return column.text(object);
  const Json::json_pointer place(column.pointer);
  return object.contains(place) ? cell_text(object.at(place)) : std::string();
}

std::string csv_name(const Column& column) {
  std::string name = column.pointer.substr(column.pointer.empty() ? 0 : 1);
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

/// At most `width` cells, the last one an ellipsis where something is missing.
std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::string kept = text;
  while (display_width(kept) >= width) {
    kept.pop_back();
    while (!kept.empty() && (static_cast<unsigned char>(kept.back()) & 0xC0u) == 0x80u) {
      kept.pop_back();
    }
    if (!kept.empty() && (static_cast<unsigned char>(kept.back()) & 0x80u) != 0) kept.pop_back();
  }
  return kept + "…";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t taken = utf8proc_iterate(bytes, left, &code);
    if (taken < 1) {
      taken = 1;
      code = 0xFFFD;
    }
    width += static_cast<std::size_t>(std::max(utf8proc_charwidth(code), 0));
    bytes += taken;
    left -= taken;
  }
  return width;
}

Printer::Printer(Output& out, Format format, std::vector<Column> columns)
    : out_(out), format_(format), columns_(std::move(columns)) {
  if (format_ == Format::csv) {
    std::string header;
    for (const Column& column : columns_) {
      header += (header.empty() ? "" : ",") + csv_name(column);
    }
    out_.write(header + "\n");
    return;
  }
  if (format_ == Format::table) {
    std::erase_if(columns_, [](const Column& column) { return column.title.empty(); });
    for (const Column& column : columns_) widths_.push_back(display_width(column.title));
  }
}

void Printer::row(const Json& object) {
  ++rows_;
  if (format_ == Format::json) {
    out_.write((rows_ == 1 ? "[\n " : ",\n ") + to_line(object));
    return;
  }
  if (format_ == Format::ndjson) {
    out_.write(to_line(object) + "\n");
    return;
  }
  if (format_ == Format::csv) {
    std::string line;
    for (std::size_t place = 0; place < columns_.size(); ++place) {
      line += (place == 0 ? "" : ",") + csv_field(cell_of(columns_[place], object));
    }
    out_.write(line + "\n");
    return;
  }
  std::vector<std::string> cells;
  for (std::size_t place = 0; place < columns_.size(); ++place) {
    cells.push_back(visible(cell_of(columns_[place], object)));
    if (!widths_settled_) {
      widths_[place] = std::clamp(display_width(cells.back()), widths_[place],
                                  std::max(columns_[place].widest, widths_[place]));
    }
  }
  if (widths_settled_) {
    table_row(cells);
    return;
  }
  waiting_.push_back(std::move(cells));
  if (waiting_.size() == rows_that_decide) flush_table();
}

void Printer::table_row(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t place = 0; place < cells.size(); ++place) {
    const std::string text = shortened(cells[place], widths_[place]);
    const std::string gap(widths_[place] - display_width(text), ' ');
    if (place > 0) line += "  ";
    line += columns_[place].right ? gap + text : text + gap;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out_.write(line + "\n");
}

void Printer::flush_table() {
  widths_settled_ = true;
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  table_row(titles);
  for (const std::vector<std::string>& cells : waiting_) table_row(cells);
  waiting_.clear();
}

void Printer::show() {
  if (!waiting_.empty()) flush_table();
  out_.flush();
}

void Printer::finish(std::string_view nothing) {
  if (format_ == Format::json) out_.write(rows_ == 0 ? "[]\n" : "\n]\n");
  if (format_ == Format::table) {
    if (rows_ == 0) {
      out_.write(std::string(nothing) + "\n");
    } else if (!widths_settled_) {
      flush_table();
    }
  }
  out_.flush();
}

namespace {

void print_members(Output& out, const Json& value, std::size_t depth) {
  const std::string indent(depth * 2, ' ');
  const auto line = [&](const std::string& name, const Json& item) {
    const bool nested = item.is_structured() && !item.empty();
    const std::string text = nested || item.is_structured() ? "" : visible(cell_text(item));
    const std::string shown = text.empty() ? (nested ? "" : " –") : " " + text;
    out.write(indent + name + shown + "\n");
    if (nested) print_members(out, item, depth + 1);
  };
  if (value.is_array()) {
    for (std::size_t place = 0; place < value.size(); ++place) {
      line(fmt::format("{}.", place + 1), value[place]);
    }
    return;
  }
  for (const auto& member : value.items()) {
    std::string name = member.key();
    std::replace(name.begin(), name.end(), '_', ' ');
    line(visible(name) + ":", member.value());
  }
}

}  // namespace

void print_object(Output& out, Format format, const Json& object) {
  if (format == Format::csv) {
    throw Error(ExitCode::usage, "csv is for lists; choose --format table, json or ndjson");
  }
  if (format == Format::table) {
    print_members(out, object, 0);
  } else if (format == Format::json) {
    out.write(object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } else {
    out.write(to_line(object) + "\n");
  }
  out.flush();
}

}  // namespace paymentctl::cli
