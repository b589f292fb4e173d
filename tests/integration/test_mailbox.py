"""Fetching from a real Dovecot: every way of TLS and login, and what is refused."""

import socket
import ssl
import time
import unittest

from box import CONFIG, OK
from mailbox_box import PERMISSION, UNAVAILABLE, MailboxTest, small_mail

from fault_proxy import FaultProxy
from servers import Authority, Greeter, TlsListener, free_port, old_tls
from token_service import TokenService


class Mailbox(MailboxTest):
    def token_service(self, **options):
        service = TokenService(self.authority, self.user, **options)
        self.addCleanup(service.end)
        return service

    def test_mails_arrive_byte_for_byte_over_every_kind_of_tls(self):
        for tls, port in (("off", self.dovecot.port), ("starttls", self.dovecot.port),
                          ("implicit", self.dovecot.tls_port)):
            with self.subTest(tls):
                self.use_new_mailbox()
                mails = [small_mail(n) for n in range(150)] + [small_mail(1000, 2_000_000)]
                self.deliver(mails)
                for _ in range(2):
                    self.assert_exit(self.fetch(port, tls), OK)
                    self.assert_exactly_once(mails)

    def test_a_mail_delivered_again_is_deleted_and_not_recorded(self):
        for _ in range(2):
            self.deliver([small_mail(1)])
            self.assert_exit(self.fetch(), OK)
        self.assert_exactly_once([small_mail(1)])

    def test_a_token_opens_the_mailbox_and_is_kept(self):
        service = self.token_service(failures=["busy", "often"])
        self.use_token(service)
        self.deliver([small_mail(1)])
        for tls, port in (("implicit", self.dovecot.tls_port), ("starttls", self.dovecot.port)):
            self.assert_exit(self.fetch(port, tls), OK)
        self.assert_exactly_once([small_mail(1)])
        self.assertEqual(service.given, 1)
        (kept,) = self.box.folder.glob("POP3Downloads/.*.token")
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)

    def test_a_kept_token_that_is_refused_is_fetched_anew_once(self):
        service = self.token_service()
        self.use_token(service)
        self.assert_exit(self.fetch(), OK)
        (kept,) = self.box.folder.glob("POP3Downloads/.*.token")
        kept.write_text(kept.read_text().replace('"token":"', '"token":"spoilt'))
        self.deliver([small_mail(1)])
        self.assert_exit(self.fetch(), OK)
        self.assert_exactly_once([small_mail(1)])
        self.assertEqual(service.given, 2)

    def test_a_token_that_expires_between_a_broken_session_and_the_next_is_fetched_anew(self):
        service = self.token_service(lifetime=1)
        self.use_token(service)
        mails = [small_mail(n) for n in range(10)]
        self.deliver(mails)
        with FaultProxy(self.dovecot.port, cut_before="QUIT") as line:
            self.assert_exit(self.fetch(line.port, "off"), UNAVAILABLE)
        time.sleep(2)
        service.lifetime = 3600
        self.assert_exit(self.fetch(), OK)
        self.assert_exactly_once(mails)
        self.assertEqual(service.given, 2)

    def test_a_login_that_a_new_token_does_not_open_either_is_refused_after_two(self):
        service = self.token_service()
        service.user = "somebody else"
        self.use_token(service)
        done = self.assert_exit(self.fetch(), PERMISSION)
        self.assertIn("permission of the application to this mailbox", done.stderr)
        self.assertEqual(service.given, 2)

    def test_a_token_that_is_not_given_says_what_to_do(self):
        for fault, words in (("secret", ("not its ID", "AADSTS7000215")),
                             ("expired", ("expired", "AADSTS7000222"))):
            with self.subTest(fault):
                self.use_token(self.token_service(failures=[fault]))
                done = self.assert_exit(self.fetch(), PERMISSION)
                for word in words:
                    self.assertIn(word, done.stderr)

    def test_refusals_have_their_reason_and_exit_code(self):
        expired = TlsListener(self.authority.certificate("expired", expired=True))
        other = TlsListener(self.authority.certificate("other", names="DNS:mail.example.com"))
        for listener in (expired, other):
            self.addCleanup(listener.end)
        stranger = str(Authority(self.scratch / "stranger", "stranger").file)
        secure, plain = self.dovecot.tls_port, self.dovecot.port
        rows = [
            ((expired.port, "implicit"), {}, UNAVAILABLE, "has expired"),
            ((other.port, "implicit"), {}, UNAVAILABLE, "for another name"),
            ((secure, "implicit"), {"pop3CaFile": stranger}, UNAVAILABLE, "authority unknown"),
            ((plain, "starttls"), {"pop3CaFile": stranger}, UNAVAILABLE, "authority unknown"),
            ((secure, "implicit"), {"pop3CaFile": "/nowhere.pem"}, CONFIG, "/nowhere.pem"),
            ((secure, "implicit"), {"pop3Password": "wrong"}, PERMISSION, "refuses the login"),
            ((plain, "implicit"), {}, UNAVAILABLE, "no TLS"),
            ((free_port(), "off"), {}, UNAVAILABLE, "nobody answers"),
            ((110, "starttls", "nowhere.invalid"), {}, UNAVAILABLE, "is not known"),
        ]
        self.deliver([small_mail(1)])
        for place, settings, code, words in rows:
            with self.subTest(words):
                self.assertIn(words, self.assert_exit(self.fetch(*place, **settings), code).stderr)
        self.assertEqual(self.dovecot.left(self.user), 1)

    def test_a_server_of_another_protocol_is_told_by_its_first_words_or_its_silence(self):
        for greeting, words in ((b"220 mail.example.com ESMTP\r\n", '"220 mail.example.com ESMTP"'),
                                (b"* OK IMAP4rev1 ready\r\n", '"* OK IMAP4rev1 ready"'),
                                (b"", "is silent"), (b"\x00\x08nonsense", "is silent")):
            with self.subTest(greeting):
                server = Greeter(greeting)
                self.addCleanup(server.end)
                done = self.fetch(server.port, "off", serverTimeout="1")
                self.assertIn(words, self.assert_exit(done, UNAVAILABLE).stderr)
                self.assertIn("pop3Url", done.stderr)

    def test_a_server_that_speaks_only_old_tls_is_refused(self):
        listener = TlsListener(self.certificate, old=True)
        self.addCleanup(listener.end)
        client = old_tls(ssl.create_default_context(cafile=str(self.authority.file)))
        with socket.create_connection(("localhost", listener.port), timeout=20) as line:
            with client.wrap_socket(line, server_hostname="localhost") as agreed:
                self.assertEqual(agreed.recv(1), b"")  # the listener has noted it and closed
        self.assertEqual(listener.agreed, ["TLSv1.1"])
        done = self.assert_exit(self.fetch(listener.port, "implicit"), UNAVAILABLE)
        self.assertIn("version 1.2 or newer", done.stderr)
        self.box.write_settings(smtpServer=f"localhost:{listener.port}", smtpTls="implicit",
                                smtpCaFile=str(self.authority.file))
        (found,) = [item for item in self.box.listed_whatever("doctor")
                    if item["subject"] == "smtpServer"]
        self.assertEqual(found["verdict"], "problem")
        self.assertIn("TLS could not be agreed on", found["what"])
        self.assertEqual(listener.agreed, ["TLSv1.1"])

    def test_clear_text_to_another_machine_is_warned_about_at_every_run_and_by_doctor(self):
        address = "192.0.2.1"  # for documents: nobody is there
        self.box.write_settings(pop3Url=f"{address}:1", pop3Tls="off", serverTimeout="1",
                                smtpServer=f"{address}:1", smtpTls="off")
        for command in ("run", "fetch"):
            done = self.assert_exit(self.box.run(command), UNAVAILABLE)
            self.assertIn("pop3Tls is off", done.stderr)
        self.assertIn("smtpTls is off", self.box.run("notify").stderr)
        self.assertIn("smtpTls is off", self.box.run("run").stderr)
        warned = {item["subject"] for item in self.box.listed_whatever("doctor")
                  if item["verdict"] == "warning"}
        self.assertTrue({"pop3Tls", "smtpTls"} <= warned, warned)
        self.box.write_settings(pop3Url="127.0.0.1:1", smtpServer="localhost:1")
        self.assertNotIn("Tls is off", self.box.run("run").stderr)

    def test_a_server_without_starttls_gets_no_password(self):
        with FaultProxy(self.dovecot.port, answers={"STLS": "-ERR no"}) as line:
            done = self.assert_exit(self.fetch(line.port, "starttls"), UNAVAILABLE)
        self.assertIn("STARTTLS", done.stderr)


if __name__ == "__main__":
    unittest.main()
