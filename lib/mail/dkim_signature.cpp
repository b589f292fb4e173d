#include "mail/dkim_signature.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mail/domain.hpp"
#include "mail/tag_list.hpp"
#include "mail/transfer_encoding.hpp"
#include "model/ascii.hpp"
#include "model/visible.hpp"

namespace paymentctl {
namespace {

constexpr std::size_t most_signed_headers = 200;
constexpr std::size_t longest_name = 253;

/// Labels of letters, digits, hyphens and underscores, apart by dots: what may be asked for.
bool is_dns_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
    } else if (!ascii::is_letter(c) && !ascii::is_digit(c) && c != '-' && c != '_') {
      return false;
    } else if (++label > 63) {
      return false;
    }
  }
  return label > 0;
}

template <typename Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<Canonicalization> canonicalization(std::string_view name) {
  if (name == "simple") return Canonicalization::simple;
  if (name == "relaxed") return Canonicalization::relaxed;
  return std::nullopt;
}

/// Fills a DkimHeader tag by tag; the first thing that is wrong is the answer.
class SignatureReader {
 public:
  explicit SignatureReader(const TagList& tags) : tags_(tags) {}

  std::variant<DkimHeader, std::string> read() {
    if (tags_.value("v") != "1") return "its version is not 1";
    if (!read_algorithm()) return "its algorithm " + shown("a") + " is not known";
    if (!read_digests()) return "its signature or the digest of the body is no base64";
    if (!read_canonicalization()) return "its canonicalization " + shown("c") + " is not known";
    header_.domain = ascii::lower(tags_.value("d").value_or(""));
    header_.selector = ascii::lower(tags_.value("s").value_or(""));
    if (!is_dns_name(header_.domain)) return "it names no domain that could be looked up";
    if (!is_dns_name(header_.selector)) return "it names no key that could be looked up";
    if (auto fault = read_headers()) return *std::move(fault);
    if (auto fault = read_identity()) return *std::move(fault);
    if (!read_numbers()) return "its length or its times are no numbers";
    const auto query = tags_.value("q");
    if (query) {
      const auto methods = colon_list(*query);
      if (std::find(methods.begin(), methods.end(), "dns/txt") == methods.end()) {
        return "its key is not in DNS";
      }
    }
    return std::move(header_);
  }

 private:
  /// For a person: a header may hold any bytes.
  [[nodiscard]] std::string shown(std::string_view tag) const {
    return visible(tags_.value(tag).value_or("").substr(0, 40));
  }

  bool read_algorithm() {
    header_.algorithm_name = shown("a");
    const std::string& name = header_.algorithm_name;
    if (name == "rsa-sha256") header_.algorithm = SignatureAlgorithm::rsa_sha256;
    if (name == "rsa-sha1") header_.algorithm = SignatureAlgorithm::rsa_sha1;
    if (name == "ed25519-sha256") header_.algorithm = SignatureAlgorithm::ed25519_sha256;
    return name == "rsa-sha256" || name == "rsa-sha1" || name == "ed25519-sha256";
  }

  bool read_digests() {
    const Tag* const signature = tags_.find("b");
    if (signature == nullptr) return false;
    header_.signature_text = signature->whole;
    auto bytes = strict_base64(signature->value);
    auto digest = strict_base64(tags_.value("bh").value_or(""));
    if (!bytes || bytes->empty() || !digest || digest->empty()) return false;
    header_.signature = *std::move(bytes);
    header_.body_digest = *std::move(digest);
    return true;
  }

  bool read_canonicalization() {
    const std::string_view both = tags_.value("c").value_or("simple/simple");
    const std::size_t slash = both.find('/');
    const auto head = canonicalization(both.substr(0, slash));
    const auto body = canonicalization(slash == std::string_view::npos ? std::string_view("simple")
                                                                       : both.substr(slash + 1));
    if (!head || !body) return false;
    header_.head = *head;
    header_.body = *body;
    return true;
  }

