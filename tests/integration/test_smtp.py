"""Sending by a real mail server: every kind of TLS and login, and servers that refuse, wait or die."""

import json
import pathlib
import socket
import sqlite3
import sys
import tempfile
import unittest

from box import OK, BoxTest
from notices import fio

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from servers import Authority, SmtpServer, free_port  # noqa: E402
from token_service import TokenService  # noqa: E402

UNAVAILABLE = 69
PARTNER = "Žlutý kůň, s.r.o."


class SmtpTest(BoxTest):
    settings = {"infoCc": "reditel@papirna.test", "errorFrom": "banka@papirna.test",
                "errorTo": "spravce@papirna.test",
                "infoTo": "ucetni@papirna.test; pokladna@papirna.test"}

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="paymentctl-smtp.")
        base = pathlib.Path(cls.folder.name)
        cls.authority = Authority(base / "authority")
        cls.certificate = cls.authority.certificate("server")
        cls.token_key = cls.authority.token_keys()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        super().setUp()
        self.servers = 0

    def server(self, **options):
        self.servers += 1
        started = SmtpServer(self.scratch / f"smtp{self.servers}", **options)
        self.addCleanup(started.end)
        return started

    def set_server(self, server, host="localhost", **settings):
        port = server if isinstance(server, int) else server.port
        self.box.write_settings(smtpServer=f"{host}:{port}",
                                **{"smtpCaFile": str(self.authority.file), **settings})

    def paid_invoices(self, count=1):
        """So many invoices are paid, and so many notifications wait."""
        numbers = [f"26000{n}" for n in range(count)]
        self.box.import_documents(*[f"issued_invoice,{n},100.00,{n},{PARTNER.replace(',', '')}"
                                    for n in numbers])
        for number in numbers:
            self.box.mail(f"{number}.eml", fio(10000, number, message=number))
        self.assert_exit(self.box.run("fetch"), OK)
        lines = self.assert_exit(self.box.run("fetch"), OK).stdout
        for stage in ("parse", "match", "post"):
            arguments = (stage, "-") if stage == "parse" else (stage,)
            lines = self.assert_exit(self.box.run(*arguments, stdin=lines), OK).stdout

    def outbox(self):
        with sqlite3.connect(self.box.ledger()) as database:
            return database.execute("select kind, state, tries, last_error, message_id from outbox "
                                    "order by id").fetchall()

    def states(self):
        return [(state, tries) for kind, state, tries, *_ in self.outbox() if kind == "payment"]

    def pass_time(self):
        """As if the pause between two tries were over."""
        with sqlite3.connect(self.box.ledger()) as database:
            database.execute("update outbox set next_try = 0")

    def notify(self, code=OK):
        return self.assert_exit(self.box.run("notify"), code)

    def assert_refused(self, *words):
        """Nothing was sent, the reason is told, and the notification waits for the next try."""
        done = self.notify(UNAVAILABLE)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(self.states(), [("waiting", 1)])

    def test_a_notification_reaches_every_receiver_with_its_czech_letters(self):
        server = self.server()
        self.set_server(server)
        self.paid_invoices()
        self.notify()
        (mail,) = server.mails()
        self.assertIn("Vydaná faktura č. 260000 vystavená firmě", mail.get_content())
        self.assertIn("byla uhrazena", mail.get_content())
        self.assertIn("260000", mail["Subject"])
        self.assertEqual(mail["From"], "banka@papirna.test")
        self.assertEqual(mail["To"], "ucetni@papirna.test, pokladna@papirna.test")
        self.assertEqual(mail["Cc"], "reditel@papirna.test")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail["MIME-Version"], "1.0")
        self.assertIsNotNone(mail["Date"].datetime)
        self.assertEqual(mail.get_content_type(), "text/plain")
        self.assertEqual(mail.get_content_charset(), "utf-8")
        self.assertEqual(mail["Message-ID"], f"<{self.outbox()[0][4]}>")
        self.assertEqual(mail.how["to"], ["ucetni@papirna.test", "pokladna@papirna.test",
                                          "reditel@papirna.test"])
        self.assertTrue(mail.raw.isascii())
        self.notify()
        self.assertEqual(len(server.mails()), 1)

    def test_every_kind_of_tls_and_login_works(self):
        login = {"smtpName": "banka", "smtpPassword": "heslo s mezerou"}
        rows = [
            ({}, {"smtpTls": "off"}, False, None),
            ({"certificate": self.certificate}, {"smtpTls": "starttls"}, True, None),
            ({"certificate": self.certificate, "implicit": True}, {"smtpTls": "implicit"}, True,
             None),
            ({"login": ("banka", "heslo s mezerou")}, {"smtpTls": "off", **login}, False, "banka"),
            ({"certificate": self.certificate, "login": ("banka", "heslo s mezerou")},
             {"smtpTls": "starttls", **login}, True, "banka"),
            ({"certificate": self.certificate, "implicit": True,
              "login": ("banka", "heslo s mezerou")},
             {"smtpTls": "implicit", **login}, True, "banka"),
        ]
        for number, (options, settings, tls, name) in enumerate(rows):
            with self.subTest(**settings):
                self.box = self.new_box(f"box{number}")
                server = self.server(**options)
                self.set_server(server, **settings)
                self.paid_invoices()
                self.notify()
                self.assertEqual([(mail.how["tls"], mail.how["login"]) for mail in server.mails()],
                                 [(tls, name)])

    def test_an_access_token_is_fetched_for_sending(self):
        tokens = TokenService(self.authority, "banka@papirna.test")
        self.addCleanup(tokens.end)
        server = self.server(certificate=self.certificate, token_key=self.token_key)
        self.set_server(server, smtpTls="starttls", smtpName="banka@papirna.test",
                        smtpOAuth="true")
        self.box.write("Config/MicrosoftOAuth.json", f"""{{"web": {{
            "client_id": "bench-client", "tenant_id": "papirna.test",
            "auth_uri": "{tokens.url}", "token_uri": "{tokens.url}",
            "client_secret": "bench-secret"}}}}""")
        self.paid_invoices(3)
        self.notify()
        self.assertEqual([mail.how["login"] for mail in server.mails()],
                         ["banka@papirna.test"] * 3)

    def test_a_wrong_password_is_told_and_refuses_no_mail(self):
        server = self.server(certificate=self.certificate, login=("banka", "heslo"))
        self.set_server(server, smtpTls="starttls", smtpName="banka", smtpPassword="Tajne1")
        self.paid_invoices()
        self.assert_refused("banka", "smtpPassword", "535 5.7.8")
        self.assertNotIn("Tajne1", str(self.outbox()))

    def test_a_certificate_that_is_not_in_order_is_refused_with_the_reason(self):
        stranger = Authority(self.scratch / "stranger", "stranger")
        rows = [
            (self.authority.certificate("expired", expired=True), "has expired"),
            (self.authority.certificate("other", names="DNS:mail.example.com"), "another name"),
            (stranger.certificate("stranger"), "unknown authority"),
        ]
        for number, (certificate, words) in enumerate(rows):
            for tls in ("starttls", "implicit"):
                with self.subTest(words, tls=tls):
                    self.box = self.new_box(f"box{number}{tls}")
                    server = self.server(certificate=certificate, implicit=tls == "implicit")
                    self.set_server(server, smtpTls=tls)
                    self.paid_invoices()
                    self.assert_refused(words)
                    self.assertEqual(server.mails(), [])

    def test_without_starttls_nothing_is_sent_where_it_is_required(self):
        server = self.server()
        self.set_server(server, smtpTls="starttls")
        self.paid_invoices()
        self.assert_refused("STARTTLS")
        self.assertEqual(server.mails(), [])

    def test_what_is_put_off_goes_out_later_as_the_same_mail(self):
        server = self.server()
        self.set_server(server)
        self.paid_invoices()
        server.answer(DATA="451 4.3.0 come back later")
        self.assert_refused("451 4.3.0 come back later")
        before = self.outbox()[0][4]
        server.answer()
        self.notify()
        self.assertEqual(server.mails(), [], "the pause was not kept")
        self.pass_time()
        self.notify()
        self.assertEqual([mail["Message-ID"] for mail in server.mails()], [f"<{before}>"])

    def test_a_mail_that_is_refused_for_good_is_not_tried_again(self):
        server = self.server()
        self.set_server(server)
        self.paid_invoices()
        server.answer(MAIL="550 5.7.1 not from you")
        done = self.notify(UNAVAILABLE)
        self.assertIn("550 5.7.1 not from you", done.stderr)
        self.assertEqual(self.states(), [("refused", 1)])
        server.answer()
        self.pass_time()
        self.notify()
        self.assertEqual(server.mails(), [])
        status = json.loads(self.assert_exit(self.box.run("status", "--format", "json"), 1).stdout)
        self.assertEqual(status["refused"]["notifications"], 1)
        self.assertRegex(status["attention"][-1], "refused 1 notification for good, the first .* "
                         "seconds ago: .*550 5.7.1 not from you")
        self.assert_exit(self.box.run("notify", "--retry-refused"), OK)
        self.assertEqual(len(server.mails()), 1)
        self.assert_exit(self.box.run("status"), OK)

    def test_a_receiver_who_is_refused_is_named_and_the_others_get_the_mail(self):
        server = self.server()
        self.set_server(server)
        self.paid_invoices()
        server.answer_to({"RCPT pokladna@": "550 5.1.1 no such user"})
        done = self.notify()
        self.assertIn("pokladna@papirna.test", done.stderr)
        self.assertIn("550 5.1.1 no such user", done.stderr)
        (mail,) = server.mails()
        self.assertEqual(mail.how["to"], ["ucetni@papirna.test", "reditel@papirna.test"])
        self.assertEqual(self.states(), [("sent", 0)])

    def test_a_server_that_is_down_never_stops_fetching_and_posting(self):
        self.set_server(free_port())
        self.box.import_documents("issued_invoice,1,100.00,1")
        self.box.mail("1.eml", fio(10000, "1"))
        done = self.box.run("run")
        self.assertIn("cannot be reached", done.stderr)
        self.assertEqual(self.box.documents()["1"]["status"], "paid")
        self.assertEqual(self.states(), [("waiting", 1)])
        server = self.server()
        self.set_server(server)
        self.pass_time()
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(len([mail for mail in server.mails() if "č. 1 " in mail.get_content()]), 1)

    def test_a_server_that_says_nothing_is_given_up(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.set_server(silent.getsockname()[1], serverTimeout="2")
        self.paid_invoices(3)
        done = self.notify(UNAVAILABLE)
        self.assertIn("did not answer in time", done.stderr)
        self.assertEqual(self.states(), [("waiting", 1), ("waiting", 0), ("waiting", 0)])

    def test_no_text_of_a_stranger_can_add_a_header_or_a_receiver(self):
        server = self.server()
        self.set_server(server)
        attack = "x=0D=0ABcc:_evil@zlo.test=0D=0A=0D=0A.=0D=0AMAIL_FROM:<evil@zlo.test>"
        self.box.mail("1.eml", f"From: kdosi@example.com\r\nSubject: =?utf-8?Q?{attack}?=\r\n"
                               "\r\nAhoj\r\n".encode())
        self.assert_exit(self.box.run("run"), OK)
        digest, report = server.mails()
        self.assertEqual(len(digest.how["to"]), 3)
        self.assertEqual(report.how["to"], ["spravce@papirna.test"])
        for mail in (digest, report):
            self.assertIsNone(mail["Bcc"])
            self.assertIn("Bcc: evil@zlo.test", mail.get_content())

    def test_what_waits_for_a_person_is_told_once_a_day_and_errors_when_new(self):
        server = self.server()
        self.set_server(server)
        self.box.mail("1.eml", fio(10000, "77"))
        self.box.mail("2.eml", b"From: kdosi@example.com\r\nSubject: Dobry den\r\n\r\nAhoj\r\n")
        for _ in range(3):
            self.assert_exit(self.box.run("run"), OK)
        told = [(mail.how["to"], mail.get_content()) for mail in server.mails()]
        self.assertEqual(len(told), 2, told)
        (digest,) = [text for to, text in told if "ucetni@papirna.test" in to]
        (report,) = [text for to, text in told if to == ["spravce@papirna.test"]]
        self.assertRegex(digest, r"- platba 1: přijato 100,00 Kč dne \d+\. \d+\. \d{4}, VS 77")
        self.assertRegex(digest, r"- zpráva 2, kdosi@example.com: Dobry den")
        self.assertIn(f": paymentctl review -c {self.box.folder}/box.xml\r\n", digest)
        self.assertIn(": paymentctl messages show ČÍSLO -c ", digest)
        self.assertIn("Dobry den", report)
        self.assertIn(".eml", report)
        self.assertTrue(report.endswith(f": paymentctl status -c {self.box.folder}/box.xml\r\n"),
                        report)


if __name__ == "__main__":
    unittest.main()
