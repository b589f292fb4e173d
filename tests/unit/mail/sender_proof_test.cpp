#include "mail/sender_proof.hpp"

#include <catch2/catch.hpp>

#include "model/base64.hpp"
#include "platform/signature.hpp"

using namespace paymentctl;

namespace {

class NoKeys : public Resolver {
 public:
  explicit NoKeys(TxtAnswer::Status status) : status_(status) {}
  TxtAnswer txt(const std::string& /*name*/) override { return {status_, {}, "silence"}; }

 private:
  TxtAnswer::Status status_;
};

/// A signature that nobody made, with the right digest of `body`; `length` is the tag l=.
std::string signature(std::string_view body, const std::string& length) {
  return "DKIM-Signature: v=1; a=rsa-sha256; d=rb.cz; s=s1; h=from:subject:date; c=simple/simple;" +
         (length.empty() ? "" : " l=" + length + ";") +
         " bh=" + base64(digest_bytes(DigestKind::sha256, body)) + "; b=AAAA\r\n";
}

const std::string head = "From: info@rb.cz\r\n\r\n";
const std::string genuine = "genuine\r\n";
const std::string results =
    "Authentication-Results: mx.firma.cz; dkim=pass header.d=rb.cz\r\n"
    "Received: from rb.cz by mx.firma.cz; x\r\n";

struct Judged {
  SenderEvidence evidence;
  std::string readable;
  bool is_partial = false;
};

Judged judge(const std::string& raw, TxtAnswer::Status keys) {
  const MimeStructure mail = take_apart(raw, {});
  SenderProof proof(raw, mail, {{"rb.cz"}, "mx.firma.cz"}, Timestamp());
  NoKeys resolver(keys);
  Judged judged;
  judged.is_partial = proof.is_partial();
  proof.ask(resolver);
  judged.evidence = proof.evidence();
  judged.readable = proof.readable();
  return judged;
}

}  // namespace

TEST_CASE("what the server passed by a signature for a part is read only that far") {
  const std::string partial = signature(genuine, "9");
  const Judged judged =
      judge(results + partial + head + genuine + "forged\r\n", TxtAnswer::Status::missing);
  CHECK(judged.is_partial);
  CHECK(judged.evidence.level == ProofLevel::weak);
  CHECK(judged.readable == results + partial + head + genuine);
  // A signature for the whole text that no key confirms does not open the rest.
  const std::string whole = signature(genuine + "forged\r\n", "");
  const Judged both =
      judge(results + whole + partial + head + genuine + "forged\r\n", TxtAnswer::Status::missing);
  CHECK(both.readable == results + whole + partial + head + genuine);
}

TEST_CASE("a length that reaches to the end, or for another text, cuts nothing off") {
  for (const std::string& mark : {signature(genuine, "9"), signature("other", "5")}) {
    const std::string raw = results + mark + head + genuine;
    const Judged judged = judge(raw, TxtAnswer::Status::missing);
    CHECK_FALSE(judged.is_partial);
    CHECK(judged.readable == raw);
    CHECK(judged.evidence.level == ProofLevel::strong);
  }
}

TEST_CASE("without a trusted header everything hangs on the key") {
  const std::string raw = signature(genuine, "") + head + genuine;
  CHECK(judge(raw, TxtAnswer::Status::missing).evidence.level == ProofLevel::failed);
  const Judged waiting = judge(raw, TxtAnswer::Status::failed);
  CHECK(waiting.evidence.level == ProofLevel::none);
  CHECK(waiting.evidence.no_answer);
  const Judged nothing = judge(head + genuine, TxtAnswer::Status::failed);
  CHECK(nothing.evidence.level == ProofLevel::none);
  CHECK_FALSE(nothing.evidence.no_answer);
  CHECK_THAT(nothing.evidence.why, Catch::Contains("no signature of rb.cz"));
}
