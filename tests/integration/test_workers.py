"""Several workers on one PostgreSQL, each with an archive of its own as on machines of their own:
killed, suspended, cut off, the server restarted, and in the end every mail exactly once."""

import random
import signal
import subprocess
import sys
import time
import unittest

import box as boxes
import notices
from box import CONFIG, OK, SOURCE, TEMPORARY, Box, BoxTest, psql, repetitions

sys.path.insert(0, str(SOURCE / "tests/servers"))
from servers import PostgreSql  # noqa: E402

KILLS = repetitions(12, 100, 8)
UNAVAILABLE = 69


class Workers(BoxTest):
    @classmethod
    def setUpClass(cls):
        cls.server = PostgreSql()
        cls.addClassCleanup(cls.server.end)
        before, boxes.SERVER = boxes.SERVER, cls.server.url()
        cls.addClassCleanup(setattr, boxes, "SERVER", before)

    def worker(self, first, name, **settings):
        """The same box on another machine: same ledger, but neither archive nor emlDir."""
        return Box(self.scratch / name, ledger=first.settings["ledger"], emlDir=None, box="box",
                   **settings)

    def fill(self, count):
        """Mails for `count` invoices; the symbols."""
        symbols = [str(100000 + number) for number in range(count)]
        self.box.import_documents(*(f"issued_invoice,{symbol},{int(symbol) / 100:.2f},{symbol}"
                                    for symbol in symbols))
        for symbol in symbols:
            self.box.mail(f"{symbol}.eml", notices.fio(int(symbol), symbol, message_id=symbol))
        return symbols

    def let_leases_end(self):
        self.box.sql("update lease set ends_at = 0")

    def assert_each_once(self, symbols):
        _, rows = self.box.sql("select variable_symbol, status from payment order by 1")
        self.assertEqual(rows, [[symbol, "paid"] for symbol in symbols])
        self.assertEqual(self.box.sql("select count(*) from message where state <> 'posted'")[1],
                         [["0"]])
        self.assertEqual(self.box.sql("select count(*), count(distinct cause) from outbox "
                                      "where kind = 'payment'")[1],
                         [[str(len(symbols))] * 2])
        self.assert_exit(self.box.run("ledger", "check"), OK)

    def start_quietly(self, box):
        with open(self.scratch / "errors", "ab") as errors:
            return box.start("run", "-c", "box.xml", "--format", "ndjson",
                             stdout=subprocess.DEVNULL, stderr=errors)

    def test_a_worker_posts_what_another_one_fetched_before_it_died(self):
        symbols = self.fill(5)
        self.assert_exit(self.box.run("fetch"), OK)
        other = self.worker(self.box, "other")
        self.assert_exit(other.run("run"), OK)
        self.assert_each_once(symbols)
        self.assertEqual({path.read_bytes() for path in other.archived()},
                         {path.read_bytes() for path in self.box.archived()})

    def test_one_worker_has_a_box_at_a_time_and_gives_it_back(self):
        self.fill(1)
        self.box.sql("insert into lease select id, 'elsewhere', 1, 0, 32503680000 from box")
        done = self.assert_exit(self.box.run("run"), TEMPORARY)
        self.assertIn("elsewhere works on this box just now", done.stderr)
        self.let_leases_end()
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.sql("select epoch, ends_at from lease")[1], [["2", "0"]])

    def test_killed_again_and_again_every_mail_ends_exactly_once(self):
        symbols = self.fill(800)
        other = self.worker(self.box, "other")
        chance = random.Random(1)
        for number in range(KILLS):
            running = self.start_quietly((self.box, other)[number % 2])
            time.sleep(chance.uniform(0.02, 0.4))
            running.kill()
            running.wait()
            self.let_leases_end()
        self.assert_exit(other.run("run", "--quiet"), OK)
        self.assert_exit(self.box.run("run", "--quiet"), OK)
        self.assert_each_once(symbols)

    def test_two_at_once_and_one_killed(self):
        symbols = self.fill(400)
        other = self.worker(self.box, "other")
        first, second = self.start_quietly(self.box), self.start_quietly(other)
        time.sleep(0.15)
        first.kill()
        first.wait()
        second.wait()
        self.let_leases_end()
        self.assert_exit(other.run("run", "--quiet"), OK)
        self.assert_exit(self.box.run("run", "--quiet"), OK)
        self.assert_each_once(symbols)

    def test_a_suspended_worker_that_comes_back_posts_nothing(self):
        symbols = self.fill(800)
        sleeper = self.box.start("run", "-c", "box.xml", "--format", "ndjson",
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.wait_for("select count(*) from message", lambda count: count > 0)
        sleeper.send_signal(signal.SIGSTOP)
        self.let_leases_end()
        # What it holds within a transaction is freed when the server ends that.
        psql(self.server.url(), "select pg_terminate_backend(pid) from pg_stat_activity where state "
                                "= 'idle in transaction'")
        other = self.worker(self.box, "other")
        self.assert_exit(other.run("run", "--quiet"), OK)
        taken = self.box.sql("select count(*) from message")[1][0][0]
        sleeper.send_signal(signal.SIGCONT)
        _, told = sleeper.communicate()
        self.assertEqual(sleeper.returncode, TEMPORARY, told)
        self.assertIn("has taken this box over", told.decode())
        self.assertEqual(self.box.sql("select count(*) from message")[1][0][0], taken)
        self.assert_exit(self.box.run("run", "--quiet"), OK)
        self.assert_each_once(symbols)

    def wait_for(self, query, holds):
        deadline = time.monotonic() + 60
        while not holds(int(self.box.sql(query)[1][0][0])):
            self.assertLess(time.monotonic(), deadline, query)
            time.sleep(0.01)

    def run_while(self, disturb):
        symbols = self.fill(800)
        running = self.start_quietly(self.box)
        time.sleep(0.2)
        disturb()
        self.assertIn(running.wait(), (OK, TEMPORARY, UNAVAILABLE),
                      (self.scratch / "errors").read_text())
        self.let_leases_end()
        self.assert_exit(self.box.run("run", "--quiet"), OK)
        self.assert_each_once(symbols)

    def test_the_database_is_restarted_in_the_middle(self):
        def restart():
            self.server.stop()
            self.server.start()
        self.run_while(restart)

    def test_the_database_dies_and_recovers(self):
        def crash():
            self.server.stop(signal.SIGQUIT)
            self.server.start()
        self.run_while(crash)

    def test_connections_are_cut(self):
        def cut():
            for _ in range(5):
                psql(self.server.url(), "select pg_terminate_backend(pid) from pg_stat_activity "
                                        "where application_name = 'paymentctl'")
                time.sleep(0.05)
        self.run_while(cut)

    def test_a_database_that_does_not_take_every_letter_is_refused(self):
        psql(self.server.url(), "create database latin encoding 'LATIN2' locale 'C' "
                                "template template0")
        self.fill(1)
        self.box.write_settings(ledger=self.server.url().replace("/paymentctl?", "/latin?"))
        done = self.assert_exit(self.box.run("run"), CONFIG)
        self.assertIn("keeps texts in LATIN2, wanted UTF8", done.stderr)
        self.assertEqual(len(self.box.mails_left()), 1)

    def test_a_server_with_too_many_connections_is_tried_again_later(self):
        self.fill(1)
        psql(self.server.url(), "create role guest login connection limit 0")
        url = self.box.settings["ledger"]
        self.box.write_settings(ledger=url.replace("paymentctl@", "guest@"))
        done = self.assert_exit(self.box.run("run"), TEMPORARY)
        self.assertIn("as many connections as it may", done.stderr)
        self.assertEqual(len(self.box.mails_left()), 1)

    def test_without_a_server_the_run_says_so_and_nothing_is_lost(self):
        symbols = self.fill(3)
        self.server.stop()
        try:
            done = self.assert_exit(self.box.run("run"), UNAVAILABLE)
            self.assertIn("cannot be reached", done.stderr)
            self.assertEqual(len(self.box.mails_left()), 3)
        finally:
            self.server.start()
        self.assert_exit(self.box.run("run"), OK)
        self.assert_each_once(symbols)


if __name__ == "__main__":
    unittest.main()
