#pragma once

#ifdef _WIN32
#include <windows.h>

namespace paymentctl {

/// What a new file or folder is created with: only its owner, the system and the administrators
/// have a right to it, and what is created in a folder inherits that. Null where the system does
/// not tell who we are; then the folder's rights are inherited. Lives as long as the program. Only
/// for the implementation files of platform/.
SECURITY_ATTRIBUTES* owner_only_file();
SECURITY_ATTRIBUTES* owner_only_folder();

}  // namespace paymentctl
#endif
