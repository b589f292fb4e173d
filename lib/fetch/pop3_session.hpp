#pragma once

#include <cstdint>

#include "fetch/archive.hpp"
#include "fetch/byte_stream.hpp"
#include "fetch/pop3_dialogue.hpp"

namespace paymentctl {

/// Fetches what the mailbox holds, over a connection that is logged in, up to
/// Pop3Bounds::session_mails. A mail is deleted (DELE) only after it is archived and recorded, and
/// deletions count only when QUIT is answered, so a mail may come again: it is then recognised by
/// its bytes. A known UIDL alone deletes nothing, since servers that number their mails anew use
/// one again for another mail.
/// Adds to `report`. True: there may be more mails, connect again. Errors: unavailable (the server
/// or the line failed; what was whole by then is recorded, nothing is deleted), and those of the
/// archive and the register. A mail that the server refuses to give or to delete is a problem in
/// the report, and the others go on.
bool fetch_session(ByteStream& stream, const FetchContext& context, const Pop3Bounds& bounds,
                   FetchReport& report);

/// How many mails the mailbox holds: STAT and QUIT, nothing else.
std::uint64_t count_session(ByteStream& stream, const Pop3Bounds& bounds);

}  // namespace paymentctl
