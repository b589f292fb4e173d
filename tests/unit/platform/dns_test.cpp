#include "platform/dns.hpp"

#include <catch2/catch.hpp>

using namespace paymentctl;

namespace {

/// Counts the questions; answers as it is told.
class Counting : public Resolver {
 public:
  Counting(int& asked, TxtAnswer answer) : asked_(asked), answer_(std::move(answer)) {}
  TxtAnswer txt(const std::string& /*name*/) override {
    ++asked_;
    return answer_;
  }

 private:
  int& asked_;
  TxtAnswer answer_;
};

}  // namespace

TEST_CASE("a name is asked for once, whether it exists or not") {
  for (const auto status : {TxtAnswer::Status::found, TxtAnswer::Status::missing}) {
    int asked = 0;
    const auto resolver =
        caching_resolver(std::make_unique<Counting>(asked, TxtAnswer{status, {"text"}, {}}));
    for (int i = 0; i < 3; ++i) CHECK(resolver->txt("a").status == status);
    CHECK(asked == 1);
    static_cast<void>(resolver->txt("b"));
    CHECK(asked == 2);
  }
}

TEST_CASE("after a few names without an answer no more are asked for") {
  int asked = 0;
  const auto resolver = caching_resolver(
      std::make_unique<Counting>(asked, TxtAnswer{TxtAnswer::Status::failed, {}, "silence"}), 2);
  for (const std::string name : {"a", "b", "c", "d"}) {
    const TxtAnswer answer = resolver->txt(name);
    CHECK(answer.status == TxtAnswer::Status::failed);
    CHECK(answer.error == "silence");
  }
  CHECK(asked == 2);
}
