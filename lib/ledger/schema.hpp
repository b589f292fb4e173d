#pragma once

#include <string>
#include <vector>

#include "ledger/database.hpp"

namespace paymentctl {

/// Brings an empty or older ledger to newest_schema_version(), each step in a transaction of its
/// own. Error(config) for a newer one, Error(data) for somebody else's database; with `may_write`
/// false an older or empty one is Error(config) too.
void migrate(Database& database, bool may_write, bool takes_unfinished = false);

/// A copy that is not finished is no ledger: migrate() refuses it but to whoever goes on with it.
void mark_unfinished(Database& database, bool unfinished);

/// A table as a copy has to know it.
struct LedgerTable {
  std::string name;
  std::vector<std::string> key;  ///< the columns of its primary key
  std::string of_company;        ///< which rows belong to the company :company
};

/// All but schema_version, each behind those that its rows refer to.
const std::vector<LedgerTable>& ledger_tables();

}  // namespace paymentctl
