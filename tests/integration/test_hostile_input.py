"""Input of the worst kind: each a clear error or an unrecognised mail; no crash, bounded memory."""

import hashlib
import os
import sqlite3
import subprocess
import unittest

import notices
from box import BINARY, CONFIG, DATA, OK, SANITIZED, TEMPORARY, BoxTest, environment, ndjson

MEGABYTE = 1 << 20


def nested(depth):
    """Multiparts within multiparts."""
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
                    for n in range(depth))
    return b"From: automat@fio.cz\r\n" + head + b"\r\nhello\r\n"


def parts(count):
    head = b'From: automat@fio.cz\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


HEAD = b"From: automat@fio.cz\r\nDate: Wed, 12 Aug 2026 09:15:00 +0200\r\n"
GOOD = notices.fio(484000, "26080117")


def changed(old, new):
    """The good notice with `old` replaced, as a mail of its own."""
    assert old in GOOD, old
    name = hashlib.sha1(new).hexdigest().encode()
    return GOOD.replace(old, new).replace(b"Message-ID: <", b"Message-ID: <" + name)


class HostileMails(BoxTest):
    # name: the mail. None of them is a payment.
    WRECKS = {
        "empty file": b"",
        "one byte": b"\n",
        "no headers": b"P\xc5\x99\xc3\xadjem na kont\xc4\x9b: 2052601819\n" * 3,
        "NUL bytes": b"\0" * 10_000,
        "NUL bytes in headers": HEAD + b"Subject: a\0b\0\r\n\0: \0\r\n\r\n\0\0",
        "truncated base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\nUMWZw61qZW0gbmEga29udE",
        "base64 that is none": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" +
                               bytes(range(256)) * 40,
        "missing boundaries": HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
                              b"--y\r\n\r\nhello",
        "boundary without a value": HEAD + b"Content-Type: multipart/mixed; boundary=\r\n\r\nhello",
        "3,000 nested multiparts": nested(3_000),
        "100,000 parts": parts(100_000),
        "half a million dashes": HEAD + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n' +
                                 b"--\r\n" * 500_000,
        "20,000 nested elements": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 20_000,
        "40,000 attributes": HEAD + b"Content-Type: text/html\r\n\r\n<p " +
                             b"".join(b"a%d=1 " % n for n in range(40_000)) + b">",
        "one header of 5 MB": HEAD + b"Subject: " + b"x" * (5 * MEGABYTE) + b"\r\n\r\nhello",
        "a million headers": HEAD + b"X: y\r\n" * 1_000_000 + b"\r\nhello",
        "a line of 50 MB": HEAD + b"\r\n" + b"x" * (50 * MEGABYTE),
        "unknown charset": HEAD + b"Content-Type: text/plain; charset=x-none\r\n\r\nhello \xff\xfe",
        "endless charset name": HEAD + b"Content-Type: text/plain; charset=" + b"u" * 60_000 +
                                b"\r\n\r\nhello",
        "two senders": HEAD + b"From: automat@csas.cz\r\n\r\nhello",
        "amount beyond int64": changed(b"4=C2=A0840,00", b"99999999999999999999999999,00"),
        "amount of nothing": changed(b"4=C2=A0840,00", b"0,00"),
        "amount of words": changed(b"4=C2=A0840,00", b"mnoho"),
        "amount above the limit": changed(b"4=C2=A0840,00", b"1000000000000,00"),
        "31 February": changed(b"Wed, 12 Aug 2026", b"Wed, 31 Feb 2026"),
        "month 13": changed(b"12 Aug 2026", b"12 Xxx 2026"),
        "whole notice twice": changed(b"KS: 0308\r\n",
                                      b"KS: 0308\r\n" + GOOD.split(b"\r\n\r\n", 1)[1]),
    }

    def test_each_wreck_is_one_unrecognised_line_and_never_a_payment(self):
        for name, mail in self.WRECKS.items():
            with self.subTest(name):
                path = self.box.write("wreck.eml", mail)
                done = self.box.call("parse", path, timeout=60)
                self.assertEqual(done.returncode, DATA, (done.stdout[:500], done.stderr[:500]))
                (line,) = ndjson(done.stdout)
                self.assertEqual(line["type"], "unrecognised", line)
                self.assertTrue(line["reason"])
                self.assertLess(len(done.stdout), 4000)

    def test_a_symbol_of_40_digits_is_no_symbol(self):
        done = self.box.call("parse", "-", stdin=changed(b"VS: 26080117", b"VS: " + b"7" * 40))
        (line,) = ndjson(done.stdout)
        self.assertTrue(line["type"] == "unrecognised" or line["variable_symbol"] is None, line)

    def test_run_archives_and_records_every_wreck_and_empties_the_folder(self):
        small = {name: mail for name, mail in self.WRECKS.items() if len(mail) < 8 * MEGABYTE}
        for index, mail in enumerate(small.values()):
            self.box.mail(f"{index}.eml", mail)
        self.box.mail("good.eml", GOOD)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.mails_left(), [])
        self.assertEqual(sorted(path.read_bytes() for path in self.box.archived()),
                         sorted([*small.values(), GOOD]))
        self.assertEqual(sorted({item["state"] for item in self.box.messages()}),
                         ["posted", "unrecognised"])
        self.assertEqual(len(self.box.payments()), 1)

    def test_a_mail_above_maxmailsize_is_archived_and_reported_not_parsed(self):
        self.box.write_settings(maxMailSize="1 MB")
        self.box.mail("big.eml", GOOD + b"x" * 2 * MEGABYTE)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(len(self.box.archived()), 1)
        self.assertEqual(self.box.payments(), [])
        (message,) = self.box.messages()
        self.assertIn(message["state"], ("unrecognised", "failed"))
        self.assertTrue(message["reason"])

    def test_memory_stays_bounded_on_the_worst_of_them(self):
        for name in ("a million headers", "a line of 50 MB", "100,000 parts", "empty file"):
            with self.subTest(name):
                path = self.box.write("worst.eml", self.WRECKS[name])
                process = subprocess.Popen([BINARY, "parse", str(path)], env=environment(),
                                           stdout=subprocess.DEVNULL)
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                self.assertEqual(process.returncode, DATA)
                # Sanitizers need several times our memory for themselves.
                self.assertLess(usage.ru_maxrss * 1024, (2000 if SANITIZED else 300) * MEGABYTE)


