#ifdef _WIN32
#include <windows.h>

#include "platform/own_memory.hpp"

namespace paymentctl {

void keep_memory_private() {
  // Without the error box there is no report to Microsoft and no dump beside it.
  ::SetErrorMode(::GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

}  // namespace paymentctl
#endif
