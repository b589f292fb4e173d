"""What a person decides: payments assign, unassign, ignore; documents cancel; partners."""

import getpass
import json
import unittest

import notices
from box import DATA, OK, USAGE, BoxTest

ACCOUNT = "131-1126906048/0100"


class ByHand(BoxTest):
    def setUp(self):
        super().setUp()
        self.box.import_documents("issued_invoice,A-1,100.00,501,Papírna s.r.o.",
                                  "issued_invoice,A-2,50.00,502,Papírna s.r.o.",
                                  "received_invoice,R-1,70.00,503,Dodavatel a.s.")
        self.box.mail("a.eml", notices.fio(12000, "999"))
        self.assert_exit(self.box.run("run"), OK)

    def decide(self, *words, code=OK):
        done = self.assert_exit(self.box.run(*words, "--format", "json"), code)
        self.assert_exit(self.box.run("ledger", "check"), OK)
        return json.loads(done.stdout) if code == OK else done.stderr

    def outbox(self):
        return self.box.ledger_rows()["outbox"]

    def test_assign_and_unassign_restore_the_ledger_but_for_its_history(self):
        before = self.box.documents()
        paid = self.decide("payments", "assign", "1", "A-1", "A-2=20,00", "--why", "telefonát",
                           "--who", "Eva")
        self.assertEqual((paid["status"], paid["unallocated"]), ("partially_paid", "0.00"))
        self.assertEqual(paid["journal"][0]["who"], "Eva")
        self.assertEqual(self.box.documents()["A-1"]["status"], "paid")
        self.assertEqual(self.box.documents()["A-2"]["outstanding"], "30.00")
        self.assertEqual(len(self.outbox()), 1)
        self.assertEqual(self.box.listed("partners", "list")[0]["account"], ACCOUNT)
        taken = self.decide("payments", "unassign", "1", "--why", "omyl")
        self.assertEqual((taken["status"], taken["unallocated"]), ("unmatched", "120.00"))
        self.assertEqual(taken["journal"][1]["who"], getpass.getuser())
        self.assertEqual(self.box.documents(), before)
        self.assertIn("withdrawn", self.outbox()[0])
        self.assertEqual(self.box.listed("partners", "list"), [])

    def test_what_a_person_took_off_a_run_does_not_put_back(self):
        self.box.mail("b.eml", notices.fio(10000, "501", account="2059083014/2010"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.documents()["A-1"]["status"], "paid")
        self.decide("payments", "unassign", "2", "A-1")
        self.box.import_documents("issued_invoice,A-9,1.00")
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.documents()["A-1"]["status"], "open")
        self.assertIn("a person took A-1 off", self.box.payments()[1]["why"])

    def test_what_cannot_be_done_is_said_and_changes_nothing(self):
        before = self.box.ledger_rows()
        for words, why in ((["1", "A-1=100.01"], "A-1 owes 100.00 CZK"),
                           (["1", "A-1=100.00", "A-2=20.01"], "only 20.00 CZK"),
                           (["1", "R-1"], "not settled by incoming payments"),
                           (["1", "B-7"], "there is no document B-7"),
                           (["9", "A-1"], "there is no payment 9")):
            self.assertIn(why, self.decide("payments", "assign", *words, code=DATA))
        self.assertIn("settles nothing", self.decide("payments", "unassign", "1", code=DATA))
        self.assertEqual(self.box.ledger_rows(), before)
        self.assert_exit(self.box.run("payments", "assign", "1"), USAGE)
        self.assert_exit(self.box.run("payments", "ignore", "1"), USAGE)

    def test_ignore_and_its_undoing(self):
        self.assertEqual(self.box.run("status").returncode, 1)
        ignored = self.decide("payments", "ignore", "1", "--why", "soukromé")
        self.assertEqual(ignored["status"], "ignored")
        self.assert_exit(self.box.run("status"), OK)
        self.assertEqual(self.decide("payments", "unassign", "1")["status"], "unmatched")

    def test_cancel(self):
        self.decide("payments", "assign", "1", "A-1")
        self.assertIn("is paid", self.decide("documents", "cancel", "A-1", code=DATA))
        cancelled = self.decide("documents", "cancel", "A-2", "--kind", "issued_invoice", "--why",
                                "dvakrát")
        self.assertEqual((cancelled["status"], cancelled["outstanding"]), ("cancelled", "0.00"))
        shown = self.decide("documents", "show", "A-2")
        self.assertEqual(shown["journal"][0]["why"], "dvakrát")

    def test_a_learned_account_can_be_forgotten(self):
        self.decide("payments", "assign", "1", "A-1")
        self.box.mail("b.eml", notices.fio(5000, ""))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.payments()[1]["rule"], "account-amount")
        self.assert_exit(self.box.run("partners", "forget", ACCOUNT, "--why", "cizí"), OK)
        self.assertEqual(self.box.listed("partners", "list"), [])
        self.assert_exit(self.box.run("partners", "forget", ACCOUNT), DATA)
        self.assert_exit(self.box.run("partners", "forget", "nonsense"), USAGE)

    def test_a_person_can_read_what_waits_and_why(self):
        self.box.mail("b.eml", notices.fio(30000, "501"))
        self.box.mail("c.eml", notices.fio(10000, "501"))
        self.assert_exit(self.box.run("run"), OK)
        table = self.box.run("payments", "list", "--status", "unmatched,ambiguous", "--format",
                             "table").stdout
        self.assertRegex(table.splitlines()[0], "Candidates +Why$")
        self.assertIn("VS 999 belongs to no document", table)
        self.decide("payments", "assign", "1", "A-2", "--why", "telefonát", "--who", "Eva")
        shown = self.box.run("payments", "show", "1", "--format", "table").stdout
        self.assertIn("payment 1: 120.00 CZK on ", shown)
        self.assertRegex(shown, r"settles +issued_invoice A-2: 50\.00 CZK, paid")
        self.assertRegex(shown, r"unallocated +70\.00 CZK")
        self.assertRegex(shown, r"journal .* Eva: assigned 50\.00 CZK to issued_invoice A-2 "
                                r"\(telefonát\)")
        third = self.box.run("payments", "show", "3", "--format", "table").stdout
        self.assertRegex(third, r"candidate +issued_invoice A-1, .*: owes 0\.00 of 100\.00 CZK")


if __name__ == "__main__":
    unittest.main()
