#pragma once

#include <filesystem>

#include "fetch/archive.hpp"

namespace paymentctl {

/// Reads every regular file named *.eml (in any case) right in `folder`, not in folders below it.
/// A file is unlinked only when its bytes are archived and recorded, and it is still what was read.
/// One changed within the last 2 s may still be being written: it is looked at again 2 s later, and
/// left for the next run when it changed again. A file that cannot be read or unlinked is a problem
/// in the report and the others go on; symbolic links are never followed.
/// Errors: the folder cannot be listed (no_input), the archive cannot be written (cannot_create,
/// io), the folder lies in the archive or the other way round (config), what the register throws.
FetchReport fetch_eml_dir(const std::filesystem::path& folder, const FetchContext& context);

/// A backfill: the same without waiting for files that are still warm. The files stay unless
/// `remove`.
FetchReport import_eml_dir(const std::filesystem::path& folder, bool remove,
                           const FetchContext& context);

}  // namespace paymentctl
