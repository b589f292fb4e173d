#pragma once

#include <string>
#include <vector>

#include "parse/payment_builder.hpp"

namespace paymentctl {

/// What one bank's formats make of one text of a mail.
struct BankOutcome {
  enum class Kind { none, payments, ignored, doubtful };
  Kind kind = Kind::none;
  Payments payments;
  Ignored ignored;
  std::string reason;         ///< of doubtful; of none: the nearest format and what it misses
  std::size_t explained = 0;  ///< lines that the winning format found
  std::size_t nearest = 0;    ///< of none: lines that the nearest format found
};

/// Whether the nearest format is looked for where none fits; that takes longer than reading a mail
/// which one fits.
enum class Nearest { wanted, unwanted };

BankOutcome read_bank(const FoldedMail& mail, Region region, const Message& message,
                      const Bank& bank, const ParseSettings& settings,
                      Nearest nearest = Nearest::wanted);

/// Where the items of a digest stand; empty where none begins.
std::vector<Region> blocks_of(const FoldedMail& mail, Region region, const Block& block);

}  // namespace paymentctl
