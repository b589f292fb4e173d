#include "platform/process_lock.hpp"

#include <catch2/catch.hpp>

#include "model/error.hpp"
#include "platform/sha256.hpp"
#include "scratch.hpp"

using namespace paymentctl;

TEST_CASE("within one process a lock is held once, and free after its end") {
  const Scratch scratch;
  const auto file = scratch / "lock";
  CHECK_FALSE(ProcessLock::holder(file));
  {
    const ProcessLock lock(file, system_clock());
    CHECK_THROWS_AS(ProcessLock(file, system_clock()), Error);
    CHECK(ProcessLock::holder(file));
  }
  CHECK_NOTHROW(ProcessLock(file, system_clock()));
}

TEST_CASE("a digest is the same whether the bytes come at once or one by one") {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  Sha256 digest;
  for (const char letter : text) digest.update(std::string_view(&letter, 1));
  CHECK(sha256(text) == "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592");
  CHECK(digest.finish() == sha256(text));
}
