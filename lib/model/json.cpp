#include "model/json.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "model/error.hpp"
#include "model/names.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t longest_line = 1u << 20;
constexpr int deepest = 32;

[[noreturn]] void refuse(std::string_view member, const Json& value, std::string_view wanted) {
  std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (shown.size() > 60) shown = shown.substr(0, 60) + "…";
  throw Error(ExitCode::data, fmt::format("\"{}\" is {}, wanted {}", member, shown, wanted));
}

const Json& member(const Json& object, std::string_view name) {
  static const Json absent = nullptr;
  if (!object.is_object()) refuse(name, object, "an object around it");
  const auto found = object.find(std::string(name));
  return found == object.end() ? absent : *found;
}

std::optional<std::string> optional_text(const Json& object, std::string_view name) {
  const Json& value = member(object, name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) refuse(name, value, "a string or null");
  auto text = value.get<std::string>();
  if (text.empty()) refuse(name, value, "a string that is not empty, or null");
  if (text.find('\0') != std::string::npos) refuse(name, value, "a string without NUL");
  return text;
}

std::string text(const Json& object, std::string_view name) {
  auto value = optional_text(object, name);
  if (!value) refuse(name, nullptr, "a string");
  return *std::move(value);
}

/// A member that `parse` turns into a value, or null.
template <typename Parse>
auto optional_value(const Json& object, std::string_view name, std::string_view wanted,
                    Parse&& parse) -> decltype(parse(std::string_view())) {
  const auto value = optional_text(object, name);
  if (!value) return std::nullopt;
  auto parsed = parse(std::string_view(*value));
  if (!parsed) refuse(name, *value, wanted);
  return parsed;
}

template <typename Parse>
auto value(const Json& object, std::string_view name, std::string_view wanted, Parse&& parse) {
  auto parsed = optional_value(object, name, wanted, parse);
  if (!parsed) refuse(name, nullptr, wanted);
  return *std::move(parsed);
}

std::optional<AccountNumber> account(const Json& object, std::string_view name) {
  return optional_value(object, name, "an account number whose check digits hold",
                        [](std::string_view text) { return AccountNumber::parse(text); });
}

std::optional<Symbol> symbol(const Json& object, std::string_view name) {
  return optional_value(object, name, "1 to 10 digits",
                        [](std::string_view text) { return Symbol::parse(text); });
}

int whole_number(const Json& object, std::string_view name, int smallest) {
  const Json& value = member(object, name);
  if (!value.is_number_integer() || value < smallest || value > 100'000) {
    refuse(name, value, fmt::format("a whole number from {} to 100000", smallest));
  }
  return value.get<int>();
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json or_null(const std::optional<AccountNumber>& value) {
  return value ? Json(value->str()) : Json(nullptr);
}
Json or_null(const std::optional<Symbol>& value) {
  return value ? Json(value->str()) : Json(nullptr);
}
Json or_null(const std::optional<Amount>& value) {
  return value ? Json(value->decimal()) : Json(nullptr);
}
Json or_null(const std::optional<Date>& value) {
  return value ? Json(value->iso()) : Json(nullptr);
}
Json null_if_empty(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

/// An object from members whose names differ. Unlike braces it moves the values, and it does not
/// look for each name among those before it.
class Members {
 public:
  explicit Members(std::size_t count) { members().reserve(count); }

  Members& add(std::string_view name, Json value) {
    members().emplace_back(std::string(name), std::move(value));
    return *this;
  }

  Json take() { return std::move(object_); }

 private:
  Json::object_t& members() { return object_.get_ref<Json::object_t&>(); }

  Json object_ = Json::object();
};

/// Without anything that JSON escapes or that is no UTF-8.
bool is_plain(std::string_view text) {
  bool is_ascii = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f || c == '"' || c == '\\') return false;
    is_ascii = is_ascii && byte < 0x80;
  }
  return is_ascii || is_utf8(text);
}

void append_plain(std::string_view text, std::string& line) {
  line.push_back('"');
  line.append(text);
  line.push_back('"');
}

