#include "model/names.hpp"

#include <array>
#include <cstddef>

namespace paymentctl {
namespace {

template <typename Enumeration>
struct Names;

template <>
struct Names<Direction> {
  static constexpr std::array<std::string_view, 2> all = {"incoming", "outgoing"};
};
template <>
struct Names<PaymentKind> {
  static constexpr std::array<std::string_view, 7> all = {"transfer", "card", "cash", "fee",
                                                          "interest", "loan", "other"};
};
template <>
struct Names<DocumentKind> {
  static constexpr std::array<std::string_view, 4> all = {"issued_invoice", "received_invoice",
                                                          "other_receivable", "other_payable"};
};
template <>
struct Names<DocumentStatus> {
  static constexpr std::array<std::string_view, 4> all = {"open", "partially_paid", "paid",
                                                          "cancelled"};
};
template <>
struct Names<MatchStatus> {
  static constexpr std::array<std::string_view, 5> all = {"paid", "partially_paid", "overpaid",
                                                          "ambiguous", "unmatched"};
};
template <>
struct Names<MatchRule> {
  static constexpr std::array<std::string_view, 6> all = {"symbol-amount",  "symbol-partial",
                                                          "symbol-over",    "account-amount",
                                                          "message-symbol", "account-sum"};
};

template <typename Enumeration>
std::string_view lookup(Enumeration value) {
  return Names<Enumeration>::all.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name_of(Direction value) { return lookup(value); }
std::string_view name_of(PaymentKind value) { return lookup(value); }
std::string_view name_of(DocumentKind value) { return lookup(value); }
std::string_view name_of(DocumentStatus value) { return lookup(value); }
std::string_view name_of(MatchStatus value) { return lookup(value); }
std::string_view name_of(MatchRule value) { return lookup(value); }

template <typename Enumeration>
std::optional<Enumeration> value_of(std::string_view name) {
  const auto& all = Names<Enumeration>::all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == name) return static_cast<Enumeration>(i);
  }
  return std::nullopt;
}

template std::optional<Direction> value_of(std::string_view);
template std::optional<PaymentKind> value_of(std::string_view);
template std::optional<DocumentKind> value_of(std::string_view);
template std::optional<DocumentStatus> value_of(std::string_view);
template std::optional<MatchStatus> value_of(std::string_view);
template std::optional<MatchRule> value_of(std::string_view);

}  // namespace paymentctl
