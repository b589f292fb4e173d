# What makes a fault of ours harder to use, for the program that users get: test_hardening checks
# it on the binary. The quick build for working on the code goes without; the sanitizers' build has the
# standard library's own checks too, so that fuzzing meets them first.
if(NOT MSVC AND (CMAKE_BUILD_TYPE STREQUAL "Release" OR PAYMENTCTL_SANITIZE))
  target_compile_definitions(paymentctl_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(NOT MSVC AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PAYMENTCTL_SANITIZE)
  target_compile_options(paymentctl_flags INTERFACE
    -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  if(WIN32)
    # ASLR and a stack that cannot be run are the linker's defaults there.
    target_link_options(paymentctl_flags INTERFACE -fstack-protector-strong)
  else()
    target_compile_options(paymentctl_flags INTERFACE -fPIE)
    target_link_options(paymentctl_flags INTERFACE -pie)
    if(NOT APPLE)
      target_compile_options(paymentctl_flags INTERFACE -fstack-clash-protection)
      target_link_options(paymentctl_flags INTERFACE
        LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
    endif()
  endif()
endif()
