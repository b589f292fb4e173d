#include "commands.hpp"
#include "platform/terminal.hpp"

int main(int count, char** values) {
  using namespace paymentctl;
  prepare_streams();
  cli::CommandLine line;
  return line.run(utf8_arguments(count, values));
}
