// What a test can have on Linux only: links, file systems of its own.
#ifdef __linux__
#include <catch2/catch.hpp>

#include "../platform/small_disk.hpp"
#include "eml_bench.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

TEST_CASE("symbolic links and pipes are reported and left alone, the others go on") {
  EmlBench bench;
  put(bench.scratch / "secret", mail(9));
  std::filesystem::create_symlink(bench.scratch / "secret", bench.folder / "a.eml");
  bench.put_mail("b.eml", mail(1));
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 1);
  CHECK(report.failed == 1);
  REQUIRE(report.problems.size() == 1);
  CHECK_THAT(report.problems[0], Contains("a.eml") && Contains("no regular file"));
  CHECK(bench.left() == std::vector<std::string>{"a.eml"});
  CHECK(std::filesystem::exists(bench.scratch / "secret"));
}

TEST_CASE("a full archive disk ends the run with its reason, keeps every file, and heals") {
  EmlBench bench;
  for (int i = 0; i < 30; ++i) {
    bench.put_mail(std::to_string(i) + ".eml", mail(i) + std::string(8000, 'x'));
  }
  bench.context.limits.batch_mails = 5;
  {
    const SmallDisk disk(bench.context.archive, "128k");
    try {
      fetch_eml_dir(bench.folder, bench.context);
      FAIL("the disk was not full");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::io);
      CHECK_THAT(error.what(), Contains("No space left"));
    }
    CHECK(bench.archived().size() == bench.mails.rows.size());
    CHECK(bench.left().size() + bench.mails.rows.size() == 30);
  }
  const std::size_t before = bench.mails.rows.size();
  CHECK(fetch_eml_dir(bench.folder, bench.context).recorded == 30 - before);
  CHECK(bench.left().empty());
}

TEST_CASE("files on a read-only disk are recorded once and reported, not lost") {
  EmlBench bench;
  SmallDisk disk(bench.folder, "64k");
  bench.put_mail("a.eml", mail(1));
  disk.make_read_only();
  for (int run = 0; run < 2; ++run) {
    const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
    CHECK(report.failed == 1);
    REQUIRE(report.problems.size() == 1);
    CHECK_THAT(report.problems[0], Contains("a.eml") && Contains("Read-only"));
  }
  CHECK(bench.mails.rows.size() == 1);
}
#endif
