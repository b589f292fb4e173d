#include "fetch/pop3_session.hpp"

#include <stop_token>

#include <catch2/catch.hpp>

#include "fake_pop3_server.hpp"
#include "fakes.hpp"
#include "fetch/dot_reader.hpp"
#include "platform/sha256.hpp"

using namespace paymentctl;
using Catch::Matchers::Contains;

namespace {

std::string numbered_mail(int number, std::size_t size = 300) {
  std::string text = "Message-ID: <" + std::to_string(number) + "@example.com>\r\n\r\n.\r\n..\r\n";
  text.resize(size - 2, 'x');
  return text + "\r\n";
}

struct PopBench : FetchBench {
  FakeMailbox mailbox;
  Pop3Bounds bounds;
  FetchReport report;

  explicit PopBench(int count = 0) {
    for (int i = 0; i < count; ++i) mailbox.mails.push_back(numbered_mail(i));
  }
  bool fetch() {
    FakeConnection connection(mailbox);
    return fetch_session(connection, context, bounds, report);
  }
  std::string failure(FakeConnection& connection) {
    try {
      fetch_session(connection, context, bounds, report);
      return {};
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::unavailable);
      return error.what();
    }
  }
};

std::string unstuffed(std::string_view wire, std::size_t piece, std::size_t* used = nullptr) {
  DotReader reader;
  std::string content;
  std::size_t total = 0;
  for (std::size_t at = 0; at < wire.size() && !reader.done(); at += piece) {
    total += reader.feed(wire.substr(at, piece), [&](std::string_view part) { content += part; });
  }
  if (used != nullptr) *used = total;
  return reader.done() ? content : "no end";
}

}  // namespace

TEST_CASE("dot-stuffing is undone and the end found, in pieces of any size") {
  struct Row {
    std::string wire;
    std::string content;
  };
  const Row rows[] = {
      {".\r\n", ""},
      {"a\r\n.\r\n", "a\r\n"},
      {"..\r\n...b\r\n.\r\n", ".\r\n..b\r\n"},
      {".x\r\n.\r\n", "x\r\n"},
      {"a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n"},
      {"a\r.\r\nb\r\r\n.\r\n", "a\r.\r\nb\r\r\n"},
      {".\rb\r\n.\r\n", "\rb\r\n"},
      {".\r\r\n.\r\n", "\r\r\n"},
      {std::string("\0\xff\r\n.\r\n", 7), std::string("\0\xff\r\n", 4)},
      {"a\r\n.", "no end"},
      {"a\r\n.\r", "no end"},
  };
  for (const Row& row : rows) {
    for (std::size_t piece = 1; piece <= row.wire.size(); ++piece) {
      INFO(row.wire << " in pieces of " << piece);
      CHECK(unstuffed(row.wire, piece) == row.content);
    }
  }
  std::size_t used = 0;
  CHECK(unstuffed("a\r\n.\r\n+OK next", 100, &used) == "a\r\n");
  CHECK(used == 6);
}

TEST_CASE("an empty mailbox costs STAT and QUIT") {
  PopBench bench;
  FakeConnection connection(bench.mailbox);
  CHECK_FALSE(fetch_session(connection, bench.context, bench.bounds, bench.report));
  CHECK(connection.commands == std::vector<std::string>{"STAT", "QUIT"});
}

TEST_CASE("mails are archived byte for byte, recorded with their UIDL, then deleted") {
  PopBench bench;
  const std::string odd("Subject: x\r\n\r\n\0\xe1\n.\r\n.\r\n" + std::string(100000, 'l') + "\r\n");
  bench.mailbox.mails = {numbered_mail(1), odd, "\r\n"};
  bench.mails.before_record = [&] { CHECK(bench.mailbox.mails.size() == 3); };
  CHECK_FALSE(bench.fetch());
  CHECK(bench.report.recorded == 3);
  CHECK(bench.mailbox.mails.empty());
  REQUIRE(bench.mails.rows.contains(sha256(odd)));
  CHECK(bench.mails.rows.at(sha256(odd)).uidl.starts_with("u"));
  CHECK(bench.mails.rows.contains(sha256("\r\n")));
  CHECK(bench.archived().size() == 3);
}

