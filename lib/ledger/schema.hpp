#pragma once

#include "ledger/database.hpp"

namespace paymentctl {

/// Brings an empty or older ledger to newest_schema_version(), each step in a transaction of its
/// own. Error(config) for a newer one, Error(data) for somebody else's database; with `may_write`
/// false an older or empty one is Error(config) too.
void migrate(Database& database, bool may_write);

}  // namespace paymentctl
