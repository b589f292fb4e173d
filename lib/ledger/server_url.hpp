#pragma once

#include <string>
#include <string_view>

namespace paymentctl {

/// URLs of a ledger on a server, as libpq reads them:
/// postgresql://user@host:port/database?sslmode=…

/// Whether a ledger's place is a URL and no file.
bool is_server_url(std::string_view location);

/// As it may be shown: no password, neither behind the user's name nor as a parameter.
std::string url_without_password(std::string_view url);

/// With that password in place of any other; an empty one changes nothing.
std::string url_with_password(std::string_view url, std::string_view password);

/// With what we want where the URL says nothing: TLS unless the server is on this machine, an end
/// to waiting for an answer, our name among the server's connections.
std::string url_with_defaults(std::string_view url);

}  // namespace paymentctl
