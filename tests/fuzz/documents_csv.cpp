#include "documents.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return read_fuzzed_documents(data, size, paymentctl::DocumentFileFormat::csv);
}
