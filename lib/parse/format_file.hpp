#pragma once

#include "parse/format.hpp"

namespace paymentctl {

/// Bounds on a format file; beyond them it is refused.
struct FormatLimits {
  std::size_t size = 512u << 10;
  std::size_t rules = 100;
  std::size_t layouts = 40;  ///< of one format
  std::size_t lines = 80;    ///< of one layout
  std::size_t labels = 64;   ///< of one line
};

/// What stands in a file before its patterns are compiled: enough to find the bank of a sender.
struct FileOutline {
  BankFacts facts;
  std::vector<std::string> ids;  ///< of formats and named ignore rules
  bool replaces = false;
};

/// Whether expressions are compiled with their file, which finds their faults, or each when a mail
/// first needs it, for files that are known to be sound.
enum class Compiling { now, when_needed };

/// Both throw Error(config) "NAME line N: …". No DOCTYPE, hence no entities beyond XML's own.
FileOutline outline_of(const FormatFile& file);
Bank compile_bank(const FormatFile& file, Compiling compiling, const FormatLimits& limits = {});

}  // namespace paymentctl
