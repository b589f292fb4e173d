# Warnings are errors, on our own targets only. Sanitizers go on everything that is ours.
add_library(paymentctl_flags INTERFACE)
if(MSVC)
  target_compile_options(paymentctl_flags INTERFACE /W4 /WX /utf-8 /permissive-)
else()
  target_compile_options(paymentctl_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
endif()
if(PAYMENTCTL_SANITIZE)
  # The check of virtual tables needs type information that SOCI's library does not export.
  set(sanitizers -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined)
  if(PAYMENTCTL_FUZZ)
    list(APPEND sanitizers -fsanitize=fuzzer-no-link)
  endif()
  target_compile_options(paymentctl_flags INTERFACE ${sanitizers})
  target_link_options(paymentctl_flags INTERFACE ${sanitizers})
endif()
