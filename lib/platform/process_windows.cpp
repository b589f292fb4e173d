#ifdef _WIN32
#include <algorithm>
#include <array>
#include <cstddef>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <windows.h>

#include "model/error.hpp"
#include "platform/command_line.hpp"
#include "platform/descriptor.hpp"
#include "platform/process.hpp"
#include "platform/wide.hpp"

namespace paymentctl {
namespace {

HANDLE handle(const Descriptor& owned) { return reinterpret_cast<HANDLE>(owned.get()); }
Descriptor owned(HANDLE handle) {
  return handle == nullptr ? Descriptor() : Descriptor(reinterpret_cast<std::intptr_t>(handle));
}

[[noreturn]] void cannot_start(const std::string& program, DWORD error) {
  const std::string why = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND
                              ? "No such file or directory"
                              : "Windows error " + std::to_string(error);
  throw Error(ExitCode::config,
              "cannot start " + program + ": " + why + "; name a program that this user may run");
}

/// What the new process takes over, and nothing else: other threads may be starting processes too.
class Inherited {
 public:
  explicit Inherited(std::vector<HANDLE> handles) : handles_(std::move(handles)) {
    SIZE_T size = 0;
    ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    buffer_.resize(size);
    ::InitializeProcThreadAttributeList(list(), 1, 0, &size);
    ::UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                handles_.size() * sizeof(HANDLE), nullptr, nullptr);
  }
  ~Inherited() { ::DeleteProcThreadAttributeList(list()); }
  Inherited(const Inherited&) = delete;
  Inherited& operator=(const Inherited&) = delete;
  LPPROC_THREAD_ATTRIBUTE_LIST list() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(buffer_.data());
  }

 private:
  std::vector<HANDLE> handles_;
  std::vector<std::byte> buffer_;
};

struct Started {
  Descriptor process;
  Descriptor group;   ///< ends with everything the program has started
  Descriptor output;  ///< our end
};

Descriptor inheritable_null() {
  SECURITY_ATTRIBUTES inherit{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
  return owned(::CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE, &inherit, OPEN_EXISTING, 0,
                             nullptr));
}

/// Our own standard error for the program to write to; the null device where we have none.
Descriptor inheritable_error() {
  HANDLE copy = nullptr;
  const HANDLE self = ::GetCurrentProcess();
  const HANDLE error = ::GetStdHandle(STD_ERROR_HANDLE);
  if (error == nullptr || error == INVALID_HANDLE_VALUE ||
      ::DuplicateHandle(self, error, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS) == 0) {
    return inheritable_null();
  }
  return owned(copy);
}