TEST_CASE("many mails are asked for ahead, within the window") {
  PopBench bench(1000);
  bench.bounds.window_mails = 50;
  FakeConnection connection(bench.mailbox);
  fetch_session(connection, bench.context, bench.bounds, bench.report);
  CHECK(bench.report.recorded == 1000);
  CHECK(bench.mailbox.mails.empty());
  CHECK(connection.most_in_flight >= 50);
  CHECK(connection.most_in_flight <= 50 + 2 * bench.context.limits.batch_mails);
  CHECK(bench.mails.commits == 10);
}

TEST_CASE("a server without PIPELINING is asked one thing at a time") {
  PopBench bench(150);
  bench.mailbox.pipelining = false;
  FakeConnection connection(bench.mailbox);
  fetch_session(connection, bench.context, bench.bounds, bench.report);
  CHECK(connection.most_in_flight == 1);
  CHECK(bench.report.recorded == 150);
  CHECK(bench.mailbox.mails.empty());
}

TEST_CASE("servers without UIDL, LIST or CAPA are read too") {
  PopBench bench(5);
  bench.mailbox.uidl = false;
  bench.mailbox.list = false;
  bench.mailbox.answers["CAPA"] = "-ERR unknown command\r\n";
  bench.fetch();
  CHECK(bench.report.recorded == 5);
  CHECK(bench.mailbox.mails.empty());
  CHECK(bench.mails.rows.begin()->second.uidl.empty());
}

TEST_CASE("announced sizes are only a hint") {
  for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{400'000'000}}) {
    PopBench bench(300);
    bench.mailbox.announce = size;
    bench.fetch();
    CHECK(bench.report.recorded == 300);
    CHECK(bench.mailbox.mails.empty());
  }
}

TEST_CASE("a mail that the server does not give or does not delete holds up nobody") {
  PopBench bench(5);
  bench.mailbox.answers["RETR 2"] = "-ERR [SYS/TEMP] not \x01now\r\n";
  bench.mailbox.answers["DELE 4"] = "-ERR locked\r\n";
  bench.fetch();
  CHECK(bench.report.recorded == 4);
  CHECK(bench.report.failed == 2);
  REQUIRE(bench.report.problems.size() == 2);
  CHECK_THAT(bench.report.problems[0], Contains("mail 2") && Contains("[SYS/TEMP] not ?now"));
  CHECK_THAT(bench.report.problems[1], Contains("mail 4") && Contains("locked"));
  CHECK(bench.mailbox.mails == std::vector<std::string>{numbered_mail(1), numbered_mail(3)});
  bench.mailbox.answers.clear();
  bench.fetch();
  CHECK(bench.report.recorded == 5);
  CHECK(bench.report.known == 1);
  CHECK(bench.mailbox.mails.empty());
}

TEST_CASE("a UIDL used again for another mail deletes nothing unseen") {
  PopBench bench(1);
  bench.mailbox.answers["UIDL"] = "+OK\r\n1 same\r\n.\r\n";
  bench.fetch();
  bench.mailbox.mails = {numbered_mail(2)};
  bench.fetch();
  CHECK(bench.report.recorded == 2);
  CHECK(bench.mails.rows.contains(sha256(numbered_mail(2))));
}

TEST_CASE("a large mailbox is taken in several sessions") {
  PopBench bench(25);
  bench.bounds.session_mails = 10;
  CHECK(bench.fetch());
  CHECK(bench.mailbox.mails.size() == 15);
  CHECK(bench.fetch());
  CHECK_FALSE(bench.fetch());
  CHECK(bench.report.recorded == 25);
}