/// What to_line() says; most of a notice's values need no more than quotes.
void append(const Json& value, std::string& line) {
  const auto other = [&line](const Json& rest) {
    line += rest.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  const auto text = [&](const std::string& of) {
    if (is_plain(of)) return append_plain(of, line);
    other(of);
  };
  if (value.is_object()) {
    char before = '{';
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      line.push_back(before);
      text(name);
      line.push_back(':');
      append(member, line);
      before = ',';
    }
    line += before == '{' ? "{}" : "}";
  } else if (value.is_array()) {
    char before = '[';
    for (const Json& element : value) {
      line.push_back(before);
      append(element, line);
      before = ',';
    }
    line += before == '[' ? "[]" : "]";
  } else if (value.is_string()) {
    text(value.get_ref<const std::string&>());
  } else if (value.is_null()) {
    line += "null";
  } else if (value.is_number_integer()) {
    line += value.is_number_unsigned() ? std::to_string(value.get<std::uint64_t>())
                                       : std::to_string(value.get<std::int64_t>());
  } else {
    other(value);
  }
}

}  // namespace

Json json_object(std::string_view line) {
  if (line.size() > longest_line) {
    throw Error(ExitCode::data, "the line is longer than 1 MiB");
  }
  int depth = 0;
  const auto bounded = [&depth](int level, Json::parse_event_t, Json&) {
    depth = std::max(depth, level);
    if (level > deepest) throw Error(ExitCode::data, "the JSON is nested more than 32 levels deep");
    return true;
  };
  try {
    Json value = Json::parse(line, bounded);
    if (!value.is_object()) throw Error(ExitCode::data, "the line is JSON, but not an object");
    return value;
  } catch (const Json::exception& error) {
    std::string_view why = error.what();
    if (const auto end = why.find("] "); end != std::string_view::npos) why.remove_prefix(end + 2);
    throw Error(ExitCode::data, fmt::format("not valid JSON: {}", why));
  }
}

std::string to_line(const Json& value) {
  std::string line;
  line.reserve(1024);
  append(value, line);
  return line;
}

Json to_json(const Source& source) {
  return Members(7)
      .add("path", null_if_empty(source.path))
      .add("sha256", null_if_empty(source.sha256))
      .add("message_id", null_if_empty(source.message_id))
      .add("index", source.index)
      .add("count", source.count)
      .add("format", null_if_empty(source.format))
      .add("policy", null_if_empty(source.policy))
      .take();
}

Json to_json(const Payment& payment) {
  return Members(17)
      .add("type", "payment")
      .add("source", to_json(payment.source))
      .add("bank", null_if_empty(payment.bank))
      .add("kind", name_of(payment.kind))
      .add("direction", name_of(payment.direction))
      .add("amount", payment.amount.decimal())
      .add("currency", payment.currency.code())
      .add("booked_on", payment.booked_on.iso())
      .add("booked_time", or_null(payment.booked_time))
      .add("own_account", or_null(payment.own_account))
      .add("counterparty", Members(2)
                               .add("account", or_null(payment.counterparty.account))
                               .add("name", or_null(payment.counterparty.name))
                               .take())
      .add("variable_symbol", or_null(payment.variable_symbol))
      .add("constant_symbol", or_null(payment.constant_symbol))
      .add("specific_symbol", or_null(payment.specific_symbol))
      .add("message", or_null(payment.message))
      .add("bank_reference", or_null(payment.bank_reference))
      .add("balance", or_null(payment.balance))
      .take();
}

Json to_json(const Document& document) {
  return {{"kind", name_of(document.kind)},
          {"number", document.number},
          {"partner",
           {{"id", or_null(document.partner.id)},
            {"name", or_null(document.partner.name)},
            {"account", or_null(document.partner.account)}}},
          {"variable_symbol", or_null(document.variable_symbol)},
          {"currency", document.currency.code()},
          {"amount", document.amount.decimal()},
          {"paid", document.paid.decimal()},
          {"outstanding", document.outstanding.decimal()},
          {"issued_on", or_null(document.issued_on)},
          {"due_on", or_null(document.due_on)},
          {"status", name_of(document.status)}};
}

Json to_json(const DocumentRef& document) {
  Members members(3);
  members.add("kind", name_of(document.kind)).add("number", document.number);
  if (!document.partner.empty()) members.add("partner", document.partner);
  return members.take();
}

