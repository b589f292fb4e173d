"""`run` on emlDir and `import-eml` of a backfill, as a user drives them."""

import hashlib
import unittest

import notices
from box import DATA, IO, NO_INPUT, OK, BoxTest, ndjson


class Run(BoxTest):
    def test_a_mail_in_emldir_becomes_a_paid_invoice_a_notification_and_an_archived_file(self):
        mail = notices.fio(484000, "26080117", message="FAKTURA 26080117")
        self.box.import_documents("issued_invoice,26080117,4840.00,,Papírnictví Vzor")
        self.box.mail("a.eml", mail)
        self.assert_exit(self.box.run("run"), OK)

        self.assertEqual(self.box.documents()["26080117"]["status"], "paid")
        self.assertEqual(self.box.mails_left(), [])
        (archived,) = self.box.archived()
        self.assertEqual(archived.read_bytes(), mail)
        (message,) = self.box.messages()
        self.assertEqual(message["state"], "posted")
        self.assertEqual(message["sha256"], hashlib.sha256(mail).hexdigest())
        (payment,) = self.box.payments()
        self.assertEqual((payment["status"], payment["rule"]), ("paid", "symbol-amount"))
        self.assertEqual(payment["allocations"][0]["document"]["number"], "26080117")
        outbox = str(self.box.ledger_rows())
        self.assertIn("Vydaná faktura č. 26080117 vystavená firmě Papírnictví Vzor na částku", outbox)

    def test_a_mail_that_is_put_into_emldir_again_repairs_the_archive(self):
        mail = notices.fio(484000, "26080117")
        self.box.mail("a.eml", mail)
        self.assert_exit(self.box.run("fetch"), OK)
        (archived,) = self.box.archived()
        archived.unlink()
        self.box.mail("a.eml", mail)
        done = self.box.run("run")
        self.assertIn("was missing in the archive and is put back", done.stderr)
        self.assertEqual(self.box.mails_left(), [])
        self.assertEqual(archived.read_bytes(), mail)
        self.assert_exit(self.box.run("run"), OK)
        (message,) = self.box.messages()
        self.assertEqual(message["state"], "posted")
        archived.unlink()
        self.box.mail("again.eml", mail)
        self.assert_exit(self.box.run("run", "--dry-run"), OK)
        self.assertEqual(self.box.archived(), [])
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(archived.read_bytes(), mail)
        self.assertEqual(len(self.box.payments()), 1)

    def test_a_pruned_mail_is_not_put_back(self):
        mail = notices.fio(484000, "26080117")
        self.box.mail("a.eml", mail)
        self.assert_exit(self.box.run("run"), OK)
        self.box.sql("UPDATE message SET pruned = 1")
        (archived,) = self.box.archived()
        archived.unlink()
        self.box.mail("a.eml", mail)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.archived(), [])

    def test_the_notification_is_english_when_the_box_says_so(self):
        self.box.write_settings(language="en")
        self.box.import_documents("issued_invoice,26080117,4840.00,,Papírnictví Vzor")
        self.box.mail("a.eml", notices.fio(484000, "26080117"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertIn("Outgoing invoice No. 26080117 issued to the company Papírnictví Vzor in the "
                      "amount of CZK 4,840.00 was paid.", str(self.box.ledger_rows()))

    def test_wrecks_between_good_mails_do_not_hold_them_up(self):
        self.box.import_documents(*[f"issued_invoice,{n},100.00" for n in range(1001, 1006)])
        for n in range(1001, 1006):
            self.box.mail(f"{n}.eml", notices.fio(10000, str(n)))
            self.box.mail(f"{n}-wreck.eml", b"\x00\xff wreck %d" % n)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual({item["status"] for item in self.box.documents().values()}, {"paid"})
        states = sorted(item["state"] for item in self.box.messages())
        self.assertEqual(states, ["posted"] * 5 + ["unrecognised"] * 5)
        self.assertEqual(len(self.box.archived()), 10)

    def test_two_payments_for_one_invoice_in_one_run_allocate_no_more_than_it_owes(self):
        self.box.import_documents("issued_invoice,2001,100.00")
        for index in range(2):
            self.box.mail(f"{index}.eml", notices.fio(10000, "2001", message=f"platba {index}",
                                                      balance=100_00 * (index + 1)))
        self.assert_exit(self.box.run("run"), OK)
        document = self.box.documents()["2001"]
        self.assertEqual((document["paid"], document["outstanding"]), ("100.00", "0.00"))
        self.assertEqual(sorted(item["status"] for item in self.box.payments()),
                         ["paid", "unmatched"])

    def test_payments_are_posted_in_the_order_of_the_mails_those_left_before_first(self):
        left = [str(symbol) for symbol in range(9001, 9101)]
        new = [str(symbol) for symbol in range(1001, 2301)]
        # Each its own amount: equal ones of a day may be one movement, and are compared one by one.
        for symbol in left:
            self.box.mail(f"{symbol}.eml", notices.fio(int(symbol), symbol))
        self.assert_exit(self.box.run("fetch"), OK)
        for symbol in new:
            self.box.mail(f"{symbol}.eml", notices.fio(int(symbol), symbol))
        done = self.assert_exit(self.box.run("run"), OK)
        posted = [line["payment"]["variable_symbol"] for line in ndjson(done.stdout)]
        self.assertEqual(posted, left + new)
        numbers = [line["payment_id"] for line in ndjson(done.stdout)]
        self.assertEqual(numbers, sorted(numbers))

    def test_what_came_before_a_fetch_failed_is_posted(self):
        folder = self.scratch / "backfill"
        for symbol in ("1", "2"):
            self.box.mail(f"{symbol}.eml", notices.fio(10000, symbol), folder=folder)
        (folder / "below").symlink_to(folder)  # not followed
        (folder / "0.eml").symlink_to("1.eml")
        done = self.assert_exit(self.box.run("import-eml", folder), IO)
        self.assertIn("no regular file", done.stderr)
        self.assertEqual(len(self.box.payments()), 2)

    def test_what_is_no_eml_file_stays_where_it_is(self):
        self.box.mail("notes.txt", b"not a mail")
        self.box.mail("a.eml", notices.fio(10000, "1"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.mails_left(), ["notes.txt"])

    def test_money_before_the_invoice_is_settled_when_the_invoice_comes(self):
        self.box.mail("a.eml", notices.fio(10000, "3001"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual([item["status"] for item in self.box.payments()], ["unmatched"])
        self.box.write("late.csv", "kind,number,amount\nissued_invoice,3001,100.00\n")
        done = self.assert_exit(self.box.run("documents", "import", "late.csv"), OK)
        (settled,) = ndjson(done.stdout)[0]["settled"]
        self.assertEqual(settled["payment"]["source"]["path"], str(self.box.archived()[0]))
        self.assertEqual([item["status"] for item in self.box.payments()], ["paid"])

    def test_notify_without_a_mail_server_says_so_and_keeps_what_waits(self):
        self.box.import_documents("issued_invoice,26080117,4840.00")
        self.box.mail("a.eml", notices.fio(484000, "26080117"))
        self.assert_exit(self.box.run("run"), OK)
        before = self.box.ledger_rows()
        done = self.box.run("notify")
        self.assertIn("smtpServer", done.stderr)
        self.assertEqual(self.box.ledger_rows(), before)


class ImportEml(BoxTest):
    COUNT = 2000

    def setUp(self):
        super().setUp()
        self.backfill = self.scratch / "backfill"
        self.backfill.mkdir()

    def test_a_backfill_of_thousands_pays_every_invoice_once_and_notifies_nobody(self):
        lines = []
        for index, (mail, symbol, hellers) in enumerate(notices.many(self.COUNT)):
            (self.backfill / f"{index:05d}.eml").write_bytes(mail)
            lines.append(f"issued_invoice,{symbol},{hellers / 100:.2f}")
        self.box.import_documents(*lines)
        self.assert_exit(self.box.run("import-eml", self.backfill), OK)

        documents = self.box.documents()
        self.assertEqual(len(documents), self.COUNT)
        self.assertEqual({item["status"] for item in documents.values()}, {"paid"})
        self.assertEqual(len(self.box.archived()), self.COUNT)
        self.assertEqual(len(list(self.backfill.iterdir())), self.COUNT)
        self.assertNotIn("byla uhrazena", str(self.box.ledger_rows()))

        # the same folder again, this time to be emptied: nothing new is recorded
        before = self.box.ledger_rows()
        self.assert_exit(self.box.run("import-eml", self.backfill, "--delete"), OK)
        self.assertEqual(self.box.ledger_rows(), before)
        self.assertEqual(list(self.backfill.iterdir()), [])
        self.assertEqual(len(self.box.archived()), self.COUNT)

    def test_with_notify_the_outbox_is_filled(self):
        (self.backfill / "a.eml").write_bytes(notices.fio(10000, "1"))
        self.box.import_documents("issued_invoice,1,100.00")
        self.assert_exit(self.box.run("import-eml", self.backfill, "--notify"), OK)
        self.assertIn("byla uhrazena", str(self.box.ledger_rows()))

    def test_a_folder_that_is_not_there_is_an_error(self):
        done = self.assert_exit(self.box.run("import-eml", self.scratch / "nowhere"), NO_INPUT)
        self.assertIn("nowhere", done.stderr)


class ParseAlone(BoxTest):
    """`parse` needs no configuration at all."""

    def parse(self, *arguments, **options):
        return self.box.call("parse", *arguments, **options)

    def test_a_mail_on_standard_input_becomes_one_line(self):
        mail = notices.fio(484000, "26080117", message="FAKTURA 26080117")
        done = self.assert_exit(self.parse("-", stdin=mail), OK)
        (line,) = ndjson(done.stdout)
        self.assertEqual(
            {key: line[key] for key in ("type", "bank", "kind", "direction", "amount", "currency",
                                        "booked_on", "own_account", "counterparty",
                                        "variable_symbol", "constant_symbol", "specific_symbol",
                                        "message", "balance")},
            {"type": "payment", "bank": "2010", "kind": "transfer", "direction": "incoming",
             "amount": "4840.00", "currency": "CZK", "booked_on": "2026-08-12",
             "own_account": "2052601819/2010",
             "counterparty": {"account": "131-1126906048/0100", "name": None},
             "variable_symbol": "26080117", "constant_symbol": "308", "specific_symbol": None,
             "message": "FAKTURA 26080117", "balance": "57312.45"})
        self.assertEqual(line["source"]["sha256"], hashlib.sha256(mail).hexdigest())
        self.assertEqual((line["source"]["index"], line["source"]["count"]), (0, 1))

    def test_an_unrecognised_mail_ends_with_65_after_all_lines_are_printed(self):
        self.box.mail("1.eml", notices.fio(100, "1"))
        self.box.mail("2.eml", b"Subject: hello\r\n\r\nnothing a bank would write\r\n")
        self.box.mail("3.eml", notices.csas(100, "3"))
        done = self.parse(self.box.eml)
        self.assertEqual(done.returncode, DATA, done.stderr)
        self.assertEqual(sorted(line["type"] for line in ndjson(done.stdout)),
                         ["payment", "payment", "unrecognised"])

    def test_a_file_that_is_not_there_is_an_error_that_names_it(self):
        done = self.assert_exit(self.parse("nowhere.eml"), NO_INPUT)
        self.assertIn("nowhere.eml", done.stderr)

    def test_a_table_is_for_people(self):
        self.box.mail("1.eml", notices.fio(484000, "26080117"))
        done = self.assert_exit(self.parse(self.box.eml, "--format", "table"), OK)
        self.assertIn("26080117", done.stdout)
        self.assertNotIn("{", done.stdout)


if __name__ == "__main__":
    unittest.main()