TEST_CASE("mails larger than memory allows go to disk as they come, and are flagged") {
  PopBench bench;
  bench.mailbox.mails = {numbered_mail(1, 3'000'000), numbered_mail(2),
                         numbered_mail(1, 3'000'000)};
  bench.context.limits.max_mail_size = 1'000'000;
  bench.context.limits.spool_from = 100'000;
  bench.fetch();
  CHECK(bench.report.recorded == 2);
  CHECK(bench.report.known == 1);
  CHECK(bench.report.oversize == 1);
  CHECK(bench.mails.rows.at(sha256(numbered_mail(1, 3'000'000))).oversize);
  CHECK(bench.archived().size() == 2);
  CHECK(bench.mailbox.mails.empty());
}

TEST_CASE("a line cut after any byte loses nothing and doubles nothing") {
  PopBench whole(3);
  FakeConnection undisturbed(whole.mailbox);
  fetch_session(undisturbed, whole.context, whole.bounds, whole.report);
  const std::size_t bytes = undisturbed.received();
  REQUIRE(bytes > 900);
  for (const bool pipelining : {true, false}) {
    for (std::size_t cut = 0; cut < bytes; cut += PAYMENTCTL_SANITIZED ? 5 : 1) {
      PopBench bench(3);
      bench.mailbox.pipelining = pipelining;
      bench.context.limits.batch_mails = 2;
      FakeConnection connection(bench.mailbox);
      connection.cut_after = cut;
      INFO("cut after " << cut);
      const std::string why = bench.failure(connection);
      // Without PIPELINING the session is shorter by that line.
      if (pipelining) REQUIRE_FALSE(why.empty());
      bench.fetch();
      REQUIRE(bench.mailbox.mails.empty());
      REQUIRE(bench.mails.rows.size() == 3);
      REQUIRE(bench.archived() ==
              std::vector<std::string>{numbered_mail(0), numbered_mail(1), numbered_mail(2)});
    }
  }
}

TEST_CASE("mails that came whole before the line was cut are not fetched in vain") {
  PopBench bench(10);
  FakeConnection connection(bench.mailbox);
  connection.cut_after = 2500;
  CHECK_FALSE(bench.failure(connection).empty());
  CHECK(bench.report.recorded >= 5);
  CHECK(bench.mailbox.mails.size() == 10);
}

TEST_CASE("a server that hangs, drips, floods or talks something else is left") {
  struct Row {
    std::string command;
    std::string answer;
    std::string why;
  };
  const std::string endless(5000, 'x');
  const Row rows[] = {
      {"STAT", "", "fallen silent"},
      {"STAT", "+OK 1", "fallen silent"},
      {"STAT", "-ERR [SYS/TEMP] later\r\n", "later"},
      {"STAT", "+OK many\r\n", "many"},
      {"STAT", endless, "line without end"},
      {"RETR 2", "+OK\r\nSubject: x\r\n", "fallen silent"},
      {"RETR 2", "+OK\r\n" + endless, "without an end"},
      {"RETR 2", "220 smtp.example.com\x1b[2J\r\n", "not POP3"},
      {"LIST", "+OK\r\n" + endless, "without an end"},
      {"DELE 1", "", "fallen silent"},
      {"QUIT", "-ERR some deleted messages not removed\r\n", "not removed"},
  };
  for (const Row& row : rows) {
    PopBench bench(3);
    bench.bounds.mail_bytes = 4000;
    bench.bounds.list_bytes = 4000;
    bench.mailbox.answers[row.command] = row.answer;
    FakeConnection connection(bench.mailbox);
    INFO(row.command << " " << row.answer.substr(0, 40));
    const std::string why = bench.failure(connection);
    CHECK_THAT(why, Contains(row.why) && !Contains("\x1b"));
    CHECK(bench.mailbox.mails.size() == 3);
    bench.mailbox.answers.clear();
    bench.fetch();
    CHECK(bench.mails.rows.size() == 3);
    CHECK(bench.archived().size() == 3);
    CHECK(bench.mailbox.mails.empty());
  }
}

