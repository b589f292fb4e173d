"""run --dry-run: it says what run would do, and nothing of the box is touched."""

import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

from box import OK, BoxTest, environment, ndjson
from notices import fio, many

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from servers import Authority, Dovecot  # noqa: E402


def tree(folder):
    """Every file and folder with its bytes, mode and time of change."""
    seen = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        content = path.read_bytes() if path.is_file() else None
        seen[str(path.relative_to(folder))] = (content, facts.st_mode, facts.st_mtime_ns,
                                               facts.st_ino)
    return seen


def told(text):
    """What a run says of each payment, without what differs from run to run."""
    lines = []
    for line in ndjson(text):
        payment = line.get("payment", line)
        lines.append((line["type"], line.get("status"), line.get("rule"), payment.get("amount"),
                      [each["document"]["number"] for each in line.get("allocations", [])],
                      line.get("why") or line.get("reason"), line.get("payment_id")))
    return sorted(lines, key=repr)


class DryRunTest(BoxTest):
    def setUp(self):
        super().setUp()
        self.temporary = self.scratch / "tmp"
        self.temporary.mkdir()

    def dry(self, *arguments, **options):
        return subprocess.run(self.box.command("run", "--dry-run", "-c", "box.xml", *arguments),
                              cwd=self.box.folder, capture_output=True, text=True, timeout=120,
                              env=environment(TMPDIR=str(self.temporary)), **options)

    def assert_untouched(self, *arguments):
        """The dry run changes nothing and leaves nothing behind; what it printed."""
        before = tree(self.box.folder)
        done = self.assert_exit(self.dry(*arguments), OK)
        self.assertEqual(tree(self.box.folder), before)
        self.assertEqual(list(self.temporary.iterdir()), [])
        return done

    def fill(self):
        self.box.import_documents("issued_invoice,101,300.00,101,Vzorná s.r.o.",
                                  "issued_invoice,102,500.00")
        self.box.mail("a.eml", fio(30000, "101"))
        self.box.mail("b.eml", fio(20000, "102"))
        self.box.mail("c.eml", fio(70000, "999"))
        self.box.mail("d.eml", b"Subject: nobody knows\r\n\r\nthis\r\n")


class DryRun(DryRunTest):
    def test_it_says_what_the_run_then_does(self):
        self.fill()
        done = self.assert_untouched()
        self.assertIn("nothing was changed", done.stderr)
        self.assertIn("2 notifications", done.stderr)
        run = self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(told(done.stdout), told(run.stdout))
        self.assertIn("4 mails fetched", done.stderr)

    def test_a_table_is_a_table_and_paths_are_the_archives(self):
        self.fill()
        self.assertIn("101", self.assert_untouched("--format", "table").stdout)
        for line in ndjson(self.assert_untouched().stdout):
            source = line.get("payment", line)["source"]
            self.assertTrue(source["path"].startswith(str(self.box.folder / "POP3Downloads")),
                            source)

    def test_before_the_first_run_there_is_no_ledger_afterwards_either(self):
        self.box.mail("a.eml", fio(30000, "101"))
        self.assert_untouched()
        self.assertFalse(self.box.ledger().exists())

    def test_what_an_open_ledger_holds_beside_its_file_counts_and_stays(self):
        if self.box.is_on_server():
            return  # a matter of SQLite's files
        self.fill()
        other = sqlite3.connect(self.box.ledger())
        self.addCleanup(other.close)
        other.execute("pragma wal_autocheckpoint = 0")
        other.execute("update document set amount = 29900, outstanding = 29900 where number='101'")
        other.commit()
        self.assertGreater((self.box.folder / "paymentctl.db-wal").stat().st_size, 0)
        done = self.assert_untouched()
        self.assertIn("overpaid", done.stdout)

    def test_mails_that_a_broken_run_left_are_in_the_plan(self):
        self.fill()
        self.assert_exit(self.box.run("fetch"), OK)
        lost = next(iter(self.box.archived()))
        lost.with_name("11111111-2222-4333-8444-555555555555.eml").write_bytes(
            fio(4200, "7", message_id="lost"))
        done = self.assert_untouched()
        self.assertEqual(len(ndjson(done.stdout)), 5)

    def test_boxes_of_one_ledger_see_what_the_ones_before_would_do(self):
        self.fill()
        twin = self.new_box("twin", ledger=self.box.settings["ledger"] or str(self.box.ledger()), box="twin")
        twin.mail("e.eml", fio(30000, "101", message_id="second"))
        before = tree(self.box.folder), tree(twin.folder)
        done = self.dry("-c", str(twin.folder / "box.xml"))
        self.assert_exit(done, OK)
        self.assertEqual((tree(self.box.folder), tree(twin.folder)), before)
        paid = [line for line in ndjson(done.stdout) if line.get("status") == "paid"]
        self.assertEqual(len(paid), 1)

    def test_a_dry_run_that_is_stopped_leaves_nothing_behind(self):
        for mail, symbol, _ in many(2000):
            self.box.mail(f"{symbol}.eml", mail)
        before = tree(self.box.folder)
        for which in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(which):
                running = subprocess.Popen(
                    self.box.command("run", "--dry-run", "-c", "box.xml"), cwd=self.box.folder,
                    env=environment(TMPDIR=str(self.temporary)), stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL)
                deadline = time.time() + 30
                while not list(self.temporary.glob("*/archive1/*/*")) and time.time() < deadline:
                    time.sleep(0.005)
                running.send_signal(which)
                self.assertEqual(running.wait(30), -which)
                self.assertEqual(list(self.temporary.iterdir()), [])
        self.assertEqual(tree(self.box.folder), before)


class DryMailbox(DryRunTest):
    """The same with a mailbox: it is read and stays as it is."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="paymentctl-dry.")
        base = pathlib.Path(cls.folder.name)
        authority = Authority(base / "authority")
        cls.authority_file = str(authority.file)
        cls.dovecot = Dovecot(base / "dovecot", authority.certificate("server"),
                              authority.token_keys())

    @classmethod
    def tearDownClass(cls):
        cls.dovecot.end()
        cls.folder.cleanup()

    def test_mails_stay_in_the_mailbox_until_the_run(self):
        self.box.write_settings(pop3Url=f"localhost:{self.dovecot.tls_port}", pop3Name="dry",
                                pop3Password="test", pop3CaFile=self.authority_file)
        self.fill()
        self.dovecot.deliver("dry", [mail for mail, _, _ in many(20)])
        for _ in range(2):
            done = self.assert_untouched()
            self.assertEqual(len(ndjson(done.stdout)), 24)
            self.assertEqual(self.dovecot.left("dry"), 20)
        run = self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(told(done.stdout), told(run.stdout))
        self.assertEqual(self.dovecot.left("dry"), 0)


if __name__ == "__main__":
    unittest.main()
