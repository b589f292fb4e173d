#include "notify/deliver.hpp"

#include <map>

#include <catch2/catch.hpp>

using namespace paymentctl;
using namespace std::chrono_literals;

namespace {

class StillClock : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return moment; }
  [[nodiscard]] LocalTime local(Timestamp) const override { return {}; }
  Timestamp moment{std::chrono::sys_days(std::chrono::year{2026} / 8 / 24)};
};

class MemoryOutbox : public Outbox {
 public:
  std::vector<WaitingMail> due(Timestamp now, std::int64_t after, int limit) override {
    std::vector<WaitingMail> all;
    for (const auto& [id, mail] : mails) {
      if (id > after && next[id] <= now && all.size() < static_cast<std::size_t>(limit)) {
        all.push_back(mail);
      }
    }
    return all;
  }
  std::int64_t waiting() override { return static_cast<std::int64_t>(mails.size()); }
  void sent(std::int64_t id, Timestamp) override { mails.erase(id); }
  void failed(std::int64_t id, const std::string& error, Timestamp next_try) override {
    ++mails[id].tries;
    next[id] = next_try;
    errors[id] = error;
  }
  void refused(std::int64_t id, const std::string& error, Timestamp) override {
    mails.erase(id);
    errors[id] = error;
  }

  void add(std::int64_t id, Timestamp written, Audience audience = Audience::information) {
    mails[id] = {id,
                 audience,
                 true,
                 "subject",
                 "text " + std::to_string(id) + "\n",
                 std::to_string(id) + "@firma.test",
                 0,
                 written};
  }

  std::map<std::int64_t, WaitingMail> mails;
  std::map<std::int64_t, Timestamp> next;
  std::map<std::int64_t, std::string> errors;
};

class TestTransport : public MailTransport {
 public:
  SendResult send(const OutgoingMail& mail) override {
    tried.push_back(mail);
    return answer;
  }
  SendResult answer;
  std::vector<OutgoingMail> tried;
};

NotifySettings settings() {
  return {{"banka@firma.test", {"finance@firma.test"}, {"kopie@firma.test"}},
          {"chyby@firma.test", {"spravce@firma.test"}, {}},
          Language::en};
}

}  // namespace

TEST_CASE("without a server everything stays in the outbox and a sentence says so") {
  const StillClock clock;
  MemoryOutbox outbox;
  outbox.add(1, clock.now());
  const NotifyReport report = deliver_outbox(outbox, nullptr, settings(), clock);
  CHECK(report.waiting == 1);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems[0] ==
        "smtpServer is not set, so 1 notification waits in the outbox; set it in box.xml");
}

TEST_CASE("mails without addresses hold up nobody, however many they are") {
  const StillClock clock;
  MemoryOutbox outbox;
  for (int id = 1; id <= 450; ++id) outbox.add(id, clock.now());
  outbox.add(451, clock.now(), Audience::errors);
  NotifySettings nobody = settings();
  nobody.information.to.clear();
  TestTransport transport;
  const NotifyReport report = deliver_outbox(outbox, &transport, nobody, clock);
  CHECK(report.sent == 1);
  CHECK(report.waiting == 450);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems[0] ==
        "notifications wait since infoFrom or infoTo is not set; set both in box.xml");
}

TEST_CASE("each audience gets its own addresses, and what was sent leaves the outbox") {
  const StillClock clock;
  MemoryOutbox outbox;
  outbox.add(1, clock.now());
  outbox.add(2, clock.now(), Audience::errors);
  TestTransport transport;
  const NotifyReport report = deliver_outbox(outbox, &transport, settings(), clock);
  CHECK(report.sent == 2);
  CHECK(report.waiting == 0);
  REQUIRE(transport.tried.size() == 2);
  CHECK(transport.tried[0].to == std::vector<std::string>{"finance@firma.test"});
  CHECK(transport.tried[0].cc == std::vector<std::string>{"kopie@firma.test"});
  CHECK(transport.tried[0].message_id == "1@firma.test");
  CHECK(transport.tried[1].from == "chyby@firma.test");
}

