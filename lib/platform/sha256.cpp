#include "platform/sha256.hpp"

#include <array>

#include <openssl/evp.h>

#include "model/error.hpp"

namespace paymentctl {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(ExitCode::software, "the cryptographic library refuses SHA-256");
  }
  static constexpr char hexadecimal[] = "0123456789abcdef";
  std::string text;
  text.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    text.push_back(hexadecimal[byte >> 4]);
    text.push_back(hexadecimal[byte & 15]);
  }
  return text;
}

}  // namespace paymentctl