TEST_CASE("a server that drips is left when a reply takes too long in all") {
  PopBench bench(3);
  FakeConnection connection(bench.mailbox);
  connection.piece = 1;
  connection.per_piece = std::chrono::seconds(30);
  CHECK_THAT(bench.failure(connection), Contains("too slowly"));
  CHECK(connection.elapsed() < std::chrono::minutes(30));
}

TEST_CASE("a slow line that brings something all the time is waited for") {
  PopBench bench(3);
  FakeConnection connection(bench.mailbox);
  connection.piece = 10;
  connection.per_piece = std::chrono::seconds(5);
  CHECK(bench.failure(connection).empty());
  CHECK(bench.report.recorded == 3);
}

TEST_CASE("when the archive or the ledger fails, nothing is deleted that is not recorded") {
  PopBench bench(250);
  bench.mails.before_record = [&] {
    if (bench.mails.commits == 2) throw Error(ExitCode::temporary, "the ledger is busy");
  };
  CHECK_THROWS_AS(bench.fetch(), Error);
  CHECK(bench.mailbox.mails.size() == 250);
  recover_archive(bench.context);
  bench.report = {};
  bench.fetch();
  CHECK(bench.mailbox.mails.empty());
  CHECK(bench.mails.rows.size() == 250);
  CHECK(bench.archived().size() == 250);
}

TEST_CASE("asking how many mails there are retrieves and deletes nothing") {
  PopBench bench(7);
  FakeConnection connection(bench.mailbox);
  CHECK(count_session(connection, bench.bounds) == 7);
  CHECK(connection.commands == std::vector<std::string>{"STAT", "QUIT"});
  CHECK(bench.mailbox.mails.size() == 7);
}

TEST_CASE("after a stop no further mail is asked for, and what came is deleted with a QUIT") {
  PopBench bench(1000);
  bench.bounds.window_mails = 50;
  std::stop_source stop;
  bench.context.stop = stop.get_token();
  bench.mails.before_record = [&] { stop.request_stop(); };
  FakeConnection connection(bench.mailbox);
  CHECK_FALSE(fetch_session(connection, bench.context, bench.bounds, bench.report));
  CHECK(connection.commands.back() == "QUIT");
  CHECK(bench.report.recorded >= 100);
  CHECK(bench.report.recorded <= 200);
  CHECK(bench.mailbox.mails.size() == 1000 - bench.report.recorded);
}

TEST_CASE("a session whose time is over ends at its next mail") {
  PopBench bench(1000);
  bench.bounds.window_mails = 50;
  bench.context.is_enough = [&] { return bench.mails.commits > 0; };
  CHECK_FALSE(bench.fetch());
  CHECK(bench.report.recorded <= 200);
  CHECK(bench.mailbox.mails.size() == 1000 - bench.report.recorded);
  bench.mails.commits = 0;
  bench.context.is_enough = [] { return true; };
  FakeConnection connection(bench.mailbox);
  fetch_session(connection, bench.context, bench.bounds, bench.report);
  CHECK(connection.commands.back() == "QUIT");
  CHECK(bench.mails.commits == 0);
}

TEST_CASE("a server that is silent is left five seconds after a stop, and what came is kept") {
  struct Stopping : FakeConnection {
    using FakeConnection::FakeConnection;
    std::stop_source stop;
    void wait(bool to_send, std::chrono::milliseconds longest) override {
      FakeConnection::wait(to_send, longest);
      stop.request_stop();
    }
  };
  PopBench bench(3);
  bench.mailbox.answers["RETR 3"] = "";
  Stopping connection(bench.mailbox);
  bench.context.stop = connection.stop.get_token();
  CHECK_THAT(bench.failure(connection), Contains("too slow for a stop"));
  CHECK(connection.elapsed() < std::chrono::seconds(6));
  CHECK(bench.report.recorded == 2);
  CHECK(bench.mailbox.mails.size() == 3);
}
