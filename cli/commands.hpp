#pragma once

#include "cli.hpp"

namespace paymentctl::cli {

// One function a command, each in a file of its name; in the order of `paymentctl --help`.
void add_run(CommandLine& line);
void add_fetch(CommandLine& line);
void add_parse(CommandLine& line);
void add_match(CommandLine& line);
void add_post(CommandLine& line);
void add_notify(CommandLine& line);
void add_import_eml(CommandLine& line);
void add_import_statement(CommandLine& line);
void add_documents(CommandLine& line);
void add_payments(CommandLine& line);
void add_partners(CommandLine& line);
void add_review(CommandLine& line);
void add_messages(CommandLine& line);
void add_status(CommandLine& line);
void add_ledger(CommandLine& line);
void add_archive(CommandLine& line);
void add_formats(CommandLine& line);
void add_mail_auth(CommandLine& line);
void add_doctor(CommandLine& line);
void add_init(CommandLine& line);
void add_install_service(CommandLine& line);
void add_uninstall_service(CommandLine& line);
void add_service_status(CommandLine& line);
void add_completion(CommandLine& line);

}  // namespace paymentctl::cli
