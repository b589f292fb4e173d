#pragma once

namespace paymentctl {

/// How many processors this process may use at the same time, at least 1: those of the machine, or
/// fewer where it was confined to some of them.
unsigned usable_processors();

}  // namespace paymentctl
