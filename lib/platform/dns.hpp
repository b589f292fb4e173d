#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace paymentctl {

/// What the domain name system says about the TXT records of a name.
struct TxtAnswer {
  enum class Status {
    found,
    missing,  ///< the name, or a TXT record of it, does not exist: a server said so
    failed,   ///< nobody could say: no server, no answer in time, a server's own failure
  };
  Status status = Status::failed;
  std::vector<std::string> texts;  ///< one a record, the strings of a record put together; as bytes
  std::string error;               ///< of `failed`: why
};

/// Looks names up. May be asked from several threads at once.
class Resolver {
 public:
  virtual ~Resolver() = default;
  [[nodiscard]] virtual TxtAnswer txt(const std::string& name) = 0;
};

/// A DNS server by its address.
struct DnsServer {
  std::string address;  ///< IPv4
  int port = 53;
};

/// The system's resolver; where `server` is given, that one is asked instead of those that the
/// system knows. A question takes at most about ten seconds a server. On Windows the port of
/// `server` is always 53.
std::unique_ptr<Resolver> system_resolver(std::optional<DnsServer> server);

/// `source`, with every answer kept for as long as this lives. After `most_failures` names that
/// nobody could say anything about it stops asking, so that a network that is down costs a few
/// seconds and not a few for every mail.
std::unique_ptr<Resolver> caching_resolver(std::unique_ptr<Resolver> source, int most_failures = 3);

}  // namespace paymentctl
