#ifdef _WIN32
#include <malloc.h>
#include <windows.h>

#include "platform/own_memory.hpp"

namespace paymentctl {

void keep_memory_private() {
  // Without the error box there is no report to Microsoft and no dump beside it.
  ::SetErrorMode(::GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

void give_back_memory() { ::_heapmin(); }

}  // namespace paymentctl
#endif
