"""What waits and for whom: status, ledger check, messages retry, and money before its invoice."""

import fcntl
import json
import stat
import unittest

import notices
from box import DATA, NO_INPUT, OK, TEMPORARY, USAGE, BoxTest, ndjson

ATTENTION = 1


class Status(BoxTest):
    def status(self, code):
        done = self.assert_exit(self.box.run("status", "--format", "json"), code)
        return json.loads(done.stdout)

    def test_a_box_without_trouble_is_0_and_a_missing_ledger_is_said(self):
        self.assert_exit(self.box.run("status"), NO_INPUT)
        self.box.import_documents("issued_invoice,1,100.00,1")
        before = self.status(OK)
        self.assertIsNone(before["last_run"])
        self.assertIsNone(before["oldest_waiting"])
        self.box.mail("a.eml", notices.fio(10000, "1"))
        self.assert_exit(self.box.run("run"), OK)
        after = self.status(OK)
        self.assertFalse(after["needs_a_person"])
        self.assertEqual(after["last_run"]["outcome"], "done")
        self.assertEqual(after["payments"], {"ambiguous": 0, "unmatched": 0})
        self.assertEqual(after["outbox"]["waiting"], 1)
        self.assertEqual(after["oldest_waiting"]["what"], "notification 1")

    def test_a_payment_without_an_invoice_needs_a_person_until_the_invoice_comes(self):
        self.box.mail("a.eml", notices.fio(10000, "77"))
        self.assert_exit(self.box.run("run"), OK)
        waiting = self.status(ATTENTION)
        self.assertEqual(waiting["payments"]["unmatched"], 1)
        self.assertEqual(waiting["oldest_waiting"]["what"], "payment 1")
        self.assertRegex(" ".join(waiting["attention"]), "1 payment is unmatched")
        self.box.write("later.csv", "kind,number,amount\nissued_invoice,77,100.00\n")
        done = self.assert_exit(self.box.run("documents", "import", "later.csv"), OK)
        settled = ndjson(done.stdout)[0]["settled"]
        self.assertEqual([line["status"] for line in settled], ["paid"])
        self.assertEqual(self.box.documents()["77"]["status"], "paid")
        self.assertFalse(self.status(OK)["needs_a_person"])

    def test_the_table_of_an_import_shows_what_it_settled(self):
        self.box.mail("a.eml", notices.fio(10000, "77"))
        self.assert_exit(self.box.run("run"), OK)
        self.box.write("later.csv", "kind,number,amount\nissued_invoice,77,100.00\n")
        done = self.box.run("documents", "import", "later.csv", "--format", "table")
        self.assertIn("Payments settled", done.stdout)
        self.assertRegex(done.stdout, "paid +77 +100.00 CZK")

    def test_an_unrecognised_mail_is_told_with_its_reason(self):
        self.box.import_documents("issued_invoice,1,100.00")
        self.box.mail("a.eml", notices.mail("Zcela nové znění oznámení.\n", "Fio banka - novinka"))
        self.assert_exit(self.box.run("run"), OK)
        status = self.status(ATTENTION)
        reason = self.box.messages()[0]["reason"]
        self.assertIn(f"mail 1 from automat@fio.cz is unrecognised: {reason}", status["attention"])
        self.assertIn("Fio", reason)
        table = self.assert_exit(self.box.run("status", "--format", "table"), ATTENTION)
        self.assertIn("unrecognised: 1", table.stdout)
        self.assertIn(reason, table.stdout)

    def test_a_run_that_failed_is_told(self):
        self.box.import_documents("issued_invoice,1,100.00")
        self.box.write_settings(emlDir="gone")
        self.assertNotEqual(self.box.run("run").returncode, OK)
        status = self.status(ATTENTION)
        self.assertEqual(status["last_run"]["outcome"], "failed")
        self.assertIn("the last run failed", status["attention"][0])
        self.assertIn("gone", status["attention"][0])

    def test_a_run_that_could_not_write_its_archive_or_met_another_process_is_told(self):
        self.box.import_documents("issued_invoice,1,100.00")
        self.box.write("file", "")
        self.box.write_settings(archiveDir="file/archive")
        code = self.box.run("run").returncode
        self.assertNotEqual(code, OK)
        last = self.status(ATTENTION)["last_run"]
        self.assertEqual(last["exit_code"], code)
        self.assertIn("file", last["error"])
        self.box.write_settings(archiveDir=None)
        self.assert_exit(self.box.run("run"), OK)
        self.status(OK)
        lock = self.box.folder / "POP3Downloads/.box.lock"
        with open(lock, "a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            self.assert_exit(self.box.run("run"), TEMPORARY)
        last = self.status(ATTENTION)["last_run"]
        self.assertEqual(last["exit_code"], TEMPORARY)
        self.assertIn(".box.lock", last["error"])

    def test_a_notification_that_nobody_takes_is_told(self):
        self.box.import_documents("issued_invoice,1,100.00,1")
        self.box.mail("a.eml", notices.fio(10000, "1"))
        self.assert_exit(self.box.run("run"), OK)
        self.box.sql("update outbox set written_at = written_at - 90000")
        self.assertIn("1 notification waits too long", self.status(ATTENTION)["attention"][0])

    def test_a_box_that_went_quiet_needs_a_person(self):
        self.box.import_documents("issued_invoice,1,100.00")
        self.assert_exit(self.box.run("run"), OK)
        self.status(OK)
        self.box.sql("update run set started = started - 1860, ended = ended - 1860")
        self.assertIn("no run has succeeded for 31 minutes", self.status(ATTENTION)["attention"][0])
        self.box.write_settings(pollMinutes="60")
        self.status(OK)

    def test_the_numbers_for_prometheus_are_replaced_in_one_step_and_readable_for_all(self):
        self.box.mail("a.eml", notices.fio(10000, "77"))
        self.assert_exit(self.box.run("run"), OK)
        file = self.box.folder / "paymentctl.prom"
        for _ in range(2):
            done = self.box.run("status", "--prometheus", file)
            self.assertEqual(done.returncode, ATTENTION)
        text = file.read_text()
        self.assertIn('paymentctl_payments{company="default",box="box",state="unmatched"} 1\n', text)
        self.assertRegex(text, r'paymentctl_last_success_timestamp_seconds\{.*\} 1[0-9]{9}\n')
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) paymentctl_\w+ .+|paymentctl_\w+\{.+\} -?\d+)$')
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o644)
        self.assertEqual([path.name for path in self.box.folder.glob(".*")], [])


