#ifdef _WIN32
#include <array>

#include <windows.h>

#include "platform/event_log.hpp"
#include "platform/wide.hpp"

namespace paymentctl {
namespace {

// A program of Windows whose messages 1 to 1000 are the text that comes with the event.
constexpr wchar_t messages[] = L"%SystemRoot%\\System32\\EventCreate.exe";
constexpr DWORD message = 1;

std::wstring key_of(const std::string& source) {
  return L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\" + widen(source);
}

WORD type_of(EventLevel level) {
  switch (level) {
    case EventLevel::error:
      return EVENTLOG_ERROR_TYPE;
    case EventLevel::warning:
      return EVENTLOG_WARNING_TYPE;
    case EventLevel::information:
      return EVENTLOG_INFORMATION_TYPE;
  }
  return EVENTLOG_ERROR_TYPE;
}

}  // namespace

struct EventLog::State {
  HANDLE handle = nullptr;
};

EventLog::EventLog(const std::string& source)
    : state_(
          std::make_unique<State>(State{::RegisterEventSourceW(nullptr, widen(source).c_str())})) {}

EventLog::~EventLog() {
  if (state_->handle != nullptr) ::DeregisterEventSource(state_->handle);
}

void EventLog::write(EventLevel level, std::string_view text) {
  if (state_->handle == nullptr) return;
  const std::wstring wide = widen(text.substr(0, 30'000));
  std::array<const wchar_t*, 1> texts{wide.c_str()};
  ::ReportEventW(state_->handle, type_of(level), 0, message, nullptr, 1, 0, texts.data(), nullptr);
}

void install_event_source(const std::string& source) {
  HKEY key = nullptr;
  if (::RegCreateKeyExW(HKEY_LOCAL_MACHINE, key_of(source).c_str(), 0, nullptr, 0, KEY_SET_VALUE,
                        nullptr, &key, nullptr) != ERROR_SUCCESS) {
    return;
  }
  ::RegSetValueExW(key, L"EventMessageFile", 0, REG_EXPAND_SZ,
                   reinterpret_cast<const BYTE*>(messages), sizeof messages);
  const DWORD types = EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE;
  ::RegSetValueExW(key, L"TypesSupported", 0, REG_DWORD, reinterpret_cast<const BYTE*>(&types),
                   sizeof types);
  ::RegCloseKey(key);
}

void remove_event_source(const std::string& source) {
  ::RegDeleteKeyW(HKEY_LOCAL_MACHINE, key_of(source).c_str());
}

}  // namespace paymentctl
#endif
