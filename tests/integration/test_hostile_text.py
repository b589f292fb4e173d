"""Texts of strangers: a mail full of control characters, escape sequences, turned-round writing,
header lines and formulas goes the whole way, and every output shows it without obeying it."""

import csv
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
import unicodedata
import unittest

import pathlib

from box import OK, BoxTest, environment
from notices import encoded_word, fio

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
from servers import SmtpServer  # noqa: E402

CLEAR_SCREEN, TITLE, C1 = "\x1b[2J\x1b[H", "\x1b]0;owned\x07", "\x9b31m"
TURNED = "\u202egpj.exe\u2066"
FORMULA = "=cmd|' /C calc'!A0"
HOSTILE = f"{FORMULA}{CLEAR_SCREEN}{TITLE}{C1}{TURNED}\x08\x7f"
HEADERS = "x\r\nBcc: evil@zlo.test\r\n\r\n.\r\nMAIL FROM:<evil@zlo.test>"
FORMATS = ("table", "json", "ndjson", "csv")


def is_obeyed(letter):
    """Whether a terminal does something at it, but for ends of lines."""
    return letter not in "\r\n\t" and (unicodedata.category(letter) in ("Cc", "Zl", "Zp") or
                                       letter in "\u061c\u200e\u200f\ufeff" or
                                       "\u202a" <= letter <= "\u202e" or
                                       "\u2066" <= letter <= "\u2069")


class HostileText(BoxTest):
    settings = {"errorFrom": "banka@papirna.test", "errorTo": "spravce@papirna.test"}

    def setUp(self):
        super().setUp()
        self.server = SmtpServer(self.scratch / "smtp")
        self.addCleanup(self.server.end)
        self.box.write_settings(smtpServer=f"localhost:{self.server.port}")
        documents = [{"kind": "issued_invoice", "number": "101", "amount": "100.00",
                      "partner_name": FORMULA + " " + "Škodná"},
                     {"kind": "issued_invoice", "number": "@SUM(1)", "amount": "5.00",
                      "variable_symbol": "5"},
                     {"kind": "issued_invoice", "number": "+7", "amount": "7.00",
                      "variable_symbol": "77", "partner_name": "-2+3"}]
        self.box.write("documents.json", json.dumps(documents))
        self.assert_exit(self.box.run("documents", "import", "documents.json"), OK)
        self.box.mail("paid.eml", fio(10000, "101", message=HOSTILE, message_id="a"))
        self.box.mail("waits.eml", fio(999, "5", message="@" + HOSTILE, message_id="b"))
        self.box.mail("strange.eml", (
            f"From: {encoded_word(HOSTILE)} <x@example.com>\r\nSubject: {encoded_word(HEADERS)}"
            f"{encoded_word(HOSTILE)}\r\nMessage-ID: <\x1b[2J@x>\r\n"
            "Authentication-Results: \x1b[2J; dkim=pass header.d=fio.cz\r\n"
            "DKIM-Signature: v=1; a=\x1b[2J; d=fio.cz; s=x; b=AA==; bh=AA==; h=from\r\n"
            f"\r\n{HOSTILE}\r\n").encode())
        self.box.mail("bank.eml", fio(100, "1\x1b[2J", own="1\x1b[2J", message=HOSTILE))

    def assert_harmless(self, text, where):
        bad = {f"U+{ord(letter):04X}" for letter in text if is_obeyed(letter)}
        self.assertEqual(bad, set(), f"{where}: {text!r}")

    def on_terminal(self, *arguments, keys=""):
        """What a person's terminal gets."""
        mine, theirs = pty.openpty()
        process = subprocess.Popen(self.box.command(*arguments, "--color", "never"),
                                   cwd=self.box.folder, env=environment(), stdin=theirs,
                                   stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        os.write(mine, keys.encode())
        seen, deadline = b"", time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([mine], [], [], 1)[0]:
                continue
            try:
                piece = os.read(mine, 65536)
            except OSError:  # the other end is closed
                break
            seen += piece
        process.wait(60)
        os.close(mine)
        # our own progress line, which stands on a terminal only
        return seen.decode().replace("\r\x1b[K", "").replace("\x1b[K", "")

    def test_nothing_of_it_reaches_a_terminal_a_log_a_header_or_a_formula(self):
        for name in ("strange", "bank", "waits"):
            for command in ("parse", "parse --explain", "mail-auth"):
                words = [*command.split(), f"eml/{name}.eml"]
                for more in ([], ["--format", "table"]):
                    done = self.box.call(*words, *more)
                    self.assert_harmless(done.stderr, (words, more))
                    if more or "--explain" in words:
                        self.assert_harmless(done.stdout, (words, more))
                self.assert_harmless(self.on_terminal(*words), words)
        done = self.box.run("run", "--format", "table", "--verbose", "--log-file", "log.txt")
        self.assert_exit(done, OK)
        self.assert_harmless(done.stdout + done.stderr, "run")
        self.box.run("run", "--log-format", "json", "--log-file", "log.json")
        for name in ("log.txt", "log.json"):
            self.assert_harmless((self.box.folder / name).read_text("utf-8"), name)
        self.lists()
        self.exports()
        self.mails()

    def lists(self):
        rows = self.box.messages()
        self.assertEqual([row["state"] for row in rows].count("unrecognised"), 1, rows)
        commands = [["status"], ["documents", "list"], ["payments", "list"], ["messages", "list"],
                    ["documents", "export"], ["payments", "export"], ["partners", "list"],
                    ["payments", "export", "--allocations"], ["doctor"]]
        commands += [["messages", "show", str(row["id"])] for row in rows]
        commands += [["payments", "show", str(row["payment_id"])] for row in self.box.payments()]
        for command in commands:
            self.assert_harmless(self.box.run(*command, "--format", "table").stdout, command)
            for form in FORMATS:
                shown = self.on_terminal(*command, "-c", "box.xml", "--format", form)
                self.assert_harmless(shown, (command, form))
        self.assert_harmless(self.on_terminal("review", "-c", "box.xml", keys="q"), "review")
        # a pipe gets what the mail says, letter by letter
        (payment,) = [row for row in self.box.payments() if row["variable_symbol"] == "101"]
        self.assertIn(FORMULA, payment["message"])

    def exports(self):
        for command in (("documents", "export"), ("payments", "export"),
                        ("payments", "export", "--allocations"), ("messages", "list"),
                        ("payments", "list"), ("documents", "list")):
            text = self.assert_exit(self.box.run(*command, "--format", "csv"), OK).stdout
            for row in csv.reader(io.StringIO(text)):
                for field in row:
                    number = field.replace(".", "").lstrip("-").isdigit()
                    if not number:
                        self.assertNotIn(field[:1], tuple("=+-@\t\r\n"), (command, row))

    def mails(self):
        mails = self.server.mails()
        self.assertGreaterEqual(len(mails), 3)
        for mail in mails:
            self.assertEqual(
                [name for name, _ in mail.items()],
                ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
                 "Content-Transfer-Encoding", "Auto-Submitted"])
            self.assertEqual(set(mail.how["to"]) - {"ucetni@papirna.test", "spravce@papirna.test"},
                             set())
            self.assert_harmless(mail["Subject"], "Subject")
            self.assert_harmless(mail.get_content(), "text")
            self.assertTrue(all(byte < 0x80 for byte in mail.raw))


if __name__ == "__main__":
    unittest.main()
