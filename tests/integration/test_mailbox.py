"""Fetching from a real Dovecot: every way of TLS and login, and lines and processes that die. After
each fault a second, undisturbed fetch must end with every mail exactly once and an empty mailbox."""

import hashlib
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from servers import Authority, Dovecot, Helper, TlsListener, free_port  # noqa: E402

PROBE = os.environ["PAYMENTCTL_PROBE"]
THOROUGH = bool(os.environ.get("PAYMENTCTL_TEST_ALL"))
TOKEN_PATH = "/organizations/oauth2/v2.0/token"
SEED = 20260824


def mail(number, size=300):
    head = f"Message-ID: <{number}@example.com>\r\nSubject: {number}\r\n\r\n.\r\n..x\r\n".encode()
    return head + b"x" * (size - len(head) - 2) + b"\r\n"


class Mailbox(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="paymentctl-")
        cls.base = pathlib.Path(cls.scratch.name)
        cls.authority = Authority(cls.base / "authority")
        cls.certificate = cls.authority.certificate("server")
        cls.dovecot = Dovecot(cls.base / "dovecot", cls.certificate, cls.authority.token_keys())
        cls.users = 0

    @classmethod
    def tearDownClass(cls):
        cls.dovecot.end()
        cls.scratch.cleanup()

    def setUp(self):
        type(self).users += 1
        self.user = f"user{self.users}"
        self.folder = self.base / self.user
        self.folder.mkdir()

    def command(self, port, tls, password="test", host="localhost", ca=None, more=(), user=None):
        ca = self.authority.file if ca is None else ca
        return [PROBE, host, str(port), tls, str(ca), user or self.user, password,
                str(self.folder / "archive"), str(self.folder / "register"), *more]

    def fetch(self, port, tls, **settings):
        done = subprocess.run(self.command(port, tls, **settings), capture_output=True, text=True,
                              timeout=120)
        return done.returncode, done.stdout.strip()

    def helper(self, name, *arguments):
        started = Helper(name, *arguments)
        self.addCleanup(started.end)
        return started

    def assert_exactly_once(self, mails):
        self.assertEqual(self.dovecot.left(self.user), 0)
        archived = sorted(path.read_bytes() for path in (self.folder / "archive").rglob("*.eml"))
        self.assertEqual(archived, sorted(mails))
        rows = (self.folder / "register").read_text().split()[::2]
        self.assertEqual(sorted(rows), sorted(hashlib.sha256(one).hexdigest() for one in mails))

    def test_mails_arrive_byte_for_byte_over_every_kind_of_tls(self):
        for tls, port in (("off", self.dovecot.port), ("starttls", self.dovecot.port),
                          ("implicit", self.dovecot.tls_port)):
            with self.subTest(tls):
                self.setUp()
                mails = [mail(n) for n in range(150)] + [mail(1000, 2_000_000)]
                self.dovecot.deliver(self.user, mails)
                self.assertEqual(self.fetch(port, tls), (0, "recorded 151 known 0 failed 0"))
                self.assert_exactly_once(mails)
                self.assertEqual(self.fetch(port, tls), (0, "recorded 0 known 0 failed 0"))

    def test_a_mail_delivered_again_is_deleted_and_not_recorded(self):
        for _ in range(2):
            self.dovecot.deliver(self.user, [mail(1)])
            self.assertEqual(self.fetch(self.dovecot.tls_port, "implicit")[0], 0)
        self.assert_exactly_once([mail(1)])

    def test_a_token_opens_the_mailbox_and_is_kept(self):
        service = self.helper("token_service.py", "--port", 0, "--certs", self.authority.folder,
                              "--upn", self.user, "--fail", "503,429")
        more = [f"https://localhost:{service.port}{TOKEN_PATH}"]
        self.dovecot.deliver(self.user, [mail(1)])
        for tls, port in (("implicit", self.dovecot.tls_port), ("starttls", self.dovecot.port)):
            code, said = self.fetch(port, tls, password="bench-secret", more=more)
            self.assertEqual((code, said.split()[2]), (0, "known"), said)
        self.assert_exactly_once([mail(1)])
        kept = self.folder / "register.token"
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        service.end()
        self.assertEqual(self.fetch(self.dovecot.tls_port, "implicit", password="bench-secret",
                                    more=more)[0], 0)

    def test_a_kept_token_that_is_refused_is_fetched_anew_once(self):
        service = self.helper("token_service.py", "--port", 0, "--certs", self.authority.folder,
                              "--upn", self.user)
        more = [f"https://localhost:{service.port}{TOKEN_PATH}"]
        port = self.dovecot.tls_port
        self.assertEqual(self.fetch(port, "implicit", password="bench-secret", more=more)[0], 0)
        kept = self.folder / "register.token"
        kept.write_text(kept.read_text().replace('"token":"', '"token":"spoilt'))
        self.assertEqual(self.fetch(port, "implicit", password="bench-secret", more=more)[0], 0)

    def test_a_wrong_client_secret_says_what_to_do(self):
        service = self.helper("token_service.py", "--port", 0, "--certs", self.authority.folder)
        code, said = self.fetch(self.dovecot.tls_port, "implicit", password="wrong",
                                more=[f"https://localhost:{service.port}{TOKEN_PATH}"])
        self.assertEqual(code, 77)
        self.assertIn("not its ID", said)
        self.assertIn("AADSTS7000215", said)

    def test_refusals_have_their_reason_and_exit_code(self):
        expired = TlsListener(self.authority.certificate("expired", expired=True))
        other = TlsListener(self.authority.certificate("other", names="DNS:mail.example.com"))
        stranger = Authority(self.folder / "stranger", "stranger")
        for listener in (expired, other):
            self.addCleanup(listener.end)
        secure, plain = self.dovecot.tls_port, self.dovecot.port
        rows = [
            ((expired.port, "implicit"), {}, 69, "has expired"),
            ((other.port, "implicit"), {}, 69, "for another name"),
            ((secure, "implicit"), {"ca": stranger.file}, 69, "authority unknown"),
            ((plain, "starttls"), {"ca": stranger.file}, 69, "authority unknown"),
            ((secure, "implicit"), {"ca": "/nowhere.pem"}, 78, "/nowhere.pem"),
            ((secure, "implicit"), {"password": "wrong"}, 77, "refuses the login"),
            ((plain, "implicit"), {}, 69, "no TLS"),
            ((free_port(), "off"), {}, 69, "nobody answers"),
            ((110, "off"), {"host": "nowhere.invalid"}, 69, "is not known"),
            ((plain, "off"), {"user": "a\r\nDELE 1"}, 78, "pop3Name"),
        ]
        for place, settings, code, words in rows:
            with self.subTest(words):
                got, said = self.fetch(*place, **settings)
                self.assertEqual(got, code, said)
                self.assertIn(words, said)

    def test_a_server_without_starttls_gets_no_password(self):
        proxy = self.helper("fault_proxy.py", "--target", self.dovecot.port,
                            "--replace", "STLS", "-ERR no")
        code, said = self.fetch(proxy.port, "starttls")
        self.assertEqual(code, 69, said)
        self.assertIn("STARTTLS", said)

    def spoilt(self, *rules):
        """A fetch of ten mails over a spoilt line, then one without the proxy."""
        self.setUp()
        mails = [mail(n) for n in range(10)]
        self.dovecot.deliver(self.user, mails)
        proxy = Helper("fault_proxy.py", "--target", self.dovecot.port, *rules)
        try:
            code, said = self.fetch(proxy.port, "off")
        finally:
            proxy.end()
        again, more = self.fetch(self.dovecot.port, "off")
        self.assertEqual(again, 0, more)
        self.assert_exactly_once(mails)
        return code, said

    def test_a_line_cut_at_any_command_loses_nothing(self):
        for rules in (["--cut-on", "QUIT"], ["--cut-after", "QUIT"], ["--cut-in", "QUIT", "--bytes", 3],
                      ["--cut-on", "RETR 5"], ["--cut-in", "RETR 2", "--bytes", 100],
                      ["--cut-after", "DELE 7"], ["--cut-on", "LIST"], ["--cut-after", "STAT"],
                      ["--cut-on", "QUIT", "--rst"]):
            with self.subTest(rules):
                code, said = self.spoilt(*rules)
                self.assertEqual(code, 69, said)

    def test_a_line_cut_after_so_many_bytes_loses_nothing(self):
        choice = random.Random(SEED)
        for count in sorted(choice.sample(range(1, 4800), 400 if THOROUGH else 12)):
            with self.subTest(count):
                self.spoilt("--cut-down", count)

    def test_a_line_in_small_pieces_is_only_slow(self):
        code, said = self.spoilt("--chunk", 1)
        self.assertEqual((code, said), (0, "recorded 10 known 0 failed 0"))

    def test_killed_at_any_moment_every_mail_is_there_once(self):
        choice = random.Random(SEED)
        mails = [mail(n) for n in range(200)]
        for _ in range(100 if THOROUGH else 10):
            self.setUp()
            self.dovecot.deliver(self.user, mails)
            running = subprocess.Popen(self.command(self.dovecot.port, "off"),
                                       stdout=subprocess.DEVNULL)
            time.sleep(choice.uniform(0.005, 0.15))
            running.kill()
            running.wait()
            # Dovecot keeps the mailbox locked until it sees the line gone.
            for _ in range(100):
                code, said = self.fetch(self.dovecot.port, "off")
                if code != 75:
                    break
                time.sleep(0.05)
            self.assertEqual(code, 0, said)
            self.assert_exactly_once(mails)


if __name__ == "__main__":
    unittest.main()
