#include "platform/sha256.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>

#include "model/error.hpp"

namespace paymentctl {
namespace {

using Digest = std::array<unsigned char, 32>;

void demand(int result) {
  if (result != 1) {
    throw Error(ExitCode::software, "the cryptographic library refuses SHA-256");
  }
}

std::string hexadecimal(const Digest& digest) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

/// Asked for once: OpenSSL looks for it anew wherever EVP_sha256() is handed over.
const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  demand(fetched ? 1 : 0);
  return fetched.get();
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Digest digest{};
  unsigned int size = 0;
  demand(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm(), nullptr));
  return hexadecimal(digest);
}

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  demand(state_->context != nullptr ? 1 : 0);
  demand(EVP_DigestInit_ex(state_->context, algorithm(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  demand(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  Digest digest{};
  unsigned int size = 0;
  demand(EVP_DigestFinal_ex(state_->context, digest.data(), &size));
  return hexadecimal(digest);
}

}  // namespace paymentctl
