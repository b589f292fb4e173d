#ifdef _WIN32
#include "platform/journal.hpp"

namespace paymentctl {

bool errors_go_to_journal() { return false; }

}  // namespace paymentctl
#endif
