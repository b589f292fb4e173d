#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace paymentctl {

/// A password or a client secret in clear. It has no way to a stream, a log or a text: only
/// `reveal` gives it away, and that word is easy to look for in a review.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

/// Where a secret is kept, as the configuration says; the secret itself is read only when it is
/// needed. What is in clear in the configuration is held as a Secret.
struct SecretSource {
  enum class Kind { clear, environment, file, command, credential };

  Kind kind = Kind::clear;
  std::string key;    ///< the configuration's key, e.g. "pop3Password", for messages
  std::string where;  ///< NAME, absolute PATH or PROGRAM ARGS; empty for clear and credential
  Secret clear;
};

}  // namespace paymentctl
