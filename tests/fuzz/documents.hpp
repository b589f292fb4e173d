#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "import/documents.hpp"
#include "model/error.hpp"

/// A file of documents from a stranger: refused by line, or documents that are whole.
inline int read_fuzzed_documents(const std::uint8_t* data, std::size_t size,
                                 paymentctl::DocumentFileFormat format) {
  std::istringstream input(std::string(reinterpret_cast<const char*>(data), size));
  try {
    paymentctl::read_documents(
        input, "fuzz", format,
        [](const paymentctl::Document& document) {
          if (!document.amount.is_payable()) std::abort();
        },
        "26099981");
  } catch (const paymentctl::Error&) {
    return 0;
  }
  return 0;
}
