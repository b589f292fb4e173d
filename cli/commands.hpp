#pragma once

#include "cli.hpp"

namespace paymentctl::cli {

// One function a command, each in a file of its name; in the order of `paymentctl --help`.
void add_documents(CommandLine& line);
void add_payments(CommandLine& line);
void add_messages(CommandLine& line);
void add_doctor(CommandLine& line);
void add_init(CommandLine& line);

}  // namespace paymentctl::cli
