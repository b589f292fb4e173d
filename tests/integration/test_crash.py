"""kill -9 at any moment, then a run that is left alone: every mail exactly once."""

import random
import shutil
import subprocess
import time
import unittest

import notices
from box import OK, BoxTest, repetitions

MAILS = 400


class KilledRun(BoxTest):
    def fill(self, box, mails):
        box.import_documents(*[f"issued_invoice,{symbol},{hellers / 100:.2f}"
                               for _, symbol, hellers in mails])
        for index, (mail, _, _) in enumerate(mails):
            box.mail(f"{index:04d}.eml", mail)

    def assert_every_mail_exactly_once(self, box, mails):
        self.assertEqual(box.mails_left(), [])
        self.assertEqual(sorted(path.read_bytes() for path in box.archived()),
                         sorted(mail for mail, _, _ in mails))
        self.assertEqual(sorted(item["variable_symbol"] for item in box.payments()),
                         sorted(symbol for _, symbol, _ in mails))
        self.assertEqual({item["status"] for item in box.documents().values()}, {"paid"})
        self.assertEqual({item["state"] for item in box.messages()}, {"posted"})

    def test_a_run_killed_again_and_again_posts_every_mail_exactly_once(self):
        mails = list(notices.many(MAILS, seed=3))
        undisturbed = self.new_box("undisturbed")
        self.fill(undisturbed, mails)
        started = time.monotonic()
        self.assert_exit(undisturbed.run("run"), OK)
        whole = time.monotonic() - started
        expected = undisturbed.ledger_rows()

        rng = random.Random(20260812)
        for number in range(repetitions(3, 12, 1)):
            with self.subTest(box=number):
                box = self.new_box(f"killed {number}")
                self.fill(box, mails)
                for _ in range(8):
                    process = box.start("run", "-c", "box.xml", stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
                    try:
                        process.wait(rng.uniform(0.0, whole))
                    except subprocess.TimeoutExpired:
                        process.kill()
                        process.wait()
                    self.assert_nothing_lost(box, [mail for mail, _, _ in mails])
                self.assert_exit(box.run("run"), OK)
                self.assert_every_mail_exactly_once(box, mails)
                rows = box.ledger_rows()
                self.assertEqual({table for table in rows if rows[table] != expected[table]}, set())
                shutil.rmtree(box.folder)


if __name__ == "__main__":
    unittest.main()
