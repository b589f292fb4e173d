#include "fetch/eml_dir.hpp"

#include <catch2/catch.hpp>

#include "eml_bench.hpp"
#include "platform/files.hpp"
#include "platform/sha256.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

TEST_CASE("files of mails are archived as they are, recorded, and only then deleted") {
  EmlBench bench;
  const std::string bytes("Subject: x\r\n\r\n\0\xff.\n no newline at the end", 40);
  bench.put_mail("A.EML", bytes);
  bench.put_mail("b.eml", mail(1));
  bench.put_mail("note.txt", "no mail");
  std::filesystem::create_directory(bench.folder / "below.eml");
  put(bench.folder / "below.eml/c.eml", mail(2));
  bool there_at_commit = false;
  bench.mails.before_record = [&] {
    there_at_commit = bench.left().size() == 4 && bench.archived().size() == 2;
  };
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(there_at_commit);
  CHECK(report.recorded == 2);
  CHECK(report.problems.empty());
  CHECK(bench.slept.count() == 0);
  CHECK(bench.left() == std::vector<std::string>{"below.eml", "note.txt"});
  REQUIRE(bench.mails.rows.contains(sha256(bytes)));
  const MailRecord row = bench.mails.rows.at(sha256(bytes));
  CHECK(row.path.starts_with("2026-08-24/"));
  CHECK(row.path.size() ==
        std::string("2026-08-24/154c463d-386a-4b61-bf0d-6b2cd91a1bcb.eml").size());
  CHECK(row.size == bytes.size());
  CHECK(content_of(bench.context.archive / row.path) == bytes);
  CHECK(bench.mails.rows.at(sha256(mail(1))).message_id == "1@example.com");
}

TEST_CASE("a mail that was seen before is only deleted") {
  EmlBench bench;
  bench.put_mail("a.eml", mail(1));
  bench.put_mail("again.eml", mail(1));
  bench.put_mail("other-way.eml", "Received: by another\r\n" + mail(1));
  FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 1);
  CHECK(report.known == 2);
  bench.put_mail("a.eml", mail(1));
  bench.put_mail("b.eml", "Received: by another\r\n" + mail(1));
  report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 0);
  CHECK(report.known == 2);
  CHECK(bench.left().empty());
  CHECK(bench.archived().size() == 1);
}

TEST_CASE("a known mail whose archived file is gone is put back before its source is emptied") {
  EmlBench bench;
  const std::string large = mail(2) + std::string(300u << 10, 'x') + "\r\n";
  bench.put_mail("a.eml", mail(1));
  bench.put_mail("b.eml", large);
  fetch_eml_dir(bench.folder, bench.context);
  std::filesystem::remove_all(bench.context.archive);
  bench.put_mail("a.eml", mail(1));
  bench.put_mail("again.eml", mail(1));
  bench.put_mail("b.eml", large);
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 0);
  CHECK(report.known == 3);
  CHECK(bench.left().empty());
  REQUIRE(bench.archived().size() == 2);
  for (const std::string& bytes : {mail(1), large}) {
    const std::string path = bench.mails.rows.at(sha256(bytes)).path;
    CHECK(content_of(bench.context.archive / path) == bytes);
    CHECK_THAT(report.repairs,
               Catch::Matchers::VectorContains("the mail " + path +
                                               " was missing in the archive and is put back"));
  }
  CHECK(report.repairs.size() == 2);
}

TEST_CASE("of a mail that is gone from the archive another copy is kept under a name of its own") {
  EmlBench bench;
  bench.put_mail("a.eml", mail(1));
  fetch_eml_dir(bench.folder, bench.context);
  const std::string path = bench.mails.rows.at(sha256(mail(1))).path;
  std::filesystem::remove(bench.context.archive / path);
  const std::string other = "Received: by another\r\n" + mail(1);
  bench.put_mail("a.eml", other);
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 0);
  CHECK(bench.left().empty());
  CHECK(bench.archived() == std::vector<std::string>{other});
  CHECK_FALSE(std::filesystem::exists(bench.context.archive / path));
  REQUIRE(report.repairs.size() == 1);
  CHECK_THAT(report.repairs.front(), Contains(path) && Contains(sha256(other) + ".eml"));
}

