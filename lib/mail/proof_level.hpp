#pragma once

#include <string_view>

namespace paymentctl {

/// How well the sender of a mail is proven; in rising order.
enum class ProofLevel {
  none,    ///< nothing speaks for him
  failed,  ///< something should, and does not hold
  weak,    ///< proven, with reasons for doubt
  strong
};

constexpr std::string_view name_of(ProofLevel level) {
  switch (level) {
    case ProofLevel::none:
      return "none";
    case ProofLevel::failed:
      return "failed";
    case ProofLevel::weak:
      return "weak";
    case ProofLevel::strong:
      break;
  }
  return "strong";
}

}  // namespace paymentctl
