# Warnings are errors, on our own targets only. Sanitizers go on everything that is ours.
add_library(paymentctl_flags INTERFACE)
target_compile_options(paymentctl_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(PAYMENTCTL_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  if(PAYMENTCTL_FUZZ)
    list(APPEND sanitizers -fsanitize=fuzzer-no-link)
  endif()
  target_compile_options(paymentctl_flags INTERFACE ${sanitizers})
  target_link_options(paymentctl_flags INTERFACE ${sanitizers})
endif()
