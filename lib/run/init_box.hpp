#pragma once

#include <filesystem>
#include <string>

namespace paymentctl {

/// A box.xml with every key, its meaning in a comment, and emlDir set to "eml".
std::string box_template();

/// Writes box.xml, an empty ledger and the folder eml into `folder`, which is created where
/// missing. Returns the path of box.xml. What is there already is never overwritten:
/// Error(cannot_create).
std::filesystem::path init_box(const std::filesystem::path& folder);

}  // namespace paymentctl
