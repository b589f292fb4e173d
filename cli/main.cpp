#include "commands.hpp"
#include "platform/own_memory.hpp"
#include "platform/terminal.hpp"

int main(int count, char** values) {
  using namespace paymentctl;
  keep_memory_private();
  prepare_streams();
  cli::CommandLine line;
  cli::add_run(line);
  cli::add_fetch(line);
  cli::add_parse(line);
  cli::add_match(line);
  cli::add_post(line);
  cli::add_notify(line);
  cli::add_import_eml(line);
  cli::add_import_statement(line);
  cli::add_documents(line);
  cli::add_payments(line);
  cli::add_partners(line);
  cli::add_review(line);
  cli::add_messages(line);
  cli::add_status(line);
  cli::add_ledger(line);
  cli::add_archive(line);
  cli::add_formats(line);
  cli::add_mail_auth(line);
  cli::add_doctor(line);
  cli::add_init(line);
  cli::add_install_service(line);
  cli::add_uninstall_service(line);
  cli::add_service_status(line);
  cli::add_completion(line);
  return line.run(utf8_arguments(count, values));
}
