#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ledger/ledger.hpp"

namespace paymentctl {

/// What a table of a copy holds, so that a person can compare it with the original.
struct CopiedTable {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t sum = 0;     ///< of the column amount, in hundredths; 0 where there is none
  std::string content;      ///< a digest of all rows, whatever their order
  std::int64_t copied = 0;  ///< rows that this call has brought
};

struct CopyOptions {
  std::int64_t company = 0;  ///< only what belongs to it; 0: everything
  /// How far it is: the table and the rows of it that have been looked at.
  std::function<void(const std::string& table, std::int64_t rows)> progress = [](const std::string&,
                                                                                 std::int64_t) {};
};

/// Copies every row with its numbers, as `from` is at one moment, and compares the two row by row
/// afterwards. What a copy that was broken off has brought is passed over, so it goes on where it
/// ended; until it is whole nobody can open it but by Ledger::open_to_be_filled(). Both have the
/// newest schema; either may be a file or on a server. Errors: data, naming the table, when `to`
/// holds anything that `from` does not have like that; then nothing was written.
std::vector<CopiedTable> copy_ledger(Ledger& from, Ledger& to, const CopyOptions& options);

/// Writes a copy of everything, as it is at one moment, into a new SQLite file that only its owner
/// may read; others go on working. Error(cannot_create) when there is a file of that name.
void backup_ledger(Ledger& ledger, const std::filesystem::path& file, const CopyOptions& options);

}  // namespace paymentctl
