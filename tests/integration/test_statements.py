"""Statements: what they tell is reconciled with what notices told, in whatever order both come."""

import json
import os
import shutil
import unittest

import notices
import statements
from box import DATA, NO_INPUT, OK, SOURCE, BoxTest
from statements import camt, gpc, row

IBAN = "CZ4020100000002052601819"
# Equal invoices of one partner: a movement taken for two would settle the second one too.
TWO = ("issued_invoice,117,1000.00,117,Odběratel", "issued_invoice,118,1000.00,117,Odběratel")


class Statements(BoxTest):
    def made(self, name, *documents):
        box = self.new_box(name, ownAccounts=statements.OWN)
        if documents:
            box.import_documents(*documents)
        return box

    def take(self, box, content, name="vypis.gpc", code=OK):
        """Imports a statement; what it says about the statement and about its movements."""
        box.write(name, content)
        done = box.run("import-statement", name)
        self.assert_exit(done, code)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return ([line for line in lines if line.get("type") == "statement"],
                [line for line in lines if line.get("type") != "statement"], done.stderr)

    def notice(self, box, name, hellers, symbol="", **options):
        box.mail(name, notices.fio(hellers, symbol, message_id=name, **options))
        self.assert_exit(box.run("run"), OK)

    def assert_sound(self, box):
        done = box.run("ledger", "check")
        self.assert_exit(done, OK)

    def counts(self, told):
        return [(each["new"], each["reconciled"], each["known"]) for each in told]

    def test_a_movement_without_a_notice_settles_its_invoice(self):
        box = self.made("alone", "issued_invoice,117,1000.00", "issued_invoice,118,50.00")
        told, movements, _ = self.take(box, gpc([row(100000, "117", message="Faktura 117"),
                                                 row(9900, "", code="1", counter="",
                                                     name="Poplatek")], opening=20000))
        self.assertEqual(self.counts(told), [(2, 0, 0)])
        self.assertEqual([each["status"] for each in movements], ["paid", "unmatched"])
        self.assertEqual([each["line"] for each in movements], [2, 4])
        self.assertEqual(box.documents()["117"]["status"], "paid")
        self.assertEqual(movements[1]["kind"], "fee")
        shown = box.listed("payments", "show", "1")
        self.assertEqual((shown["statements"][0]["number"], shown["statements"][0]["line"]), ("1", 2))
        self.assertTrue(shown["statements"][0]["file"].endswith("vypis.gpc"))
        table = box.run("payments", "show", "1", "--format", "table").stdout
        self.assertIn("vypis.gpc, line 2", table)
        self.assert_sound(box)

    def test_notice_first_then_statement_is_one_payment(self):
        box = self.made("notice", *TWO)
        self.notice(box, "1.eml", 100000, "117")
        told, movements, _ = self.take(box, gpc([row(100000, "117", "140826", specific="5")]))
        self.assertEqual(self.counts(told), [(0, 1, 0)])
        (payment,) = box.payments()
        self.assertEqual((payment["status"], payment["booked_on"], payment["specific_symbol"]),
                         ("paid", "2026-08-14", "5"))
        self.assertEqual(payment["told_by"], ["notice", "statement"])
        self.assertEqual(movements[0]["outcome"], "reconciled")
        self.assertEqual(sum(each["status"] == "open" for each in box.documents().values()), 1)
        shown = box.listed("payments", "show", "1")
        self.assertIn("confirmed by statement 1", shown["journal"][0]["what"])
        self.assert_sound(box)

    def test_statement_first_then_notice_is_one_payment(self):
        box = self.made("statement", *TWO)
        self.take(box, gpc([row(100000, "117", "140826")]))
        self.notice(box, "1.eml", 100000, "117")
        self.assertEqual(sorted(each["status"] for each in box.payments()), ["duplicate", "paid"])
        self.assertEqual(sum(each["status"] == "open" for each in box.documents().values()), 1)
        self.assertEqual([each["state"] for each in box.messages()], ["duplicate"])
        # A second notice is a second movement; nothing is left in the statement that it could be.
        self.notice(box, "2.eml", 100000, "117", balance=1)
        self.assertEqual(sum(each["status"] == "paid" for each in box.payments()), 2)
        self.assert_sound(box)

    def test_the_number_of_an_order_is_not_taken_for_a_movements(self):
        notice = (SOURCE / "tests/mails/fio/FIO-20.eml").read_bytes()  # with "ID pokynu"
        statement = camt([row(302500, "26080155", "250826")], iban="CZ1220100000002996030822")
        for order in ("notice", "statement"):
            box = self.new_box(f"{order} first", ownAccounts="2996030822/2010")
            box.import_documents(*(f"issued_invoice,{number},3025.00,26080155,Odběratel"
                                   for number in (117, 118)))
            for step in (order, {"notice": "statement", "statement": "notice"}[order]):
                if step == "statement":
                    self.take(box, statement, "vypis.xml")
                else:
                    box.mail("1.eml", notice)
                    self.assert_exit(box.run("run"), OK)
            self.assertEqual([each["status"] for each in box.payments()
                              if each["status"] != "duplicate"], ["paid"])
            self.assertEqual(box.payments()[0]["told_by"], ["notice", "statement"])
            self.assert_sound(box)

    def test_two_equal_payments_on_one_day_stay_two(self):
        rows = [row(50000, "117"), row(50000, "117")]
        documents = [f"issued_invoice,A{number},500.00,117,Odběratel" for number in (1, 2, 3)]
        for name in ("statement-first", "notices-first"):
            with self.subTest(name):
                box = self.made(name, *documents)
                if name == "statement-first":
                    self.take(box, gpc(rows))
                for mail in (1, 2):
                    self.notice(box, f"{mail}.eml", 50000, "117", balance=mail)
                if name == "notices-first":
                    self.assertEqual(self.counts(self.take(box, gpc(rows))[0]), [(0, 2, 0)])
                self.assertEqual(
                    sum(each["status"] == "paid" for each in box.documents().values()), 2)
                self.assertEqual(sum(each["status"] == "paid" for each in box.payments()), 2)
                self.assert_sound(box)

    def test_unmatched_notices_are_taken_over_too(self):
        box = self.made("unmatched")
        self.notice(box, "1.eml", 31890, "", outgoing=True, account="", constant="")
        self.notice(box, "2.eml", 70000, "999", balance=3)
        told, _, _ = self.take(box, gpc([row(31890, "", code="1", counter=""), row(70000, "999")]))
        self.assertEqual(self.counts(told), [(0, 2, 0)])
        self.assertEqual([each["status"] for each in box.payments()], ["unmatched", "unmatched"])

    def test_what_a_statement_knows_better_is_tried_again(self):
        box = self.made("better", "issued_invoice,117,1000.00")
        self.notice(box, "1.eml", 100000, "")
        self.assertEqual(box.payments()[0]["status"], "unmatched")
        told, _, _ = self.take(box, gpc([row(100000, "117")]))
        self.assertEqual(self.counts(told), [(0, 1, 0)])
        self.assertEqual(box.payments()[0]["status"], "paid")

    def test_another_symbol_another_account_or_another_week_is_another_movement(self):
        box = self.made("other")
        self.notice(box, "1.eml", 100000, "117")
        for number, movement in enumerate([row(100000, "118"), row(100000, "117", "180826"),
                                           row(100001, "117"), row(100000, "117", code="1")]):
            told, _, _ = self.take(box, gpc([movement], number=number + 1), f"{number}.gpc")
            self.assertEqual(self.counts(told), [(1, 0, 0)])
        self.assertEqual(len(box.payments()), 5)

    def test_a_notice_outside_the_period_is_left_alone(self):
        for order in ("notice", "statement"):
            with self.subTest(order):
                box = self.made("period-" + order)
                content = gpc([row(100000, "117", "150826")], first="150826", last="200826")
                if order == "statement":
                    self.take(box, content)
                self.notice(box, "1.eml", 100000, "117")
                if order == "notice":
                    self.assertEqual(self.counts(self.take(box, content)[0]), [(1, 0, 0)])
                self.assertEqual([each["status"] for each in box.payments()],
                                 ["unmatched", "unmatched"])

    def test_a_payment_that_the_statement_does_not_have_is_named(self):
        box = self.made("missing")
        self.notice(box, "1.eml", 100000, "117")
        told, _, said = self.take(box, gpc([row(5, "5")]))
        self.assertEqual(told[0]["only_in_notices"], [1])
        self.assertIn("that the statement does not have: 1", said)

    def test_the_same_file_twice_changes_nothing(self):
        box = self.made("twice", "issued_invoice,117,1000.00")
        content = gpc([row(100000, "117"), row(700, "5")])
        self.take(box, content)
        before = box.payments()
        told, movements, said = self.take(box, content)
        self.assertEqual((self.counts(told), movements), ([(0, 0, 2)], []))
        self.assertIn("imported before", said)
        self.assertEqual(box.payments(), before)

    def test_the_same_statement_in_another_encoding_changes_nothing(self):
        content = gpc([row(100000, "", name="Žižkovská díra", message="Příspěvek č. 5"),
                       row(700, "5", name="Šťastný")])
        mt940 = (SOURCE / "tests/statements/mt940/multicash.sta").read_bytes()
        for name, first in (("vypis.gpc", content), ("vypis.sta", mt940)):
            second = first.decode("windows-1250").encode()
            self.assertNotEqual(first, second)
            for order in ((first, second), (second, first)):
                with self.subTest(name, first_is_utf8=order[0] is second):
                    box = self.made(f"{name}-{order[0] is second}")
                    new = sum(each["new"] for each in self.take(box, order[0], name)[0])
                    known = self.take(box, order[1], name)[0]
                    self.assertEqual(sum(each["new"] for each in known), 0)
                    self.assertEqual(sum(each["known"] for each in known), new)

    def test_overlapping_statements_tell_each_movement_once(self):
        box = self.made("overlap")
        rows = [row(100, "1", "050826"), row(200, "2", "150826"), row(200, "2", "150826"),
                row(300, "3", "250826")]
        self.take(box, gpc(rows[:3], last="150826"), "1.gpc")
        told, movements, _ = self.take(box, gpc(rows[1:], opening=100, first="150826"), "2.gpc")
        self.assertEqual(self.counts(told), [(1, 0, 2)])
        self.assertEqual([each["amount"] for each in movements], ["3.00"])
        told, _, _ = self.take(box, gpc(rows), "3.gpc")
        self.assertEqual(self.counts(told), [(0, 0, 4)])
        self.assertEqual(len(box.payments()), 4)
        self.assertEqual(len(box.listed("payments", "show", "1")["statements"]), 2)

    def test_equal_movements_in_two_statements_of_one_day_are_two(self):
        box = self.made("same-day")
        for number in (1, 2):
            told, _, _ = self.take(
                box, gpc([row(500, "7")], opening=500 * (number - 1), number=number,
                         first="120826", last="120826"), f"{number}.gpc")
            self.assertEqual(self.counts(told), [(1, 0, 0)])

    def test_another_format_of_the_same_days_tells_the_same_movements(self):
        box = self.made("formats", *TWO)
        rows = [row(100000, "117"), row(700, "5", code="1"), row(700, "5", code="1")]
        self.take(box, gpc(rows))
        told, _, _ = self.take(box, camt(rows, iban=IBAN), "vypis.xml")
        self.assertEqual(self.counts(told), [(0, 3, 0)])
        self.assertEqual(len(box.payments()), 3)
        told, _, _ = self.take(box, camt(rows, iban=IBAN) + b"\n", "again.xml")
        self.assertEqual(self.counts(told), [(0, 0, 3)])
        self.assert_sound(box)

    def test_a_reversal_settles_nothing_and_names_what_it_takes_back(self):
        box = self.made("reversal", "issued_invoice,117,1000.00", "received_invoice,118,1000.00,117")
        told, movements, _ = self.take(box, gpc([row(100000, "117"), row(100000, "117", code="5"),
                                                 row(100000, "117", code="4")]))
        self.assertEqual([each["status"] for each in movements], ["paid", "unmatched", "unmatched"])
        self.assertIn("seems to be payment 1, which settled 117", movements[1]["why"])
        self.assertTrue(movements[1]["reversal"])
        box.import_documents("issued_invoice,200,1000.00,117", "received_invoice,201,1000.00,117")
        self.assert_exit(box.run("run"), OK)
        self.assertEqual([each["status"] for each in box.payments()],
                         ["paid", "unmatched", "unmatched"])

    def test_money_that_does_not_add_up_imports_nothing(self):
        box = self.made("sum", "issued_invoice,117,1000.00")
        _, _, said = self.take(box, gpc([row(100000, "117")], closing=100001), code=DATA)
        self.assertIn("vypis.gpc line 1: the statement does not add up", said)
        self.assertIn("a difference of 0.01", said)
        self.assertEqual((box.payments(), box.documents()["117"]["status"]), ([], "open"))

    def test_a_broken_file_keeps_no_other_one_out(self):
        box = self.made("several")
        box.write("good.gpc", gpc([row(100, "1")]))
        box.write("bad.gpc", gpc([row(0, "1")], number=2))
        done = box.run("import-statement", "bad.gpc", "absent.gpc", "good.gpc")
        self.assert_exit(done, DATA)
        self.assertIn("bad.gpc line 2: the movement has an amount of zero", done.stderr)
        self.assertEqual(len(box.payments()), 1)
        self.assert_exit(box.run("import-statement", "absent.gpc"), NO_INPUT)

    def test_a_file_too_large_is_refused_before_it_is_read(self):
        box = self.made("large")
        with open(box.folder / "large.gpc", "wb") as file:
            file.truncate(1 << 30)
        done = box.run("import-statement", "large.gpc")
        self.assert_exit(done, DATA)
        self.assertIn("has 1024 MB, a statement may have 256", done.stderr)

    def test_a_hole_between_two_statements_is_said(self):
        box = self.made("hole")
        self.take(box, gpc([row(100, "1", "050826")], last="100826"), "1.gpc")
        _, _, said = self.take(box, gpc([row(100, "1", "250826")], opening=700, number=3,
                                        first="200826"), "2.gpc")
        self.assertIn("what lies between is in no statement", said)

    def test_the_sample_goes_on_from_what_the_sample_mails_told(self):
        box = self.new_box("sample")
        shutil.copytree(SOURCE / "samples", box.folder, dirs_exist_ok=True)
        for path in box.eml.iterdir():
            os.utime(path, (1, 1))
        for command in (("documents", "import", "documents.csv"), ("run",)):
            self.assert_exit(box.run(*command), OK)
        done = box.run("import-statement", "statements/2026-08-fio.gpc")
        self.assert_exit(done, OK)
        told = json.loads(done.stdout.splitlines()[0])
        self.assertEqual((told["new"], told["reconciled"]), (2, 5))
        self.assertEqual(box.documents()["130100029"]["status"], "paid")
        self.assert_sound(box)

    def test_a_statement_of_an_account_that_is_not_ours(self):
        box = self.new_box("foreign", ownAccounts="6066176030/0800", onlyOwnAccounts="true")
        box.write("vypis.gpc", gpc([row(100, "1")]))
        done = box.run("import-statement", "vypis.gpc", "--account", statements.OWN)
        self.assert_exit(done, DATA)
        self.assertIn("not in ownAccounts", done.stderr)
        self.assertEqual(box.payments(), [])


if __name__ == "__main__":
    unittest.main()
