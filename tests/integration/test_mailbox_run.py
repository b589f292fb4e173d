"""The whole program on a real mailbox: fetched, read, matched, posted and told by mail; killed in
the middle; looked at by doctor."""

import pathlib
import random
import sys
import tempfile
import time
import unittest

from box import OK, THOROUGH, BoxTest, ndjson
from notices import fio, many

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from servers import Authority, Dovecot, Helper, SmtpServer  # noqa: E402

ATTENTION, PERMISSION = 1, 77
SEED = 20261122


class MailboxRun(BoxTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="paymentctl-mailbox.")
        cls.base = pathlib.Path(cls.folder.name)
        cls.authority = Authority(cls.base / "authority")
        cls.certificate = cls.authority.certificate("server")
        cls.token_key = cls.authority.token_keys()
        cls.dovecot = Dovecot(cls.base / "dovecot", cls.certificate, cls.token_key)
        cls.users = 0

    @classmethod
    def tearDownClass(cls):
        cls.dovecot.end()
        cls.folder.cleanup()

    def setUp(self):
        super().setUp()
        type(self).users += 1
        self.user = f"box{self.users}"
        self.box.write_settings(pop3Url=f"localhost:{self.dovecot.tls_port}", pop3Name=self.user,
                                pop3Password="test", pop3CaFile=str(self.authority.file))

    def deliver(self, mails):
        self.dovecot.deliver(self.user, mails)

    def assert_all_posted(self, mails):
        """Every mail exactly once in archive and ledger, and none left on the server."""
        self.assertEqual(self.dovecot.left(self.user), 0)
        self.assertEqual(sorted(path.read_bytes() for path in self.box.archived()), sorted(mails))
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
        service = Helper("token_service.py", "--port", 0, "--certs", self.authority.folder,
                         "--upn", self.user, "--plain")
        self.addCleanup(service.end)
        self.box.write("Config/MicrosoftOAuth.json",
                       '{"web":{"client_id":"bench-client","tenant_id":"bench-tenant","auth_uri":'
                       '"http://127.0.0.1/","token_uri":"http://127.0.0.1:%d/organizations/oauth2/'
                       'v2.0/token","client_secret":"bench-secret"}}' % service.port)
        self.box.write_settings(pop3OAuth="true", pop3Password=None)
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

    def test_killed_at_any_moment_every_mail_ends_exactly_once(self):
        rng = random.Random(SEED)
        mails = [mail for mail, _, _ in many(200)]
        self.deliver(mails)
        for _ in range(500 if THOROUGH else 50):
            running = self.box.start("run", "-c", "box.xml", stdout=-3, stderr=-3)
            time.sleep(rng.uniform(0, 0.25))
            running.kill()
            running.wait()
            if self.dovecot.left(self.user) == 0 and rng.random() < 0.5:
                # All came through: give the next kills something to interrupt.
                more = [mail for mail, _, _ in many(200, seed=rng.randrange(1 << 30))]
                mails += more
                self.deliver(more)
        for _ in range(20):
            if self.box.run("run").returncode == OK:
                break
            time.sleep(0.5)  # the server may still hold the mailbox for a client that died
        self.assert_all_posted(mails)


if __name__ == "__main__":
    unittest.main()
