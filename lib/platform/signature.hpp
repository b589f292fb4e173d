#pragma once

#include <string>
#include <string_view>

namespace paymentctl {

// The arithmetic of signatures, by the system's cryptographic library.

enum class DigestKind { sha1, sha256 };

/// The digest as bytes: 20 or 32.
std::string digest_bytes(DigestKind kind, std::string_view bytes);

enum class SignatureAlgorithm {
  rsa_sha1,       ///< RSASSA-PKCS1-v1_5 (RFC 8017) over SHA-1
  rsa_sha256,     ///< the same over SHA-256
  ed25519_sha256  ///< Ed25519 (RFC 8032) over the SHA-256 digest, as RFC 8463 has it
};

struct SignatureCheck {
  enum class Status {
    valid,
    invalid,
    bad_key,  ///< the key is none of this algorithm, or too small or too large to be used
  };
  Status status = Status::invalid;
  int key_bits = 0;  ///< 0 where the key could not be read
};

/// RSA keys outside these are `bad_key`: the smaller ones anybody can break, the larger ones cost
/// more time than a mail from a stranger may.
constexpr int smallest_rsa_key = 512;
constexpr int largest_rsa_key = 8192;

/// Whether `signature` over `data` was made with the secret half of `key`: DER, either a
/// SubjectPublicKeyInfo or a bare RSAPublicKey; for Ed25519 the 32 bytes themselves. Any bytes may
/// come; nothing is thrown but Error(software) where the library has no memory.
SignatureCheck check_signature(SignatureAlgorithm algorithm, std::string_view key,
                               std::string_view data, std::string_view signature);

}  // namespace paymentctl
