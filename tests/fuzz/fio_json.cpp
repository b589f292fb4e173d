#include "statement.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return read_statement_input(paymentctl::StatementFormat::fio_json, data, size);
}