  std::optional<std::string> read_headers() {
    const auto names = tags_.value("h");
    if (!names) return "it does not say which headers it signs";
    for (const std::string_view name : colon_list(*names)) {
      const bool is_name =
          std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127; });
      if (!is_name) return "it names headers that cannot be";
      header_.signed_headers.push_back(ascii::lower(name));
    }
    const auto& all = header_.signed_headers;
    if (all.size() > most_signed_headers) return "it names too many headers";
    if (std::find(all.begin(), all.end(), "from") == all.end()) {
      return "it does not sign the sender (From)";
    }
    return std::nullopt;
  }

  std::optional<std::string> read_identity() {
    const auto identity = tags_.value("i");
    header_.identity_domain = header_.domain;
    if (!identity) return std::nullopt;
    const std::size_t at = identity->rfind('@');
    if (at == std::string_view::npos) return "its identity is no address";
    header_.identity_domain = ascii::lower(identity->substr(at + 1));
    if (!is_in_domain(header_.identity_domain, header_.domain)) {
      return "its identity lies outside its domain";
    }
    return std::nullopt;
  }

  bool read_numbers() {
    const auto length = tags_.value("l");
    const auto signed_at = tags_.value("t");
    const auto expires = tags_.value("x");
    if (length) header_.body_length = whole_number<std::uint64_t>(*length);
    if (expires) header_.expires = whole_number<std::int64_t>(*expires);
    const auto begin = signed_at ? whole_number<std::int64_t>(*signed_at) : std::nullopt;
    const bool are_numbers =
        (!length || header_.body_length) && (!expires || header_.expires) && (!signed_at || begin);
    return are_numbers && (!begin || !header_.expires || *header_.expires >= *begin);
  }

  const TagList& tags_;
  DkimHeader header_;
};

}  // namespace

std::optional<std::string> strict_base64(std::string_view text) {
  std::size_t count = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (ascii::is_space(c)) continue;
    ++count;
    const bool is_sign = ascii::is_letter(c) || ascii::is_digit(c) || c == '+' || c == '/';
    if (c == '=') {
      ++padding;
    } else if (!is_sign || padding > 0) {
      return std::nullopt;
    }
  }
  if (count % 4 != 0 || padding > 2) return std::nullopt;
  return decode_base64(text).bytes;
}

std::variant<DkimHeader, std::string> read_dkim_header(std::string_view value) {
  const auto tags = TagList::read(value);
  if (!tags) return "it is no list of tags";
  return SignatureReader(*tags).read();
}

std::optional<DkimKey> read_dkim_key(std::string_view record) {
  const auto tags = TagList::read(record);
  if (!tags || tags->tags.empty()) return std::nullopt;
  // Where there is a version it stands first; other records may share the name.
  const Tag* const version = tags->find("v");
  if (version != nullptr && (version != &tags->tags.front() || version->value != "DKIM1")) {
    return std::nullopt;
  }
  const auto text = tags->value("p");
  const auto bytes = text ? strict_base64(*text) : std::nullopt;
  if (!bytes) return std::nullopt;
  DkimKey key;
  key.bytes = *bytes;
  key.type = tags->value("k").value_or("rsa");
  if (const auto digests = tags->value("h")) {
    for (const std::string_view digest : colon_list(*digests)) key.digests.emplace_back(digest);
  }
  const auto services = colon_list(tags->value("s").value_or("*"));
  const bool is_for_mail = std::any_of(services.begin(), services.end(), [](std::string_view name) {
    return name == "*" || name == "email";
  });
  if (!is_for_mail) return std::nullopt;
  const auto flags = colon_list(tags->value("t").value_or(""));
  key.is_test = std::find(flags.begin(), flags.end(), "y") != flags.end();
  key.is_strict = std::find(flags.begin(), flags.end(), "s") != flags.end();
  return key;
}

}  // namespace paymentctl