Json to_json(const MatchResult& result, Json payment) {
  Json allocations = Json::array();
  for (const Allocation& allocation : result.allocations) {
    allocations.push_back(Members(3)
                              .add("document", to_json(allocation.document))
                              .add("amount", allocation.amount.decimal())
                              .take());
  }
  Json candidates = Json::array();
  for (const DocumentRef& candidate : result.candidates) candidates.push_back(to_json(candidate));
  // Room for what posting adds as well.
  return Members(10)
      .add("type", "match")
      .add("payment", std::move(payment))
      .add("status", name_of(result.status))
      .add("rule", result.rule ? Json(name_of(*result.rule)) : Json(nullptr))
      .add("allocations", std::move(allocations))
      .add("unallocated", result.unallocated.decimal())
      .add("candidates", std::move(candidates))
      .add("why", result.why)
      .take();
}

Source source_from_json(const Json& json) {
  Source source;
  source.path = optional_text(json, "path").value_or("");
  source.sha256 = optional_text(json, "sha256").value_or("");
  source.message_id = optional_text(json, "message_id").value_or("");
  source.format = optional_text(json, "format").value_or("");
  source.policy = optional_text(json, "policy").value_or("");
  source.index = whole_number(json, "index", 0);
  source.count = whole_number(json, "count", 1);
  if (source.index >= source.count) refuse("index", source.index, "a number below \"count\"");
  return source;
}

Payment payment_from_json(const Json& json) {
  Payment payment;
  payment.source = source_from_json(member(json, "source"));
  payment.bank = optional_text(json, "bank").value_or("");
  payment.kind = value(json, "kind", "a kind of payment",
                       [](std::string_view word) { return value_of<PaymentKind>(word); });
  payment.direction = value(json, "direction", "incoming or outgoing",
                            [](std::string_view word) { return value_of<Direction>(word); });
  payment.amount = value(json, "amount", "a decimal above 0, at most 999999999999.99",
                         [](std::string_view word) {
                           auto amount = Amount::from_decimal(word);
                           return amount && amount->is_payable() ? amount : std::nullopt;
                         });
  payment.currency = value(json, "currency", "an ISO 4217 code",
                           [](std::string_view word) { return Currency::from_code(word); });
  payment.booked_on = value(json, "booked_on", "a day as YYYY-MM-DD",
                            [](std::string_view word) { return Date::from_iso(word); });
  payment.booked_time = optional_text(json, "booked_time");
  payment.own_account = account(json, "own_account");
  const Json& other = member(json, "counterparty");
  payment.counterparty.account = account(other, "account");
  payment.counterparty.name = optional_text(other, "name");
  payment.variable_symbol = symbol(json, "variable_symbol");
  payment.constant_symbol = symbol(json, "constant_symbol");
  payment.specific_symbol = symbol(json, "specific_symbol");
  payment.message = optional_text(json, "message");
  payment.bank_reference = optional_text(json, "bank_reference");
  payment.balance = optional_value(json, "balance", "a decimal", [](std::string_view word) {
    return Amount::from_decimal(word);
  });
  return payment;
}

DocumentRef document_ref_from_json(const Json& json) {
  return {value(json, "kind", "a kind of document",
                [](std::string_view word) { return value_of<DocumentKind>(word); }),
          text(json, "number"), optional_text(json, "partner").value_or("")};
}

MatchResult match_from_json(const Json& json) {
  MatchResult result;
  result.status = value(json, "status", "a status of matching",
                        [](std::string_view word) { return value_of<MatchStatus>(word); });
  result.rule = optional_value(json, "rule", "a rule of matching",
                               [](std::string_view word) { return value_of<MatchRule>(word); });
  const auto list = [&json](std::string_view name) -> const Json& {
    const Json& all = member(json, name);
    if (!all.is_array()) refuse(name, all, "an array");
    return all;
  };
  for (const Json& entry : list("allocations")) {
    result.allocations.push_back(
        {document_ref_from_json(member(entry, "document")),
         value(entry, "amount", "a decimal above 0", [](std::string_view word) {
           auto amount = Amount::from_decimal(word);
           return amount && amount->is_payable() ? amount : std::nullopt;
         })});
  }
  for (const Json& entry : list("candidates")) {
    result.candidates.push_back(document_ref_from_json(entry));
  }
  result.unallocated = value(json, "unallocated", "a decimal",
                             [](std::string_view word) { return Amount::from_decimal(word); });
  result.why = text(json, "why");
  return result;
}

}  // namespace paymentctl