class HostileSettings(BoxTest):
    def refused(self, content, *words):
        self.box.write("box.xml", content)
        done = self.assert_exit(self.box.run("run"), CONFIG)
        for word in ("box.xml", *words):
            self.assertIn(word, done.stderr)
        self.assertNotIn("root:", done.stdout + done.stderr)

    def test_a_box_that_is_no_xml_is_refused_by_name_and_line(self):
        self.refused("this is no XML")
        self.refused("")
        self.refused("<configuration><appSettings>\n<add key='emlDir' value='eml'\n")
        self.refused(b"\0\1\2\3")

    def test_external_entities_are_not_read(self):
        self.box.write("secret.txt", "root:x:0:0")
        self.refused('<?xml version="1.0"?>\n<!DOCTYPE c [<!ENTITY x SYSTEM "secret.txt">]>\n'
                     "<configuration><appSettings>\n"
                     '<add key="emlDir" value="&x;" />\n</appSettings></configuration>\n')

    def test_a_billion_laughs_are_refused_at_once(self):
        entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
        self.refused(f'<!DOCTYPE c [<!ENTITY a0 "ha">{entities}]>\n<configuration><appSettings>'
                     '<add key="emlDir" value="&a11;" /></appSettings></configuration>')

    def test_a_mistyped_key_is_named_with_its_line_and_the_nearest_key(self):
        self.refused('<configuration>\n<appSettings>\n<add key="emlDri" value="eml" />\n'
                     "</appSettings>\n</configuration>\n", "emlDri", "emlDir", "3")

    def test_a_box_that_is_not_there_is_named(self):
        done = self.box.call("run", "-c", "nowhere.xml")
        self.assertNotEqual(done.returncode, OK)
        self.assertIn("nowhere.xml", done.stderr)


