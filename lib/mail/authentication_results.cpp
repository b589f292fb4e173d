#include "mail/authentication_results.hpp"

#include <algorithm>
#include <utility>

#include "mail/domain.hpp"
#include "model/ascii.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_results = 100;
constexpr std::size_t most_properties = 50;
constexpr int deepest_comment = 20;

/// Reads the pieces of a header value one after the other. Whatever does not fit sets `is_broken`.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool is_broken() const { return is_broken_; }

  /// Blanks, line ends and comments.
  void skip() {
    while (at_ < text_.size()) {
      if (ascii::is_space(text_[at_])) {
        ++at_;
      } else if (text_[at_] != '(' || !skip_comment()) {
        return;
      }
    }
  }

  bool is_at_end() {
    skip();
    return at_ == text_.size();
  }

  /// Takes `sign` where it is the next one.
  bool take(char sign) {
    skip();
    if (at_ == text_.size() || text_[at_] != sign) return false;
    ++at_;
    return true;
  }

  /// Letters, digits, hyphens and underscores in lower case; empty where none stand there.
  std::string keyword() {
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && (ascii::is_letter(text_[at_]) || ascii::is_digit(text_[at_]) ||
                                  text_[at_] == '-' || text_[at_] == '_')) {
      ++at_;
    }
    return ascii::lower(text_.substr(begin, at_ - begin));
  }

  /// Quoted strings and bare signs that touch each other, as in "a b"@rb.cz; quotes undone.
  std::string value(std::string_view ends) {
    skip();
    std::string value;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        quoted(value);
      } else if (ascii::is_space(c) || c == '(' || ends.find(c) != std::string_view::npos) {
        break;
      } else if (ascii::is_control(c)) {
        is_broken_ = true;
        break;
      } else {
        value.push_back(c);
        ++at_;
      }
    }
    return value;
  }

 private:
  bool skip_comment() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
      } else if (c == '(') {
        if (++depth > deepest_comment) break;
      } else if (c == ')' && --depth == 0) {
        ++at_;
        return true;
      }
    }
    is_broken_ = true;
    at_ = text_.size();
    return false;
  }

  void quoted(std::string& to) {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return;
      }
      if (c == '\\' && at_ + 1 < text_.size()) ++at_;
      // A folded quoted string has its line end in the middle.
      if (text_[at_] != '\r' && text_[at_] != '\n') to.push_back(text_[at_]);
    }
    is_broken_ = true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool is_broken_ = false;
};

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

std::optional<std::string> read_id(Scanner& scanner) {
  std::string id = scanner.value(";");
  if (scanner.is_broken() || id.empty()) return std::nullopt;
  return id;
}

/// `header.d=rb.cz` and what follows it, up to the next `;`.
bool read_properties(Scanner& scanner, MethodResult& result) {
  while (!scanner.is_at_end()) {
    if (scanner.take(';')) return true;
    ResultProperty property;
    property.type = scanner.keyword();
    if (property.type.empty()) return false;
    const bool is_reason = property.type == "reason" && scanner.take('=');
    if (!is_reason) {
      // Microsoft writes `action=none` beside its dmarc result: a name without a type.
      if (scanner.take('.')) {
        property.name = scanner.keyword();
        if (property.name.empty()) return false;
      }
      if (!scanner.take('=')) return false;
    }
    property.value = scanner.value(";");
    if (scanner.is_broken()) return false;
    if (is_reason || property.name.empty()) continue;
    if (result.properties.size() == most_properties) return false;
    result.properties.push_back(std::move(property));
  }
  return true;
}

bool read_result(Scanner& scanner, MethodResult& result) {
  result.method = scanner.keyword();
  if (result.method.empty()) return false;
  if (scanner.take('/') && !is_number(scanner.keyword())) return false;
  if (!scanner.take('=')) return false;
  result.result = scanner.keyword();
  return !result.result.empty() && read_properties(scanner, result);
}

/// Words of a Received header behind `from` and `by`, in lower case.
struct Hop {
  std::string from;
  std::string by;
};

