#pragma once

namespace paymentctl {

/// Once at the start of the program: whatever goes wrong later, the system writes no image of our
/// memory, in which passwords are, and other programs of the same user cannot look into it
/// (a debugger needs the administrator then).
void keep_memory_private();

}  // namespace paymentctl
