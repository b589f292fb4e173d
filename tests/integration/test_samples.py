"""samples/ and the README's first command give exactly what samples/README.md says."""

import shutil
import unittest

from box import OK, SOURCE, Box, BoxTest

DOCUMENTS = {
    "130100024": ("paid", "10890.00", "0.00"),
    "130100025": ("paid", "24200.00", "0.00"),
    "130100026": ("partially_paid", "5000.00", "3470.00"),
    "130100027": ("paid", "1210.00", "0.00"),
    "130100028": ("paid", "3025.00", "0.00"),
    "130100029": ("open", "0.00", "6050.00"),
    "2026-0458": ("paid", "1573.00", "0.00"),
    "FV2606912": ("paid", "12705.00", "0.00"),
    "NAJEM-2026-09": ("paid", "6050.00", "0.00"),
}
PAYMENTS = {  # (amount, variable symbol): (status, rule, unallocated)
    ("10890.00", "130100024"): ("paid", "symbol-amount", "0.00"),
    ("10000.00", "130100025"): ("partially_paid", "symbol-partial", "0.00"),
    ("14200.00", "130100025"): ("paid", "symbol-amount", "0.00"),
    ("5000.00", "130100026"): ("partially_paid", "symbol-partial", "0.00"),
    ("1300.00", "130100027"): ("overpaid", "symbol-over", "90.00"),
    ("3025.00", None): ("paid", "account-amount", "0.00"),
    ("1573.00", "126000458"): ("paid", "symbol-amount", "0.00"),
    ("12705.00", "26060912"): ("paid", "symbol-amount", "0.00"),
    ("6050.00", "8122222"): ("paid", "symbol-amount", "0.00"),
    ("2500.00", "999888777"): ("unmatched", None, "2500.00"),
    ("318.90", "4417"): ("unmatched", None, "318.90"),
}


class SampleBox(Box):
    """A copy of samples/ with its own box.xml."""

    def __init__(self, folder):
        shutil.copytree(SOURCE / "samples", folder)
        self.folder = folder
        self.eml = folder / "eml"


class Samples(BoxTest):
    def setUp(self):
        super().setUp()
        self.box = SampleBox(self.scratch / "kopie vzorků")

    def first_command(self):
        self.assert_exit(self.box.run("documents", "import", "documents.csv"), OK)
        return self.assert_exit(self.box.run("run"), OK)

    def test_every_document_payment_and_mail_ends_as_the_readme_says(self):
        self.first_command()
        self.assertEqual({number: (item["status"], item["paid"], item["outstanding"])
                          for number, item in self.box.documents().items()}, DOCUMENTS)
        self.assertEqual({(item["amount"], item["variable_symbol"]):
                          (item["status"], item["rule"], item["unallocated"])
                          for item in self.box.payments()}, PAYMENTS)
        states = sorted(item["state"] for item in self.box.messages())
        self.assertEqual(states, ["ignored"] + ["posted"] * 11 + ["unrecognised"] * 2)

    def test_the_folder_is_emptied_and_every_mail_is_archived_byte_for_byte(self):
        mails = sorted(path.read_bytes() for path in self.box.eml.iterdir())
        self.first_command()
        self.assertEqual(self.box.mails_left(), [])
        self.assertEqual(sorted(path.read_bytes() for path in self.box.archived()), mails)

    def test_a_second_run_changes_nothing(self):
        self.first_command()
        before = self.box.ledger_rows()
        self.assert_exit(self.box.run("run"), OK)
        after = self.box.ledger_rows()
        self.assertEqual({name for name in before if before[name] != after[name]}, set())

    def test_the_same_mails_once_more_are_removed_and_post_nothing(self):
        self.first_command()
        documents, payments = self.box.documents(), len(self.box.payments())
        for path in sorted((SOURCE / "samples/eml").iterdir()):
            self.box.mail("znovu " + path.name, path.read_bytes())
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.documents(), documents)
        self.assertEqual(len(self.box.payments()), payments)
        self.assertEqual(self.box.mails_left(), [])

    def test_importing_the_documents_again_keeps_what_is_paid(self):
        self.first_command()
        documents = self.box.documents()
        self.assert_exit(self.box.run("documents", "import", "documents.csv"), OK)
        self.assertEqual(self.box.documents(), documents)


if __name__ == "__main__":
    unittest.main()