TEST_CASE("a mail that is deferred waits longer after each try and keeps its Message-ID") {
  StillClock clock;
  MemoryOutbox outbox;
  outbox.add(1, clock.now());
  TestTransport transport;
  transport.answer = {SendStatus::deferred, "451 try later", {}};
  for (const auto pause : {1min, 5min, 15min, 60min, 240min, 720min, 1440min, 1440min}) {
    outbox.mails[1].about_payment = false;  // else it would join a digest after a week
    CHECK(deliver_outbox(outbox, &transport, settings(), clock).failed == 1);
    CHECK(outbox.next[1] - clock.now() == pause);
    CHECK(deliver_outbox(outbox, &transport, settings(), clock).failed == 0);
    clock.moment = outbox.next[1];
  }
  for (const OutgoingMail& mail : transport.tried) CHECK(mail.message_id == "1@firma.test");
}

TEST_CASE("a server that is gone is tried once, not once for every mail") {
  const StillClock clock;
  MemoryOutbox outbox;
  for (int id = 1; id <= 50; ++id) outbox.add(id, clock.now());
  TestTransport transport;
  transport.answer = {SendStatus::unavailable, "smtp.firma.test does not answer", {}};
  const NotifyReport report = deliver_outbox(outbox, &transport, settings(), clock);
  CHECK(transport.tried.size() == 1);
  CHECK(report.waiting == 50);
  CHECK(report.problems.size() == 1);
}

TEST_CASE("a mail that the server refuses for good is not tried again") {
  const StillClock clock;
  MemoryOutbox outbox;
  outbox.add(1, clock.now());
  TestTransport transport;
  transport.answer = {SendStatus::refused, "550 no such user", {}};
  const NotifyReport report = deliver_outbox(outbox, &transport, settings(), clock);
  CHECK(report.refused == 1);
  CHECK(outbox.errors[1] == "550 no such user");
  CHECK(outbox.waiting() == 0);
}

TEST_CASE("notifications that waited longer than 7 days go out as one mail") {
  const StillClock clock;
  MemoryOutbox outbox;
  outbox.add(1, clock.now() - std::chrono::days(9));
  outbox.add(2, clock.now() - std::chrono::days(8));
  outbox.add(3, clock.now() - std::chrono::days(7));
  TestTransport transport;
  const NotifyReport report = deliver_outbox(outbox, &transport, settings(), clock);
  CHECK(report.sent == 3);
  REQUIRE(transport.tried.size() == 2);
  CHECK(transport.tried[0].subject == "2 notifications that could not be sent earlier");
  CHECK(transport.tried[0].text == "text 1\ntext 2\n");
  CHECK(transport.tried[1].text == "text 3\n");
}

TEST_CASE("a mail without receivers waits and the missing keys are named") {
  const StillClock clock;
  MemoryOutbox outbox;
  outbox.add(1, clock.now());
  NotifySettings incomplete = settings();
  incomplete.information.to.clear();
  TestTransport transport;
  const NotifyReport report = deliver_outbox(outbox, &transport, incomplete, clock);
  CHECK(transport.tried.empty());
  CHECK(report.waiting == 1);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems[0].find("infoTo") != std::string::npos);
}

TEST_CASE("after a stop the mail in hand is sent and no further one begun") {
  const StillClock clock;
  MemoryOutbox outbox;
  for (int id = 1; id <= 5; ++id) outbox.add(id, clock.now());
  std::stop_source stop;
  struct Stopping : TestTransport {
    explicit Stopping(std::stop_source& source) : stop(source) {}
    SendResult send(const OutgoingMail& mail) override {
      stop.request_stop();
      return TestTransport::send(mail);
    }
    std::stop_source& stop;
  } transport(stop);
  const auto report = deliver_outbox(outbox, &transport, settings(), clock, stop.get_token());
  CHECK(report.sent == 1);
  CHECK(report.waiting == 4);
}