TEST_CASE("what was pruned, and what a dry run finds missing, is not put back") {
  EmlBench bench;
  bench.put_mail("a.eml", mail(1));
  fetch_eml_dir(bench.folder, bench.context);
  std::filesystem::remove_all(bench.context.archive);
  bench.context.releases = false;
  bench.put_mail("a.eml", mail(1));
  CHECK(fetch_eml_dir(bench.folder, bench.context).repairs.empty());
  bench.context.releases = true;
  bench.mails.pruned.insert(sha256(mail(1)));
  CHECK(fetch_eml_dir(bench.folder, bench.context).repairs.empty());
  CHECK(bench.archived().empty());
  CHECK(bench.left().empty());
}

TEST_CASE("a file changed within the last two seconds is waited for, the others are not") {
  EmlBench bench;
  bench.put_mail("old.eml", mail(1));
  bench.put_mail("warm.eml", mail(2), std::chrono::seconds(1));
  bench.put_mail("future.eml", mail(3), -std::chrono::hours(1));
  bench.put_mail("growing.eml", mail(4), std::chrono::seconds(0));
  bench.put_mail("vanishing.eml", mail(5), std::chrono::seconds(0));
  std::size_t before_sleep = 0;
  bench.while_asleep = [&] {
    before_sleep = bench.mails.rows.size();
    put(bench.folder / "growing.eml", mail(4) + "more");
    std::filesystem::remove(bench.folder / "vanishing.eml");
  };
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(before_sleep == 1);
  CHECK(bench.slept == std::chrono::seconds(2));
  CHECK(report.recorded == 3);
  CHECK(report.left == 1);
  CHECK(report.failed == 0);
  CHECK(bench.left() == std::vector<std::string>{"growing.eml"});
}

TEST_CASE("a backfill does not wait, and keeps the files unless told otherwise") {
  EmlBench bench;
  bench.put_mail("a.eml", mail(1), std::chrono::seconds(0));
  CHECK(import_eml_dir(bench.folder, false, bench.context).recorded == 1);
  CHECK(bench.slept.count() == 0);
  CHECK(bench.left().size() == 1);
  CHECK(import_eml_dir(bench.folder, true, bench.context).known == 1);
  CHECK(bench.left().empty());
}

TEST_CASE("a file changed between archive and deletion stays for the next run") {
  EmlBench bench;
  bench.put_mail("a.eml", mail(1));
  bench.mails.before_record = [&] { put(bench.folder / "a.eml", mail(2)); };
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 1);
  CHECK(report.left == 1);
  CHECK(content_of(bench.folder / "a.eml") == mail(2));
  bench.mails.before_record = nullptr;
  CHECK(fetch_eml_dir(bench.folder, bench.context).left == 0);
}

TEST_CASE("a mail over the limit is archived whole and flagged") {
  EmlBench bench;
  bench.context.limits.max_mail_size = 1000;
  bench.context.limits.spool_from = 500;
  const std::string large = mail(1) + std::string(200000, 'x');
  bench.put_mail("a.eml", mail(2) + std::string(950, 'y'));
  bench.put_mail("b.eml", large);
  bench.put_mail("c.eml", large);
  const FetchReport report = fetch_eml_dir(bench.folder, bench.context);
  CHECK(report.recorded == 2);
  CHECK(report.oversize == 1);
  CHECK(report.known == 1);
  const MailRecord& row = bench.mails.rows.at(sha256(large));
  CHECK(row.oversize);
  CHECK(content_of(bench.context.archive / row.path) == large);
  CHECK(bench.archived().size() == 2);
}

TEST_CASE("hundreds of files go in batches, one commit each") {
  EmlBench bench;
  for (int i = 0; i < 250; ++i) bench.put_mail(std::to_string(i) + ".eml", mail(i));
  std::vector<std::uint64_t> progress;
  bench.context.progress = [&](std::uint64_t done) { progress.push_back(done); };
  CHECK(fetch_eml_dir(bench.folder, bench.context).recorded == 250);
  CHECK(bench.mails.commits == 3);
  CHECK(progress == std::vector<std::uint64_t>{100, 200, 250});
  CHECK(bench.left().empty());
  CHECK(bench.archived().size() == 250);
}