class Retry(BoxTest):
    def test_the_next_run_judges_a_mail_again_and_the_journal_says_who_wanted_it(self):
        self.box.import_documents("issued_invoice,1,100.00,1")
        self.box.mail("a.eml", notices.mail("Přišlo: 100,00 CZK, symbol 1\n", "Oznámení"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.messages()[0]["state"], "unrecognised")
        done = self.assert_exit(
            self.box.run("messages", "retry", "--state", "failed,unrecognised", "--who", "Eva"), OK)
        self.assertEqual([line["state"] for line in ndjson(done.stdout)], ["fetched"])
        shown = json.loads(self.box.run("messages", "show", "1", "--format", "json").stdout)
        self.assertEqual(shown["journal"][0]["who"], "Eva")
        self.assertIn("Fio", shown["journal"][0]["why"])
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.box.messages()[0]["state"], "unrecognised")

    def test_a_posted_mail_is_never_judged_again_and_nothing_is_done_by_halves(self):
        self.box.import_documents("issued_invoice,1,100.00,1")
        self.box.mail("a.eml", notices.mail("Zcela nové znění.\n", "Novinka"))
        self.box.mail("b.eml", notices.fio(10000, "1"))
        self.assert_exit(self.box.run("run"), OK)
        ids = {line["state"]: line["id"] for line in self.box.messages()}
        done = self.assert_exit(
            self.box.run("messages", "retry", ids["unrecognised"], ids["posted"]), DATA)
        self.assertIn("its payments are in the ledger", done.stderr)
        self.assertEqual({line["state"] for line in self.box.messages()}, {"unrecognised", "posted"})

    def test_wrong_usage(self):
        self.box.import_documents("issued_invoice,1,100.00")
        self.assert_exit(self.box.run("messages", "retry"), USAGE)
        self.assert_exit(self.box.run("messages", "retry", "5", "--state", "failed"), USAGE)
        self.assert_exit(self.box.run("messages", "retry", "--state", "posted"), USAGE)
        self.assert_exit(self.box.run("messages", "retry", "99"), DATA)


class LedgerCheck(BoxTest):
    def test_a_broken_guarantee_is_named_and_1(self):
        self.box.import_documents("issued_invoice,130100024,100.00,1")
        done = self.assert_exit(self.box.run("ledger", "check", "--format", "table"), OK)
        self.assertEqual(done.stdout, "the ledger keeps all its guarantees\n")
        self.box.sql("update document set paid = 50, outstanding = 9950, status = 'partially_paid'")
        done = self.assert_exit(self.box.run("ledger", "check"), ATTENTION)
        self.assertEqual(ndjson(done.stdout),
                         [{"broken": "130100024 is not paid by the sum of its allocations"}])


if __name__ == "__main__":
    unittest.main()
