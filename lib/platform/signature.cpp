#include "platform/signature.hpp"

#include <memory>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "model/error.hpp"

namespace paymentctl {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key rsa_key(std::string_view bytes) {
  const unsigned char* at = bytes_of(bytes);
  const auto size = static_cast<long>(bytes.size());
  Key key(d2i_PUBKEY(nullptr, &at, size));
  if (!key) {
    at = bytes_of(bytes);
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  }
  if (key && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) key.reset();
  return key;
}

Key ed25519_key(std::string_view bytes) {
  return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), bytes.size()));
}

bool verifies(EVP_PKEY* key, const EVP_MD* digest, std::string_view data,
              std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  if (!context) throw Error(ExitCode::software, "the cryptographic library has no memory");
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data),
                          data.size()) == 1;
}

}  // namespace

std::string digest_bytes(DigestKind kind, std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const EVP_MD* const method = kind == DigestKind::sha1 ? EVP_sha1() : EVP_sha256();
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 method, nullptr) != 1) {
    throw Error(ExitCode::software, "the cryptographic library refuses a digest");
  }
  digest.resize(size);
  return digest;
}

SignatureCheck check_signature(SignatureAlgorithm algorithm, std::string_view key_bytes,
                               std::string_view data, std::string_view signature) {
  const bool is_ed25519 = algorithm == SignatureAlgorithm::ed25519_sha256;
  const Key key = is_ed25519 ? ed25519_key(key_bytes) : rsa_key(key_bytes);
  SignatureCheck check;
  check.status = SignatureCheck::Status::bad_key;
  if (key) {
    check.key_bits = EVP_PKEY_get_bits(key.get());
    bool is_valid = false;
    if (is_ed25519) {
      is_valid = verifies(key.get(), nullptr, digest_bytes(DigestKind::sha256, data), signature);
    } else if (check.key_bits < smallest_rsa_key || check.key_bits > largest_rsa_key) {
      return check;
    } else {
      const EVP_MD* const digest =
          algorithm == SignatureAlgorithm::rsa_sha1 ? EVP_sha1() : EVP_sha256();
      is_valid = verifies(key.get(), digest, data, signature);
    }
    check.status = is_valid ? SignatureCheck::Status::valid : SignatureCheck::Status::invalid;
  }
  ERR_clear_error();
  return check;
}

}  // namespace paymentctl
