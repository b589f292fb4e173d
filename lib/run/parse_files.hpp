#pragma once

#include <filesystem>
#include <istream>

#include "run/stages.hpp"

namespace paymentctl {

/// Judges a mail file, or every *.eml below a folder, and hands the lines to the observer in the
/// order of the files. Anything unrecognised makes the report end with data (65). A single file
/// that cannot be read throws; in a folder it is a problem and the others go on.
void parse_path(const Judge& judge, const std::filesystem::path& path, std::uint64_t max_mail_size,
                const Observer& observer, RunReport& report);

/// One mail from a stream, whose path is "-".
void parse_stream(const Judge& judge, std::istream& input, std::uint64_t max_mail_size,
                  const Observer& observer, RunReport& report);

}  // namespace paymentctl