Hop read_hop(std::string_view value) {
  Scanner scanner(value);
  Hop hop;
  // "from A (…) by B (…) with …; date": each name follows its word at once.
  while (!scanner.is_at_end() && !scanner.is_broken() && !scanner.take(';')) {
    const std::string word = ascii::lower(scanner.value(";"));
    if (word == "from" && hop.from.empty() && hop.by.empty()) {
      hop.from = ascii::lower(scanner.value(";"));
    } else if (word == "by" && hop.by.empty()) {
      hop.by = ascii::lower(scanner.value(";"));
      break;
    }
  }
  return scanner.is_broken() ? Hop{} : hop;
}

bool is_own_hop(const Hop& hop, const Hop& above, std::string_view authserv_id) {
  const bool is_own = hop.by == "localhost" || is_in_domain(hop.by, authserv_id);
  return is_own && (above.from.empty() || above.from == hop.by);
}

bool passes(const MethodResult& result) { return result.result == "pass"; }

}  // namespace

std::string_view MethodResult::property(std::string_view type, std::string_view name) const {
  std::string_view value;
  int count = 0;
  for (const ResultProperty& each : properties) {
    if (each.type != type || each.name != name) continue;
    value = each.value;
    ++count;
  }
  return count == 1 ? value : std::string_view();
}

std::optional<std::string> authserv_id_of(std::string_view value) {
  Scanner scanner(value);
  return read_id(scanner);
}

std::optional<AuthenticationResults> read_authentication_results(std::string_view value) {
  Scanner scanner(value);
  AuthenticationResults header;
  const auto id = read_id(scanner);
  if (!id) return std::nullopt;
  header.authserv_id = *id;
  const std::string version = scanner.keyword();
  if (!version.empty() && version != "1") return std::nullopt;
  if (!scanner.take(';')) return std::nullopt;
  while (!scanner.is_at_end()) {
    MethodResult result;
    Scanner ahead = scanner;
    if (header.results.empty() && ahead.keyword() == "none" && ahead.is_at_end() &&
        !ahead.is_broken()) {
      return header;
    }
    if (header.results.size() == most_results || !read_result(scanner, result)) {
      return std::nullopt;
    }
    header.results.push_back(std::move(result));
  }
  if (scanner.is_broken() || header.results.empty()) return std::nullopt;
  return header;
}

const HeaderField* find_trusted_results(const std::vector<HeaderField>& headers,
                                        std::string_view authserv_id) {
  std::optional<Hop> above;
  for (const HeaderField& field : headers) {
    if (ascii::equal(field.name, "Received")) {
      Hop hop = read_hop(field.value);
      if (above && !is_own_hop(hop, *above, authserv_id)) return nullptr;
      above = std::move(hop);
    } else if (ascii::equal(field.name, "Authentication-Results") &&
               authserv_id_of(field.value) == authserv_id) {
      return &field;
    }
  }
  return nullptr;
}

ResultsVerdict judge_results(const AuthenticationResults& results,
                             const std::vector<std::string>& domains) {
  const auto count_of = [&results](std::string_view method) {
    return std::count_if(results.results.begin(), results.results.end(),
                         [method](const MethodResult& each) { return each.method == method; });
  };
  const auto has = [&](std::string_view method, auto&& domain_of) {
    return std::any_of(results.results.begin(), results.results.end(), [&](const auto& each) {
      return each.method == method && passes(each) && is_aligned(domain_of(each), domains);
    });
  };
  const auto from = [](const MethodResult& each) {
    return domain_of_address(each.property("header", "from"));
  };
  const auto signer = [](const MethodResult& each) {
    const std::string_view domain = each.property("header", "d");
    return domain.empty() ? domain_of_address(each.property("header", "i")) : domain;
  };
  const auto envelope = [](const MethodResult& each) {
    return domain_of_address(each.property("smtp", "mailfrom"));
  };
  if (count_of("dmarc") == 1 && has("dmarc", from)) return {ProofLevel::strong, "dmarc", ""};
  if (has("dkim", signer)) return {ProofLevel::strong, "dkim", ""};
  if (has("spf", envelope)) return {ProofLevel::weak, "spf", ""};
  return {ProofLevel::failed, "",
          results.results.empty() ? "it checked nothing"
                                  : "no result of it passes for a domain of the sender"};
}

}  // namespace paymentctl
