#ifdef _WIN32
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>

#include <windows.h>
#include <winsvc.h>

#include "model/error.hpp"
#include "platform/command_line.hpp"
#include "platform/service_control.hpp"
#include "platform/wide.hpp"

namespace paymentctl {
namespace {

constexpr DWORD longest_stop = 20'000;  // milliseconds that the manager is told to wait

struct CloseService {
  void operator()(SC_HANDLE handle) const { ::CloseServiceHandle(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<SC_HANDLE>, CloseService>;

[[noreturn]] void fail(const std::string& what, const std::string& name) {
  const DWORD error = ::GetLastError();
  if (error == ERROR_ACCESS_DENIED) {
    throw Error(ExitCode::permission, "cannot " + what + " the service " + name +
                                          ": access is denied; run this in a command prompt that "
                                          "was opened as administrator");
  }
  if (error == ERROR_SERVICE_MARKED_FOR_DELETE) {
    throw Error(ExitCode::temporary, "cannot " + what + " the service " + name +
                                         ": it is being removed; close the window of services and "
                                         "try again");
  }
  throw Error(ExitCode::io, "cannot " + what + " the service " + name + ": Windows error " +
                                std::to_string(error));
}

Handle manager(DWORD rights, const std::string& name) {
  Handle handle(::OpenSCManagerW(nullptr, nullptr, rights));
  if (!handle) fail("reach", name);
  return handle;
}

/// Null where there is none.
Handle open_service(const Handle& from, const std::string& name, DWORD rights) {
  Handle handle(::OpenServiceW(from.get(), widen(name).c_str(), rights));
  if (!handle && ::GetLastError() != ERROR_SERVICE_DOES_NOT_EXIST) fail("open", name);
  return handle;
}

SERVICE_STATUS_PROCESS status_of(const Handle& service, const std::string& name) {
  SERVICE_STATUS_PROCESS status{};
  DWORD needed = 0;
  if (::QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO,
                             reinterpret_cast<BYTE*>(&status), sizeof status, &needed) == FALSE) {
    fail("ask", name);
  }
  return status;
}

/// Asks again and again, twenty seconds at most.
void wait_for(const std::function<bool()>& done) {
  for (int tries = 0; tries < 200 && !done(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

/// Waits for it; one that does not stop is left to Windows.
void stop_service(const Handle& service, const std::string& name) {
  SERVICE_STATUS ignored{};
  if (::ControlService(service.get(), SERVICE_CONTROL_STOP, &ignored) == FALSE) {
    if (::GetLastError() == ERROR_SERVICE_NOT_ACTIVE) return;
    fail("stop", name);
  }
  wait_for([&] { return status_of(service, name).dwCurrentState == SERVICE_STOPPED; });
}

/// What cannot be set is left as it is: the service works without.
void describe(const Handle& service, const std::string& description) {
  std::wstring text = widen(description);
  SERVICE_DESCRIPTIONW words{text.data()};
  ::ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_DESCRIPTION, &words);
  std::array<SC_ACTION, 3> actions{
      {{SC_ACTION_RESTART, 30'000}, {SC_ACTION_RESTART, 60'000}, {SC_ACTION_RESTART, 300'000}}};
  SERVICE_FAILURE_ACTIONSW failure{};
  failure.dwResetPeriod = 86'400;
  failure.cActions = static_cast<DWORD>(actions.size());
  failure.lpsaActions = actions.data();
  ::ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_FAILURE_ACTIONS, &failure);
  // Also after an end with an exit code, not only after a crash.
  SERVICE_FAILURE_ACTIONS_FLAG every_end{TRUE};
  ::ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &every_end);
  SERVICE_DELAYED_AUTO_START_INFO delayed{TRUE};
  ::ChangeServiceConfig2W(service.get(), SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &delayed);
}

std::string name_of_state(DWORD state) {
  switch (state) {
    case SERVICE_RUNNING:
      return "running";
    case SERVICE_START_PENDING:
      return "start pending";
    case SERVICE_STOP_PENDING:
      return "stop pending";
    default:
      return "stopped";
  }
}

// The manager calls functions without an argument of ours.
struct Hosted {
  std::wstring name;
  const std::function<int(std::stop_source& stop)>* work = nullptr;
  std::stop_source stop;
  SERVICE_STATUS_HANDLE handle = nullptr;
  std::mutex mutex;
  int result = 0;
  std::exception_ptr failure;

  void tell(DWORD state, DWORD exit_code = 0) {
    const std::lock_guard lock(mutex);
    SERVICE_STATUS status{};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    status.dwControlsAccepted =
        state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0;
    status.dwWin32ExitCode = exit_code == 0 ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
    status.dwServiceSpecificExitCode = exit_code;
    status.dwWaitHint = state == SERVICE_STOP_PENDING ? longest_stop : 0;
    ::SetServiceStatus(handle, &status);
  }
};
Hosted* hosted = nullptr;

DWORD WINAPI control(DWORD request, DWORD /*type*/, void* /*data*/, void* /*context*/) {
  if (request == SERVICE_CONTROL_STOP || request == SERVICE_CONTROL_SHUTDOWN) {
    // The work may end, and its host with it, before this does.
    std::stop_source stop = hosted->stop;
    hosted->tell(SERVICE_STOP_PENDING);
    stop.request_stop();
    return NO_ERROR;
  }
  return request == SERVICE_CONTROL_INTERROGATE ? NO_ERROR : ERROR_CALL_NOT_IMPLEMENTED;
}

void WINAPI serve(DWORD /*count*/, wchar_t** /*arguments*/) {
  hosted->handle = ::RegisterServiceCtrlHandlerExW(hosted->name.c_str(), &control, nullptr);
  if (hosted->handle == nullptr) return;
  hosted->tell(SERVICE_RUNNING);
  try {
    hosted->result = (*hosted->work)(hosted->stop);
  } catch (...) {
    hosted->failure = std::current_exception();
    hosted->result = static_cast<int>(ExitCode::software);
  }
  hosted->tell(SERVICE_STOPPED, static_cast<DWORD>(hosted->result));
}

}  // namespace

void install_system_service(const SystemService& service) {
  const Handle from = manager(SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE, service.name);
  const std::wstring command = widen(windows_command_line(service.command));
  const std::wstring account = widen(service.account.empty() ? "LocalSystem" : service.account);
  const std::wstring name = widen(service.name);
  Handle made = open_service(from, service.name, SERVICE_ALL_ACCESS);
  if (made) {
    stop_service(made, service.name);
    if (::ChangeServiceConfigW(made.get(), SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                               SERVICE_ERROR_NORMAL, command.c_str(), nullptr, nullptr, nullptr,
                               account.c_str(), nullptr, name.c_str()) == FALSE) {
      fail("change", service.name);
    }
  } else {
    made.reset(::CreateServiceW(from.get(), name.c_str(), name.c_str(), SERVICE_ALL_ACCESS,
                                SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                                command.c_str(), nullptr, nullptr, nullptr, account.c_str(),
                                nullptr));
    if (!made) fail("create", service.name);
  }
  describe(made, service.description);
  if (::StartServiceW(made.get(), 0, nullptr) == FALSE &&
      ::GetLastError() != ERROR_SERVICE_ALREADY_RUNNING) {
    fail("start", service.name);
  }
}

bool remove_system_service(const std::string& name) {
  const Handle from = manager(SC_MANAGER_CONNECT, name);
  Handle service = open_service(from, name, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE);
  if (!service) return false;
  stop_service(service, name);
  if (::DeleteService(service.get()) == FALSE) fail("remove", name);
  // It is there until its process has ended; then the name is free again.
  service.reset();
  wait_for([&] { return open_service(from, name, SERVICE_QUERY_STATUS) == nullptr; });
  return true;
}

std::optional<SystemServiceState> look_at_system_service(const std::string& name) {
  const Handle from = manager(SC_MANAGER_CONNECT, name);
  const Handle service = open_service(from, name, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG);
  if (!service) return std::nullopt;
  const DWORD state = status_of(service, name).dwCurrentState;
  SystemServiceState result{state == SERVICE_RUNNING, name_of_state(state), "", ""};
  DWORD size = 0;
  ::QueryServiceConfigW(service.get(), nullptr, 0, &size);
  std::vector<std::byte> buffer(size);
  auto* const facts = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(buffer.data());
  if (size > 0 && ::QueryServiceConfigW(service.get(), facts, size, &size) != FALSE) {
    result.command = narrow(facts->lpBinaryPathName);
    if (facts->lpServiceStartName != nullptr) result.account = narrow(facts->lpServiceStartName);
  }
  return result;
}

int run_as_system_service(const std::string& name,
                          const std::function<int(std::stop_source& stop)>& work) {
  Hosted host;
  host.name = widen(name);
  host.work = &work;
  hosted = &host;
  const std::array<SERVICE_TABLE_ENTRYW, 2> table{{{host.name.data(), &serve}, {nullptr, nullptr}}};
  if (::StartServiceCtrlDispatcherW(table.data()) == FALSE) {
    throw Error(ExitCode::usage,
                "--as-service is for the service control manager of Windows "
                "alone; leave it out, or install it with: paymentctl "
                "install-service");
  }
  if (host.failure) std::rethrow_exception(host.failure);
  return host.result;
}

}  // namespace paymentctl
#endif