Descriptor group_that_ends_together() {
  Descriptor group = owned(::CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  if (group.is_open()) {
    ::SetInformationJobObject(handle(group), JobObjectExtendedLimitInformation, &limits,
                              sizeof limits);
  }
  return group;
}

/// Our environment without `withheld`, as a process takes it: texts that end with a NUL, and one
/// more at the end. Names differ by more than letter case.
std::wstring environment_without(const std::vector<std::string>& withheld) {
  std::wstring kept;
  wchar_t* const all = ::GetEnvironmentStringsW();
  for (const wchar_t* entry = all; entry != nullptr && *entry != L'\0';) {
    const std::wstring_view text = entry;
    entry += text.size() + 1;
    // "=C:=C:\\folder" has its name behind a sign of equality
    const std::wstring_view name = text.substr(0, text.find(L'=', 1));
    const bool is_withheld =
        std::any_of(withheld.begin(), withheld.end(), [name](const std::string& each) {
          const std::wstring other = widen(each);
          return ::CompareStringOrdinal(name.data(), static_cast<int>(name.size()), other.data(),
                                        static_cast<int>(other.size()), TRUE) == CSTR_EQUAL;
        });
    if (!is_withheld) kept.append(text).push_back(L'\0');
  }
  ::FreeEnvironmentStringsW(all);
  kept.push_back(L'\0');
  return kept;
}

Started start(const std::vector<std::string>& arguments, const std::vector<std::string>& withheld) {
  HANDLE ours = nullptr;
  HANDLE theirs = nullptr;
  SECURITY_ATTRIBUTES inherit{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
  if (::CreatePipe(&ours, &theirs, &inherit, 0) == 0) cannot_start(arguments[0], ::GetLastError());
  Started started;
  started.output = owned(ours);
  const Descriptor output = owned(theirs);
  ::SetHandleInformation(ours, HANDLE_FLAG_INHERIT, 0);
  const Descriptor input = inheritable_null();
  const Descriptor error = inheritable_error();
  Inherited inherited({theirs, handle(input), handle(error)});
  STARTUPINFOEXW how{};
  how.StartupInfo.cb = sizeof how;
  how.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  how.StartupInfo.hStdInput = handle(input);
  how.StartupInfo.hStdOutput = theirs;
  how.StartupInfo.hStdError = handle(error);
  how.lpAttributeList = inherited.list();
  std::wstring line = widen(windows_command_line(arguments));
  std::wstring environment = environment_without(withheld);
  PROCESS_INFORMATION process{};
  if (::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE,
                       EXTENDED_STARTUPINFO_PRESENT | CREATE_NO_WINDOW | CREATE_SUSPENDED |
                           CREATE_UNICODE_ENVIRONMENT,
                       environment.data(), nullptr, &how.StartupInfo, &process) == 0) {
    cannot_start(arguments[0], ::GetLastError());
  }
  started.process = owned(process.hProcess);
  const Descriptor thread = owned(process.hThread);
  started.group = group_that_ends_together();
  if (started.group.is_open()) ::AssignProcessToJobObject(handle(started.group), process.hProcess);
  ::ResumeThread(process.hThread);
  return started;
}

/// What the program prints until it closes its output or `limit` is reached.
void read_output(const Descriptor& from, std::size_t limit, ProgramResult& result) {
  std::array<char, 4096> buffer{};
  DWORD size = 0;
  while (::ReadFile(handle(from), buffer.data(), static_cast<DWORD>(buffer.size()), &size,
                    nullptr) != 0 &&
         size > 0) {
    result.output.append(buffer.data(), size);
    if (result.output.size() > limit) {
      result.output.resize(limit);
      result.too_much = true;
      return;
    }
  }
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, std::size_t limit,
                          std::chrono::seconds longest, const std::vector<std::string>& withheld) {
  if (arguments.empty()) throw Error(ExitCode::config, "there is no program to start");
  Started program = start(arguments, withheld);
  ProgramResult result;
  // The end of the output is what there is to wait for: that comes too when the program lives on.
  std::packaged_task<void()> reading([&] { read_output(program.output, limit, result); });
  const std::future<void> ended = reading.get_future();
  std::thread reader(std::move(reading));
  const bool is_slow = ended.wait_for(longest) == std::future_status::timeout;
  if (is_slow) program.group.reset();
  reader.join();
  result.too_slow = is_slow;
  if (result.too_much) program.group.reset();
  ::WaitForSingleObject(handle(program.process), INFINITE);
  DWORD code = 0;
  ::GetExitCodeProcess(handle(program.process), &code);
  result.exit_code = static_cast<int>(code);
  return result;
}

std::filesystem::path own_program() {
  std::wstring name(32'768, L'\0');
  const DWORD size = ::GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size()));
  if (size == 0 || size == name.size()) {
    throw Error(ExitCode::io, "Windows does not say where the program lies");
  }
  name.resize(size);
  return name;
}

std::int64_t own_process_id() { return ::GetCurrentProcessId(); }

std::string host_name() {
  std::array<wchar_t, 256> name{};
  DWORD size = static_cast<DWORD>(name.size());
  if (::GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size) == 0) return "localhost";
  return narrow(std::wstring_view(name.data(), size));
}

}  // namespace paymentctl
#endif
