"""One movement that a bank tells twice, in two notices: a payment notice and a balance notice."""

import os
import pathlib
import unittest

from box import OK, BoxTest

MAILS = pathlib.Path(os.environ["PAYMENTCTL_SOURCE"]) / "tests" / "mails" / "raiffeisenbank"


class Twins(BoxTest):
    def setUp(self):
        super().setUp()
        self.payment = (MAILS / "RB-20.eml").read_bytes()  # with symbols
        self.balance = (MAILS / "RB-24.eml").read_bytes()  # with the balance, without symbols
        # The second invoice is what a balance notice taken for a payment of its own would settle.
        self.invoices = ("issued_invoice,1,12100.00,20140311,Odběratel,230792445/0300",
                         "issued_invoice,2,12100.00,77,Odběratel,230792445/0300")

    def assert_one_payment(self, box):
        documents = box.documents()
        self.assertEqual((documents["1"]["status"], documents["2"]["status"]), ("paid", "open"))
        self.assertEqual(sorted(item["state"] for item in box.messages()), ["duplicate", "posted"])

    def test_both_in_one_run_are_one_payment_whichever_comes_first(self):
        for name, first, second in (("a", self.payment, self.balance),
                                    ("b", self.balance, self.payment)):
            box = self.new_box(name, ownAccounts="5578657976/5500")
            box.import_documents(*self.invoices)
            box.mail("1.eml", first)
            box.mail("2.eml", second)
            self.assert_exit(box.run("run"), OK)
            self.assert_one_payment(box)

    def test_a_balance_notice_in_a_later_run_is_the_same_payment(self):
        box = self.new_box("later", ownAccounts="5578657976/5500")
        box.import_documents(*self.invoices)
        for name, mail in (("1.eml", self.payment), ("2.eml", self.balance)):
            box.mail(name, mail)
            self.assert_exit(box.run("run"), OK)
        self.assert_one_payment(box)

    def test_two_payments_of_one_amount_told_twice_each_are_two(self):
        box = self.new_box("two", ownAccounts="5578657976/5500")
        box.import_documents(*self.invoices)
        mails = {
            "1.eml": self.payment,
            "2.eml": self.balance,
            "3.eml": self.payment.replace(b"20140311", b"77").replace(b"10:25", b"11:40"),
            "4.eml": self.balance.replace(b"48 211,70", b"60 311,70"),
        }
        for name, mail in mails.items():
            box.mail(name, mail)
        self.assert_exit(box.run("run"), OK)
        self.assertEqual([item["status"] for item in box.documents().values()], ["paid", "paid"])
        self.assertEqual(sorted(item["state"] for item in box.messages()),
                         ["duplicate", "duplicate", "posted", "posted"])


if __name__ == "__main__":
    unittest.main()
