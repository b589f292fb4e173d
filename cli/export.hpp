#pragma once

#include "cli.hpp"

namespace paymentctl::cli {

/// The command `export` below `documents`: what `documents import` takes back, or allocations.
void add_documents_export(CommandLine& line, CLI::App& documents);

/// The command `export` below `payments`: payments with all their members, or allocations.
void add_payments_export(CommandLine& line, CLI::App& payments);

}  // namespace paymentctl::cli
