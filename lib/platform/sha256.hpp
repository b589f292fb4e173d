#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace paymentctl {

/// The SHA-256 digest (FIPS 180-4) of `bytes` as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

/// The same over bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// The digest of everything so far; afterwards nothing more may be added.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace paymentctl
