#include "import/statement.hpp"

#include <algorithm>
#include <array>

#include "import/statement_readers.hpp"

namespace paymentctl {
namespace {

constexpr std::array<std::string_view, 4> format_names = {"gpc", "camt.053", "mt940", "fio-json"};

bool digits_at(std::string_view text, std::size_t from, std::size_t count) {
  return text.size() >= from + count &&
         text.substr(from, count).find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string_view name_of(StatementFormat format) {
  return format_names.at(static_cast<std::size_t>(format));
}

std::optional<StatementFormat> statement_format(std::string_view name) {
  const auto found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) return std::nullopt;
  return static_cast<StatementFormat>(found - format_names.begin());
}

std::optional<StatementFormat> recognise_statement(std::string_view beginning) {
  if (beginning.starts_with("\xEF\xBB\xBF")) beginning.remove_prefix(3);
  const auto first = beginning.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  beginning.remove_prefix(first);
  const auto holds = [&beginning](std::string_view text) {
    return beginning.find(text) != std::string_view::npos;
  };
  if (beginning.starts_with("074") && digits_at(beginning, 3, 16)) return StatementFormat::gpc;
  if (beginning.front() == '<' && (holds("camt.053") || holds("BkToCstmrStmt"))) {
    return StatementFormat::camt053;
  }
  if (beginning.front() == '{' && holds("\"accountStatement\"")) return StatementFormat::fio_json;
  const bool swift = beginning.starts_with("GIBACZPX") || beginning.starts_with("{1:") ||
                     beginning.starts_with(":20:") || beginning.starts_with(":25:");
  if (swift || (holds("\n:20:") && holds("\n:25:"))) return StatementFormat::mt940;
  return std::nullopt;
}

std::vector<BankStatement> read_statements(std::istream& input, std::string_view name,
                                           StatementFormat format,
                                           const StatementSettings& settings,
                                           const MovementSink& sink) {
  StatementBuilder builder(name, format, settings, sink);
  switch (format) {
    case StatementFormat::gpc:
      read_gpc(input, builder);
      break;
    case StatementFormat::camt053:
      read_camt053(input, builder);
      break;
    case StatementFormat::mt940:
      read_mt940(input, builder);
      break;
    case StatementFormat::fio_json:
      read_fio_json(input, builder);
      break;
  }
  return builder.finish();
}

}  // namespace paymentctl