TEST_CASE(
    "when the register fails nothing is deleted, and the next run ends with every mail once") {
  EmlBench bench;
  for (int i = 0; i < 150; ++i) bench.put_mail(std::to_string(i) + ".eml", mail(i));
  bench.mails.before_record = [&] {
    if (bench.mails.commits == 2) throw Error(ExitCode::temporary, "the ledger is busy");
  };
  CHECK_THROWS_AS(fetch_eml_dir(bench.folder, bench.context), Error);
  CHECK(bench.left().size() == 50);
  const FetchReport recovered = recover_archive(bench.context);
  CHECK(recovered.recorded == 50);
  CHECK(fetch_eml_dir(bench.folder, bench.context).known == 50);
  CHECK(bench.mails.rows.size() == 150);
  CHECK(bench.archived().size() == 150);
  CHECK(bench.left().empty());
}

TEST_CASE("a missing folder, and one that lies in the archive, are refused") {
  EmlBench bench;
  const auto code = [&](const std::filesystem::path& folder) {
    try {
      fetch_eml_dir(folder, bench.context);
    } catch (const Error& error) {
      return error.code();
    }
    return ExitCode::ok;
  };
  CHECK(code(bench.scratch / "missing") == ExitCode::no_input);
  CHECK(code(bench.context.archive) == ExitCode::config);
  CHECK(code(bench.context.archive / "2026-08-24") == ExitCode::config);
  CHECK(code(bench.scratch / ".") == ExitCode::config);
  CHECK(code(bench.folder) == ExitCode::ok);
}

TEST_CASE("recovery records what a kill left without a row, and nothing twice") {
  EmlBench bench;
  std::filesystem::create_directories(bench.context.archive / "2026-08-23");
  std::filesystem::create_directories(bench.context.archive / "2026-08-01");
  std::filesystem::create_directories(bench.context.archive / "notes");
  put(bench.context.archive / "2026-08-23/a.eml", mail(1));
  put(bench.context.archive / "2026-08-23/b.eml", mail(2));
  put(bench.context.archive / "2026-08-23/twin.eml", mail(2));
  put(bench.context.archive / "2026-08-23/.c.eml.part", mail(3));
  put(bench.context.archive / "2026-08-01/d.eml", mail(4));
  put(bench.context.archive / "notes/e.eml", mail(5));
  MailRecord row;
  row.path = "2026-08-23/a.eml";
  row.sha256 = sha256(mail(1));
  bench.mails.rows.emplace(row.sha256, row);
  FetchReport report = recover_archive(bench.context);
  CHECK(report.recorded == 1);
  CHECK(report.known == 1);
  CHECK(bench.mails.rows.size() == 2);
  CHECK(bench.mails.rows.at(sha256(mail(2))).path == "2026-08-23/b.eml");
  report = recover_archive(bench.context);
  CHECK(report.recorded == 0);
  CHECK(recover_archive(bench.context, 60).recorded == 1);
}

TEST_CASE("recovery of an archive that does not exist yet has nothing to do") {
  EmlBench bench;
  CHECK(recover_archive(bench.context).recorded == 0);
}

TEST_CASE("after a stop no further file is read, and nobody waits for warm ones") {
  EmlBench bench;
  for (int i = 0; i < 250; ++i) bench.put_mail(std::to_string(i) + ".eml", mail(i));
  std::stop_source stop;
  bench.context.stop = stop.get_token();
  bench.mails.before_record = [&] { stop.request_stop(); };
  CHECK(fetch_eml_dir(bench.folder, bench.context).recorded == 100);
  CHECK(bench.left().size() == 150);
  EmlBench warm;
  warm.put_mail("a.eml", mail(1), std::chrono::seconds(0));
  warm.context.stop = stop.get_token();
  CHECK(fetch_eml_dir(warm.folder, warm.context).recorded == 0);
  CHECK(warm.slept.count() == 0);
}
