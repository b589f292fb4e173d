"""Nobody gets in: what proves a sender, and what becomes of mails that prove nothing."""

import email.utils
import itertools
import json
import pathlib
import time
import unittest
import unittest.mock

from box import CONFIG, DATA, OK, TEMPORARY, USAGE, ndjson
from mailbox_box import MailboxTest
from notices import csas, fio
from signers import Ed25519Key, RsaKey, signed, signed_by_opendkim

from dns_server import FAILS, DnsServer

BANK = "csas.cz"
NOW = int(time.time())
NUMBERS = itertools.count(1)
SERVER = "mx.papirna.test"


def notice(symbol, **options):
    """A notice with a Message-ID of its own, so that no two of a test are one mail."""
    options.setdefault("when", NOW)
    options.setdefault("message_id", f"notice{next(NUMBERS)}")
    return csas(484000, symbol, **options)


def received(by=SERVER, source="smtp.csas.cz", when=NOW):
    return f"Received: from {source} ([192.0.2.1]) by {by} with ESMTPS; {email.utils.formatdate(when)}"


def with_headers(mail, *headers):
    return "".join(line + "\r\n" for line in headers).encode() + mail


def replaced(mail, what, by):
    assert mail.count(what) == 1, (what, mail)
    return mail.replace(what, by)


