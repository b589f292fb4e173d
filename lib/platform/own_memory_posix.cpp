#ifndef _WIN32
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "platform/own_memory.hpp"

// The leak check of AddressSanitizer is such a debugger.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PAYMENTCTL_LOOKS_INTO_ITSELF
#endif
#endif

namespace paymentctl {

void keep_memory_private() {
  // A program that collects core dumps (systemd-coredump) is told the limit and keeps to it.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(PAYMENTCTL_LOOKS_INTO_ITSELF)
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace paymentctl
#endif