class HostileDocuments(BoxTest):
    HEADER = "kind,number,amount,variable_symbol\n"

    def refused(self, content, *words):
        self.box.import_documents("issued_invoice,1,100.00")
        before = self.box.documents()
        self.box.write("bad.csv", content)
        done = self.assert_exit(self.box.run("documents", "import", "bad.csv"), DATA)
        for word in ("bad.csv", *words):
            self.assertIn(word, done.stderr)
        self.assertEqual(self.box.documents(), before)

    def test_a_bad_line_stops_the_whole_file_and_is_named_by_line_and_column(self):
        good = "issued_invoice,2,200.00,2\n"
        for bad, *words in (
            ("issued_invoice,3\n", "3"),
            ("issued_invoice,3,300.00,3,too,many\n", "3"),
            ("issued_invoice,,300.00,3\n", "number", "3"),
            ("issued_invoice,3,many,3\n", "amount", "3"),
            ("issued_invoice,3,99999999999999999999999,3\n", "amount", "3"),
            ("issued_invoice,3,0.00,3\n", "amount", "3"),
            ("issued_invoice,3,300.00,12345678901\n", "variable_symbol", "3"),
            ("invoice,3,300.00,3\n", "kind", "3"),
            ('issued_invoice,3,300.00,"3\n', "3"),
        ):
            with self.subTest(bad):
                self.refused(self.HEADER + good + bad, *words)

    def test_wrong_headers_encodings_and_wrecks_are_refused(self):
        for content in ("", "\n\n", "number;amount\n1;2\n", self.HEADER.replace("amount", "amnout"),
                        b"\xff\xfe" + (self.HEADER + "x").encode("utf-16-le"),
                        self.HEADER.encode() + "issued_invoice,Přijaté,1.00,1\n".encode("cp1250"),
                        self.HEADER.encode() + b"issued_invoice,\0,1.00,1\n", b"\0" * 100_000):
            with self.subTest(content[:40]):
                self.refused(content)


class HostileLedger(BoxTest):
    def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(self):
        self.box.import_documents("issued_invoice,1,100.00")
        database = sqlite3.connect(self.box.ledger())
        tables = [name for (name,) in database.execute("select name from sqlite_master")]
        raised = False
        for table in tables:
            if "schema" in table or "version" in table or "migration" in table:
                columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
                if "version" in columns:
                    database.execute(f"update {table} set version = version + 1000")
                    raised = True
        (version,) = database.execute("pragma user_version").fetchone()
        if version:
            database.execute(f"pragma user_version = {version + 1000}")
            raised = True
        database.commit()
        database.close()
        self.assertTrue(raised)
        mail = self.box.mail("a.eml", GOOD)
        done = self.assert_exit(self.box.run("run"), CONFIG)
        self.assertIn("newer", done.stderr)
        self.assertTrue(mail.exists())

    def test_a_file_that_is_no_database_is_refused_and_left_alone(self):
        self.box.write("paymentctl.db", "my shopping list\n" * 1000)
        mail = self.box.mail("a.eml", GOOD)
        done = self.box.run("run")
        self.assertNotEqual(done.returncode, OK)
        self.assertIn("paymentctl.db", done.stderr)
        self.assertEqual(self.box.ledger().read_text(), "my shopping list\n" * 1000)
        self.assertTrue(mail.exists())

    def test_a_ledger_that_another_process_holds_ends_with_75_and_the_next_run_completes(self):
        self.box.import_documents("issued_invoice,26080117,4840.00")
        self.box.mail("a.eml", GOOD)
        holder = sqlite3.connect(self.box.ledger(), isolation_level=None)
        holder.execute("begin immediate")
        self.assert_exit(self.box.run("run"), TEMPORARY)
        holder.execute("rollback")
        holder.close()
        self.assert_nothing_lost(self.box, [GOOD])
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.documents()["26080117"]["status"], "paid")
        self.assertEqual(len(self.box.archived()), 1)


if __name__ == "__main__":
    unittest.main()