class Authenticity(MailboxTest):
    settings = {"trustedAuthserv": SERVER}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        base = pathlib.Path(cls.common.name)
        cls.key = RsaKey(base, "bank")
        cls.old_key = RsaKey(base, "old", 768)
        cls.forger_key = RsaKey(base, "forger")

    def setUp(self):
        super().setUp()
        self.dns = DnsServer()
        self.addCleanup(self.dns.end)
        self.dns.records = {"s1._domainkey.csas.cz": self.key.record,
                            "old._domainkey.csas.cz": self.old_key.record,
                            "s1._domainkey.evil.example": self.forger_key.record}
        self.box.write_settings(emlDir="eml", dnsServer=self.dns.address)

    def deliver(self, *mails):
        super().deliver(mails)

    def states(self):
        return [message["state"] for message in self.box.messages()]

    def symbols(self):
        return sorted(payment["variable_symbol"] for payment in self.box.payments())

    def evidence(self, *mails, code=OK):
        """What mail-auth says of each."""
        files = [self.box.write(f"{number}.eml", mail) for number, mail in enumerate(mails)]
        done = self.assert_exit(self.box.run("mail-auth", *files, "--format", "ndjson"), code)
        return ndjson(done.stdout)

    def genuine(self, symbol):
        return signed(notice(symbol), self.key, BANK)

    def forgeries(self):
        """Each tells of the payment with the symbol 666, and the bank has written none of them."""
        passed = "dmarc=pass header.from=csas.cz; dkim=pass header.d=csas.cz"
        below = "Received: from a by evil.example; x"
        for name, results in (("of another server", f"mx.evil.example; {passed}"),
                              ("with our name in a comment", f"({SERVER}) evil.example; {passed}"),
                              ("with our name in another case", f"{SERVER.upper()}; {passed}"),
                              ("of another version", f"{SERVER} 2; {passed}"),
                              ("for another domain",
                               f"{SERVER}; dmarc=pass header.from=csas.cz.evil.example"),
                              ("in a quoted string",
                               f'{SERVER}; spf=pass smtp.mailfrom="; {passed}"@evil.example')):
            yield f"results {name}", with_headers(notice("666"), f"Authentication-Results: {results}",
                                                  received())
        yield "results below a strange server", with_headers(
            notice("666"), received(), below, f"Authentication-Results: {SERVER}; {passed}")
        yield "results below the server's own", with_headers(
            notice("666"), f"Authentication-Results: {SERVER}; dmarc=fail header.from=csas.cz",
            f"Authentication-Results: {SERVER}; {passed}", received())
        yield "unsigned", notice("666")
        yield "changed text", self.genuine("665").replace(b"665", b"666")
        yield "changed recipient", replaced(self.genuine("666"), b"To: platby", b"To: jine")
        yield "signed by a stranger", signed(notice("666"), self.forger_key, "evil.example")
        yield "signed with another key", signed(notice("666"), self.forger_key, BANK)
        yield "signed with a key that is no more", signed(notice("666"), self.key, BANK, "gone")
        yield "signed by a domain that looks alike", signed(notice("666"), self.forger_key,
                                                            "csas.cz.evil.example")
        yield "two senders", with_headers(self.genuine("666"), "From: info@csas.cz")
        for name, sender in (("a group", "Banka: ceskasporitelna@csas.cz;"),
                             ("an encoded word", "=?utf-8?q?info=40csas.cz?= <a@evil.example>"),
                             ("a comma in quotes", '"info@csas.cz, info" <a@evil.example>'),
                             ("a homograph", "info@c\u0455as.cz"),
                             ("a homograph in ASCII", "info@xn--cas-uec.cz")):
            yield name, signed(notice("666", sender=sender), self.forger_key, "evil.example")
        for line in (f"Date: {email.utils.formatdate(NOW)}", "Message-ID: <new@csas.cz>"):
            yield f"a second {line.split(':')[0]}", with_headers(
                self.genuine("666"), line, received())
        # Only From is signed, and of the text nothing: everything else is the forger's.
        bare = signed(notice("1").split(b"\r\n\r\n")[0] + b"\r\n\r\n", self.key, BANK,
                      headers=[b"from"], length=True)
        yield "an appended text", bare + notice("666").split(b"\r\n\r\n", 1)[1]
        part = signed(notice("1"), self.key, BANK, headers=[b"from"], length=True)
        yield "a text hidden by another structure", replaced(
            part, b"Content-Type: text/html; charset=UTF-8",
            b'Content-Type: multipart/mixed; boundary="x"') + (
                b"\r\n--x\r\nContent-Type: text/html; charset=UTF-8\r\n"
                b"Content-Transfer-Encoding: quoted-printable\r\n\r\n") + notice("666").split(
                    b"\r\n\r\n", 1)[1] + b"\r\n--x--\r\n"

    def test_mails_signed_by_two_other_programs_are_strong_whatever_the_canonicalization(self):
        folded = notice("1").replace(b"\r\nSubject: ", b"\r\nSubject:  \r\n\t ", 1)
        self.dns.records["ed._domainkey.csas.cz"] = (ed := Ed25519Key()).record
        twice = signed(signed(notice("1"), self.forger_key, "evil.example"), self.key, BANK)
        mails = [signed(mail, self.key, BANK, how=how) for mail in (notice("1"), folded)
                 for how in ("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed")]
        mails += [signed(notice("1"), ed, BANK, "ed"), twice,
                  signed(notice("1"), self.key, BANK, length=True),
                  # python3-dkim writes no expiry of its own accord
                  signed(notice("1"), self.key, BANK, f"s1; x={NOW + 86400}"),
                  signed(notice("1"), self.key, BANK).replace(b"\r\n", b"\n")]
        for number, found in enumerate(self.evidence(*mails)):
            with self.subTest(number):
                self.assertEqual(found["verdict"], "strong", found)
                self.assertEqual(found["bank"], "csas")

        # OpenDKIM's test signer knows rsa-sha1 only.
        for found in self.evidence(signed_by_opendkim(notice("1"), self.key, BANK),
                                   signed_by_opendkim(folded, self.key, BANK)):
            self.assertEqual(found["verdict"], "weak", found)
            self.assertEqual(len(found["signatures"][0]["reasons"]), 1)

    def test_weak_signatures_say_why(self):
        self.dns.records["test._domainkey.csas.cz"] = self.key.record.replace(";", "; t=y;", 1)
        partial = signed(notice("1"), self.key, BANK, length=True) + b"<p>more</p>\r\n"
        with unittest.mock.patch("dkim.time.time", return_value=NOW - 900):
            expired = signed(notice("1"), self.key, BANK, f"s1; x={NOW - 60}")
        cases = [(signed(notice("1"), self.key, BANK, signature_algorithm=b"rsa-sha1"), "rsa-sha1"),
                 (signed(notice("1"), self.old_key, BANK, "old"), "768 bits"),
                 (partial, "l="),
                 (signed(notice("1"), self.key, BANK, headers=[b"from"]), "Subject is not signed"),
                 (signed(notice("1"), self.key, BANK, headers=[b"from"]), "Date is not signed"),
                 (signed(notice("1"), self.key, BANK, headers=[b"from"]),
                  "Content-Type is not signed"),
                 (with_headers(signed(notice("1"), self.key, BANK), "Subject: Zaplaceno"),
                  "Subject is not signed"),
                 (expired, "expired"),
                 (signed(notice("1"), self.key, BANK, "test"), "as a test")]
        for found, (_, reason) in zip(self.evidence(*[mail for mail, _ in cases]), cases):
            with self.subTest(reason):
                self.assertEqual(found["verdict"], "weak", found)
                self.assertIn(reason, str(found["signatures"][0]["reasons"]))

    def test_failed_signatures_say_why_and_a_silent_dns_is_no_verdict(self):
        good = signed(notice("1"), self.key, BANK)
        cases = [(replaced(good, b"</body>", b"</BODY>"), "text was changed"),
                 (replaced(good, b"To: platby", b"To: Platby"), "does not fit"),
                 (signed(notice("1"), self.forger_key, BANK), "does not fit"),
                 (signed(notice("1"), self.key, BANK, "gone"), "not in DNS")]
        for found, (_, reason) in zip(self.evidence(*[mail for mail, _ in cases]), cases):
            with self.subTest(reason):
                self.assertEqual(found["verdict"], "failed", found)
                self.assertIn(reason, str(found["signatures"][0]["reasons"]))
        self.dns.records["s1._domainkey.csas.cz"] = FAILS
        (found,) = self.evidence(good, code=TEMPORARY)
        self.assertEqual(found["verdict"], "none")
        self.assertIsNone(found["signatures"][0]["verdict"])
        self.assertIn("could not be looked up", found["why"])

    def test_mail_auth_advises_a_person_in_words(self):
        self.box.write("a.eml", with_headers(notice("1"), "Authentication-Results: mx.new.test; "
                                             "dkim=pass header.d=csas.cz", received()))
        done = self.assert_exit(self.box.run("mail-auth", "a.eml", "--format", "table"), OK)
        self.assertIn("set trustedAuthserv=mx.new.test", done.stdout)
        self.box.write("b.eml", signed(notice("1"), self.key, BANK))
        self.box.write_settings(requireAuthentication="off")
        done = self.assert_exit(self.box.run("mail-auth", "b.eml", "--format", "table"), OK)
        self.assertIn('requireAuthentication="weak, csas:strong"', done.stdout)
        done = self.assert_exit(self.box.run("parse", "--explain", "b.eml"), OK)
        self.assertIn("proof of sender: strong", done.stdout)

    def test_no_forgery_ever_reaches_the_ledger(self):
        self.box.import_documents("issued_invoice,666,4840.00,666,Vzorná s.r.o.")
        forgeries = dict(self.forgeries())
        self.deliver(signed(notice("777"), self.key, BANK), *forgeries.values())
        self.assert_exit(self.box.run("run"), OK)
        states = dict(zip(["genuine", *forgeries], self.states()))
        self.assertEqual(len(self.states()), len(forgeries) + 1)
        self.assertEqual(states.pop("genuine"), "posted", self.box.messages()[0])
        self.assertEqual({name: state for name, state in states.items()
                          if state not in ("quarantined", "unrecognised")}, {})
        self.assertEqual(self.symbols(), ["777"])
        self.assertEqual(self.box.documents()["666"]["status"], "open")
        self.assertEqual(self.box.run("status").returncode, 1)

    def test_the_chain_leaves_what_run_leaves_and_cannot_be_talked_round(self):
        self.deliver(signed(notice("777"), self.key, BANK), notice("666"))
        lines = self.assert_exit(self.box.run("fetch"), OK).stdout
        told = [json.loads(line) for line in lines.splitlines()]
        self.assertTrue(all(line["prove_sender"] for line in told))
        talked = "".join(json.dumps({**line, "prove_sender": False}) + "\n" for line in told)
        for stdin, arguments in ((talked, ("-",)), ("", [line["path"] for line in told])):
            parsed = self.box.run("parse", *arguments, stdin=stdin).stdout
            self.assertEqual(parsed.count('"type":"payment"'), 2)
            matched = self.assert_exit(self.box.run("match", stdin=parsed), OK).stdout
            self.assert_exit(self.box.run("post", stdin=matched), DATA)
            self.assertEqual(self.states(), ["fetched", "fetched"])
        done = self.box.run("parse", "-", stdin=lines)
        self.assertEqual(done.returncode, DATA)
        parsed = done.stdout
        matched = self.assert_exit(self.box.run("match", stdin=parsed), OK).stdout
        self.assert_exit(self.box.run("post", stdin=matched), OK)
        self.assertEqual(self.states(), ["posted", "quarantined"])
        self.assertEqual(self.symbols(), ["777"])
        shown = self.box.listed("messages", "show", "1")
        self.assertEqual(shown["evidence"]["verdict"], "strong")
        self.assertEqual(shown["origin"], "mailbox")
        shown = self.box.listed("messages", "show", "2")
        self.assertEqual(shown["evidence"]["verdict"], "none")
        self.assertIn("no signature of csas.cz", shown["reason"])

    def test_what_stands_behind_the_signed_part_is_not_read(self):
        forged = notice("666").split(b"\r\n\r\n", 1)[1]
        part = signed(notice("777"), self.key, BANK, length=True)
        # A signature of the forger's own that claims to speak for everything and for nobody.
        other = signed(notice("777"), self.key, BANK, length=True)
        self.deliver(part + forged, signed(other + forged, self.forger_key, BANK))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states()[0], "posted")
        self.assertEqual(set(self.symbols()), {"777"})
        for message in self.box.messages():
            self.assertEqual(self.box.listed("messages", "show", str(message["id"]))
                             ["evidence"]["verdict"], "weak")

    def test_the_server_that_is_trusted_vouches_without_a_question_to_dns(self):
        for number, (results, state) in enumerate((
                ("dmarc=pass header.from=csas.cz", "posted"),
                ("dmarc=fail header.from=csas.cz; dkim=pass header.d=mail.csas.cz", "posted"),
                ("spf=pass smtp.mailfrom=a@csas.cz", "posted"),
                ("spf=pass smtp.mailfrom=a@evil.example", "quarantined"))):
            self.deliver(with_headers(notice(f"{number + 1}"),
                                      f"Authentication-Results: {SERVER}; {results}", received()))
            self.assert_exit(self.box.run("run"), OK)
            self.assertEqual(self.states()[-1], state, results)
        self.assertEqual(self.dns.asked, [])

    def test_a_key_that_cannot_be_asked_for_makes_the_mail_wait(self):
        self.dns.records["s1._domainkey.csas.cz"] = FAILS
        self.deliver(signed(notice("777"), self.key, BANK))
        done = self.assert_exit(self.box.run("run"), TEMPORARY)
        self.assertIn("the next run tries again", done.stderr)
        self.assertEqual(self.states(), ["fetched"])
        self.dns.records["s1._domainkey.csas.cz"] = self.key.record
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states(), ["posted"])

    def test_a_person_releases_what_is_quarantined(self):
        self.box.import_documents("issued_invoice,777,4840.00,777,Vzorná s.r.o.")
        self.deliver(notice("777"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states(), ["quarantined"])
        self.assert_exit(self.box.run("messages", "release", "1"), USAGE)
        self.assert_exit(self.box.run("messages", "retry", "1"), OK)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states(), ["quarantined"])
        self.assert_exit(self.box.run("messages", "release", "1", "--why", "by phone", "--who",
                                      "jana"), OK)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states(), ["posted"])
        self.assertEqual(self.box.documents()["777"]["status"], "paid")
        (*_, last) = self.box.listed("messages", "show", "1")["journal"]
        self.assertEqual((last["who"], last["why"]), ("jana", "by phone"))
        self.assertIn("quarantined", last["what"])
        self.assert_exit(self.box.run("messages", "release", "1", "--why", "x"), DATA)

    def test_the_rule_decides_by_bank(self):
        self.box.write_settings(requireAuthentication="strong, csas:off, fio:weak")
        self.deliver(notice("1"), fio(100, "2", when=NOW),
                     fio(100, "3", when=NOW, sender="automat@mojefio.cz"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states(), ["posted", "quarantined", "unrecognised"])
        status = json.loads(self.box.run("status", "--format", "json").stdout)
        self.assertIn("mail 1 was posted although", status["warnings"][0])
        self.box.write_settings(requireAuthentication="strong, csass:off")
        self.assert_exit(self.box.run("run"), CONFIG)
        self.box.write_settings(requireAuthentication=None)
        found = self.box.listed("doctor")
        (warning,) = [item for item in found if item["subject"] == "requireAuthentication"]
        self.assertEqual(warning["verdict"], "warning")
        self.assertIn("fio", warning["what"])
        self.assertNotIn("csas", warning["what"])

    def test_replays_are_quarantined_when_they_come_from_a_mailbox_only(self):
        self.box.write_settings(onlyOwnAccounts="true")
        month = 86400 * 32
        mails = [fio(100, "1", message_id="one", when=NOW),
                 fio(200, "2", message_id="one", when=NOW),
                 with_headers(fio(300, "3", when=NOW - month), received()),
                 with_headers(fio(400, "4", when=NOW + month), received()),
                 with_headers(fio(500, "5", when=NOW - month + 86400 * 3), received()),
                 fio(600, "6", when=NOW, own="2901618114"),
                 csas(700, "7", when=NOW, own="XXXXXX6030")]
        self.box.write_settings(requireAuthentication="off")
        self.deliver(*mails)
        self.assert_exit(self.box.run("run"), OK)
        found = [(message["state"], message["reason"] or "") for message in self.box.messages()]
        self.assertEqual([state for state, _ in found[:6]],
                         ["posted", "quarantined", "quarantined", "quarantined", "posted",
                          "quarantined"], found)
        self.assertNotEqual(found[6][0], "quarantined", found[6])
        for number, words in ((1, "same Message-ID"), (2, "sent again"), (3, "sent again"),
                              (5, "not among ownAccounts")):
            self.assertIn(words, found[number][1])
        other = self.new_box("folder", onlyOwnAccounts="true")
        for number, mail in enumerate(mails[:6]):
            other.mail(f"{number}.eml", mail)
        self.assert_exit(other.run("run"), OK)
        self.assertEqual({message["state"] for message in other.messages()}, {"posted"})

    def test_a_signed_text_that_comes_again_under_other_headers_is_quarantined(self):
        self.box.import_documents("issued_invoice,777,9680.00,777,Vzorná s.r.o.")
        first = signed(notice("777"), self.key, BANK, headers=[b"from", b"subject", b"content-type"])
        # another day, another Message-ID, and blanks that relaxed signatures do not see
        again = replaced(first, b"Message-ID: <notice", b"Message-ID: <other")
        again = replaced(again, b"To: platby", f"Date: {email.utils.formatdate(NOW - 9)}\r\n"
                         "To: platby".encode()).replace(b"Date: ", b"X-Date: ", 1)
        again = replaced(again, b"</html>\r\n", b"</html> \r\n")
        self.deliver(first)
        self.assert_exit(self.box.run("run"), OK)
        self.deliver(again)
        (line,) = ndjson(self.assert_exit(self.box.run("run"), OK).stdout)
        self.assertEqual((line["type"], line["source"]["index"]), ("quarantined", 0))
        self.assertIn("very text of mail 1", line["reason"])
        self.assertEqual(self.states(), ["posted", "quarantined"])
        # both in one run, and through the chain
        other = signed(notice("888"), self.key, BANK, headers=[b"from"])
        self.deliver(other, other.replace(b"Message-ID: <notice", b"Message-ID: <other"))
        fetched = self.assert_exit(self.box.run("fetch"), OK).stdout
        parsed = self.box.run("parse", "-", stdin=fetched).stdout
        matched = self.assert_exit(self.box.run("match", stdin=parsed), OK).stdout
        self.assert_exit(self.box.run("post", stdin=matched), OK)
        self.assertEqual(self.states()[2:], ["posted", "quarantined"])
        self.assertEqual(self.box.documents()["777"]["status"], "partially_paid")
        self.assert_exit(self.box.run("messages", "release", "2", "--why", "twice indeed"), OK)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states()[1], "duplicate")

    def test_forwarders_prove_themselves_like_banks(self):
        self.box.write_settings(trustedForwarders="jana@papirna.test")
        self.dns.records["s1._domainkey.papirna.test"] = self.key.record
        forward = {"sender": "Jana <jana@papirna.test>", "when": NOW}
        self.deliver(signed(fio(100, "1", **forward), self.key, "papirna.test"),
                     fio(200, "2", **forward), signed(fio(300, "3", **forward), self.key, BANK))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.states(), ["posted", "quarantined", "quarantined"])


if __name__ == "__main__":
    unittest.main()
