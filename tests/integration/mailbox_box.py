"""A box whose mails come from a real Dovecot, for tests that fetch."""

import hashlib
import json
import os
import pathlib
import sqlite3
import sys
import tempfile

from box import BoxTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from servers import Authority, Dovecot  # noqa: E402

UNAVAILABLE, PERMISSION = 69, 77


def small_mail(number, size=300):
    """Dots where a protocol may stumble over them, and a Message-ID; else nothing."""
    head = f"Message-ID: <{number}@example.com>\r\nSubject: {number}\r\n\r\n.\r\n..x\r\n".encode()
    return head + b"x" * (size - len(head) - 2) + b"\r\n"


class MailboxTest(BoxTest):
    """One Dovecot for all tests of a class, a mailbox and a box for each."""

    @classmethod
    def setUpClass(cls):
        cls.common = tempfile.TemporaryDirectory(prefix="paymentctl-mailbox.")
        cls.addClassCleanup(cls.common.cleanup)
        base = pathlib.Path(cls.common.name)
        cls.authority = Authority(base / "authority")
        cls.certificate = cls.authority.certificate("server")
        cls.token_key = cls.authority.token_keys()
        cls.dovecot = Dovecot(base / "dovecot", cls.certificate, cls.token_key)
        cls.addClassCleanup(cls.dovecot.end)
        cls.users = 0

    def setUp(self):
        super().setUp()
        self.use_new_mailbox()

    def use_new_mailbox(self):
        """From now on `user` and `box` are others; nothing of the ones before is left in them."""
        type(self).users += 1
        self.user = f"user{self.users}"
        self.box = self.new_box(self.user, emlDir=None, pop3Name=self.user, pop3Password="test",
                                pop3Url=f"localhost:{self.dovecot.tls_port}",
                                pop3CaFile=str(self.authority.file))

    def deliver(self, mails):
        self.dovecot.deliver(self.user, mails)

    def fetch(self, port=None, tls=None, host="localhost", **settings):
        """`paymentctl fetch` from a port of this machine; only for this once."""
        usual = dict(self.box.settings)
        self.box.write_settings(pop3Url=f"{host}:{port or self.dovecot.tls_port}", pop3Tls=tls,
                                **settings)
        done = self.box.run("fetch")
        self.box.settings = usual
        self.box.write_settings()
        return done

    def use_token(self, service):
        """Logs in by OAuth2 with a token of the service."""
        self.box.write("Config/MicrosoftOAuth.json", json.dumps({"web": {
            "client_id": "bench-client", "tenant_id": "bench-tenant", "token_uri": service.url,
            "auth_uri": service.url, "client_secret": "bench-secret"}}))
        self.box.write_settings(pop3OAuth="true", pop3Password=None)

    def recorded(self):
        """The digests of the mails in the ledger."""
        if not os.path.exists(self.box.ledger()):
            return []
        database = sqlite3.connect(f"file:{self.box.ledger()}?mode=ro", uri=True)
        try:
            return sorted(digest for (digest,) in database.execute("select sha256 from message"))
        finally:
            database.close()

    def assert_exactly_once(self, mails):
        """In archive and ledger, and the mailbox is empty."""
        self.assertEqual(self.dovecot.left(self.user), 0)
        self.assertEqual(sorted(path.read_bytes() for path in self.box.archived()), sorted(mails))
        self.assertEqual(self.recorded(),
                         sorted(hashlib.sha256(mail).hexdigest() for mail in mails))
