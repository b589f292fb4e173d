#ifndef _WIN32
#include <cstddef>
#include <mutex>

#include <sys/resource.h>
#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#elif defined(__APPLE__)
#include <malloc/malloc.h>
#endif

#include "platform/own_memory.hpp"

// The leak check of AddressSanitizer is such a debugger.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PAYMENTCTL_LOOKS_INTO_ITSELF
#endif
#endif

namespace paymentctl {
#ifdef __linux__
namespace {

/// What a file is loaded to and never written is the same in the file.
int let_go_of_code(dl_phdr_info* object, std::size_t /*size*/, void* /*data*/) {
  const auto page = static_cast<ElfW(Addr)>(::sysconf(_SC_PAGESIZE));
  for (ElfW(Half) i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
    const ElfW(Addr) begin = (object->dlpi_addr + part.p_vaddr) & ~(page - 1);
    const ElfW(Addr) end = object->dlpi_addr + part.p_vaddr + part.p_memsz;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace
#endif

void keep_memory_private() {
  // A program that collects core dumps (systemd-coredump) is told the limit and keeps to it.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(PAYMENTCTL_LOOKS_INTO_ITSELF)
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void give_back_memory() {
#ifdef __GLIBC__
  // Where another malloc has taken the place of glibc's (a sanitizer's, a preloaded one), the first
  // call sets up what is trimmed, and a second one beside it would read that half made.
  static std::mutex one_at_a_time;
  const std::lock_guard turn(one_at_a_time);
  ::malloc_trim(0);
#elif defined(__APPLE__)
  ::malloc_zone_pressure_relief(nullptr, 0);
#endif
#ifdef __linux__
  ::dl_iterate_phdr(&let_go_of_code, nullptr);
#endif
}

}  // namespace paymentctl
#endif
