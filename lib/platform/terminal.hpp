#pragma once

#include <optional>
#include <string>
#include <vector>

namespace paymentctl {

enum class Stream { output, error };

/// Whether a person sees it.
bool is_terminal(Stream stream);

/// Columns of the terminal behind `stream`, at least 20; nullopt where it is no terminal.
std::optional<int> terminal_width(Stream stream);

/// Once at the start of the program: a reader that goes away is an error of writing instead of the
/// end of the program, and on Windows the console takes UTF-8 and no line end is translated.
void prepare_streams();

/// The program's arguments without its name, in UTF-8 whatever the system's encoding.
std::vector<std::string> utf8_arguments(int count, const char* const* values);

/// An environment variable in UTF-8; nullopt where it is not set.
std::optional<std::string> environment_variable(const std::string& name);

/// What the last failed call on a standard stream says, e.g. "No space left on device".
std::string error_text(int error_number);

}  // namespace paymentctl
