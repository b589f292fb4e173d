// In place of dialect_postgresql.cpp in a build without PostgreSQL.
#include "ledger/dialect.hpp"
#include "ledger/server_url.hpp"

namespace paymentctl {

std::unique_ptr<Dialect> postgresql_dialect(const std::string& url, int /*busy_timeout_ms*/) {
  throw Error(ExitCode::config, "ledger " + url_without_password(url) +
                                    ": this paymentctl was built without PostgreSQL; give the key "
                                    "ledger in box.xml the name of a file");
}

}  // namespace paymentctl
