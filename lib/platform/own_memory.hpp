#pragma once

namespace paymentctl {

/// Once at the start of the program: whatever goes wrong later, the system writes no image of our
/// memory, in which passwords are, and other programs of the same user cannot look into it
/// (a debugger needs the administrator then).
void keep_memory_private();

/// For a pause that lasts: what was freed goes back to the system, and on Linux the code too is no
/// longer resident; it is taken from the system's cache of files when it is needed again.
void give_back_memory();

}  // namespace paymentctl
