#pragma once

#include <vector>

#include "parse/catalog.hpp"

namespace paymentctl {

/// parsers/*.xml as they were when the program was built; made by cmake/embed_formats.cmake.
const std::vector<FormatFile>& builtin_formats();

}  // namespace paymentctl
