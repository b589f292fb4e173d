#include "platform/command_line.hpp"

namespace paymentctl {
namespace {

std::string quoted(const std::string& argument) {
  if (!argument.empty() && argument.find_first_of(" \t\n\v\"") == std::string::npos) {
    return argument;
  }
  std::string result = "\"";
  std::size_t backslashes = 0;
  for (const char c : argument) {
    if (c == '\\') {
      ++backslashes;
      continue;
    }
    result.append(c == '"' ? 2 * backslashes + 1 : backslashes, '\\');
    result.push_back(c);
    backslashes = 0;
  }
  return result.append(2 * backslashes, '\\') + '"';
}

}  // namespace

std::string windows_command_line(const std::vector<std::string>& arguments) {
  std::string line;
  for (const std::string& argument : arguments) {
    if (!line.empty()) line.push_back(' ');
    line += quoted(argument);
  }
  return line;
}

}  // namespace paymentctl
