#include "platform/system_error.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "platform/files.hpp"

namespace paymentctl {
namespace {

ExitCode refused(FileTask task) {
  return task == FileTask::read ? ExitCode::no_input : ExitCode::cannot_create;
}

struct Explanation {
  ExitCode code;
  std::string_view advice;
};

Explanation explain(FileTask task, int number) {
  switch (number) {
    case ENOSPC:
#ifdef EDQUOT
    case EDQUOT:
#endif
      return {ExitCode::io, "; free some space and run again, nothing is lost"};
    case EROFS:
      return {ExitCode::cannot_create, "; mount it for writing or name another folder"};
    case EACCES:
    case EPERM:
      return {refused(task), "; give this user the right to it, or run as the user who has it"};
    case ENOENT:
    case ENOTDIR:
      return {refused(task), "; check the path"};
    case ELOOP:
      return {refused(task), "; symbolic links are not followed here, name the file itself"};
    case EEXIST:
      return {ExitCode::cannot_create, ""};
    case EMFILE:
    case ENFILE:
      return {ExitCode::temporary, "; close other programs or raise the limit of open files"};
    default:
      return {ExitCode::io, ""};
  }
}

}  // namespace

void throw_file_error(FileTask task, std::string_view what, const std::filesystem::path& path,
                      int number) {
  const Explanation explanation = explain(task, number);
  throw Error(explanation.code,
              fmt::format("cannot {} {}: {}{}", what, display(path),
                          std::generic_category().message(number), explanation.advice));
}

}  // namespace paymentctl
