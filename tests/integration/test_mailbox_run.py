"""The whole program on a real mailbox: fetched, read, matched, posted and told by mail; killed in
the middle; looked at by doctor."""

import random
import time
import unittest

from box import OK, ndjson, repetitions
from mailbox_box import PERMISSION, MailboxTest
from notices import fio, many

from servers import SmtpServer, free_port
from token_service import TokenService

ATTENTION = 1
SEED = 20261122


class MailboxRun(MailboxTest):
    def setUp(self):
        super().setUp()
        self.box.write_settings(emlDir="eml")

    def assert_all_posted(self, mails):
        """Every mail exactly once in archive and ledger, and none left on the server."""
        self.assert_exactly_once(mails)
        self.assertEqual([message["state"] for message in self.box.messages()],
                         ["posted"] * len(mails))
        self.assertEqual(len(self.box.payments()), len(mails))

    def test_run_takes_a_mail_from_the_mailbox_to_a_paid_invoice_and_a_notification(self):
        way_out = SmtpServer(self.scratch / "smtp", certificate=self.certificate)
        self.addCleanup(way_out.end)
        self.box.write_settings(smtpServer=f"localhost:{way_out.port}", smtpTls="starttls",
                                smtpCaFile=str(self.authority.file), language="en")
        self.box.import_documents("issued_invoice,26080117,4840.00,26080117,Vzorná s.r.o.")
        self.deliver([fio(484000, "26080117")])
        self.assert_exit(self.box.run("run"), OK)
        self.assert_all_posted([fio(484000, "26080117")])
        self.assertEqual(self.box.documents()["26080117"]["status"], "paid")
        (told,) = way_out.mails()
        self.assertIn("26080117", str(told))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(len(way_out.mails()), 1)

    def test_fetch_alone_archives_and_records_and_the_chain_goes_on(self):
        mails = [mail for mail, _, _ in many(120)]
        self.deliver(mails)
        lines = self.assert_exit(self.box.run("fetch"), OK).stdout
        self.assertEqual(len(ndjson(lines)), 120)
        self.assertEqual(self.dovecot.left(self.user), 0)
        for arguments in (("parse", "-"), ("match",), ("post",)):
            lines = self.assert_exit(self.box.run(*arguments, stdin=lines), OK).stdout
        self.assert_all_posted(mails)

    def test_a_token_opens_the_mailbox(self):
        service = TokenService(self.authority, self.user)
        self.addCleanup(service.end)
        self.use_token(service)
        self.deliver([fio(484000, "26080117")])
        self.assert_exit(self.box.run("run"), OK)
        self.assert_all_posted([fio(484000, "26080117")])

    def test_a_refused_login_stops_neither_emldir_nor_posting(self):
        self.box.write_settings(pop3Password="wrong")
        self.box.mail("one.eml", fio(484000, "26080117"))
        done = self.assert_exit(self.box.run("run"), PERMISSION)
        self.assertIn("pop3Url", done.stderr)
        self.assertNotIn("wrong", done.stderr)
        self.assertEqual([message["state"] for message in self.box.messages()], ["posted"])

    def test_the_technology_pause_leaves_the_mailbox_alone_and_reads_emldir(self):
        now = time.localtime()
        minute = now.tm_hour * 60 + now.tm_min

        def clock(minutes):
            return f"{minutes // 60 % 24:02}:{minutes % 60:02}"

        self.box.write_settings(stopFrom=clock(minute + 1440 - 30), stopTo=clock(minute + 30))
        self.deliver([fio(484000, "26080117")])
        self.box.mail("one.eml", fio(100, "1"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.dovecot.left(self.user), 1)
        self.assertEqual(len(self.box.messages()), 1)
        self.box.write_settings(stopFrom=clock(minute + 60), stopTo=clock(minute + 120))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.dovecot.left(self.user), 0)

    def test_doctor_tries_the_mailbox_and_changes_nothing(self):
        self.deliver([fio(484000, "26080117")])
        before = sorted(str(path) for path in self.box.folder.rglob("*"))
        found = {item["subject"]: item for item in self.box.listed("doctor")}
        self.assertEqual(found["mailbox"]["verdict"], "ok", found)
        self.assertIn("1 mail", found["mailbox"]["what"])
        self.assertEqual(self.dovecot.left(self.user), 1)
        self.assertEqual(sorted(str(path) for path in self.box.folder.rglob("*")), before)
        self.box.write_settings(pop3Password="wrong")
        done = self.box.run("doctor", "--format", "json")
        self.assertEqual(done.returncode, ATTENTION)
        self.assertIn("refuses the login", done.stdout)

    def test_doctor_sends_a_mail_only_when_asked(self):
        way_out = SmtpServer(self.scratch / "smtp", certificate=self.certificate)
        self.addCleanup(way_out.end)
        self.box.write_settings(smtpServer=f"localhost:{way_out.port}", smtpTls="starttls",
                                smtpCaFile=str(self.authority.file))
        self.assert_exit(self.box.run("doctor"), OK)
        self.assertEqual(len(way_out.mails()), 0)
        self.assert_exit(self.box.run("doctor", "--send-test"), OK)
        self.assertEqual(len(way_out.mails()), 1)

    def test_a_way_out_that_is_down_stops_neither_fetching_nor_posting(self):
        self.box.write_settings(smtpServer=f"localhost:{free_port()}")
        self.box.import_documents("issued_invoice,26080117,4840.00,26080117")
        self.deliver([fio(484000, "26080117")])
        self.assertIn("cannot be reached", self.box.run("run").stderr)
        self.assert_all_posted([fio(484000, "26080117")])
        self.assertEqual(self.box.documents()["26080117"]["status"], "paid")

    def run_undisturbed(self):
        """The server may still hold the mailbox for a client that died."""
        for _ in range(100):
            done = self.box.run("run")
            if done.returncode == OK:
                break
            time.sleep(0.05)
        self.assert_exit(done, OK)

    def test_killed_at_any_moment_every_mail_ends_exactly_once(self):
        rng = random.Random(SEED)
        mails = [mail for mail, _, _ in many(200)]
        self.deliver(mails)
        started = time.monotonic()
        self.run_undisturbed()
        whole = time.monotonic() - started
        self.assert_all_posted(mails)
        for number in range(repetitions(50, 500, 12)):
            with self.subTest(kill=number):
                self.use_new_mailbox()
                self.deliver(mails)
                running = self.box.start("run", "-c", "box.xml", stdout=-3, stderr=-3)
                time.sleep(rng.uniform(0, whole))
                running.kill()
                running.wait()
                self.run_undisturbed()
                self.assert_all_posted(mails)


if __name__ == "__main__":
    unittest.main()
