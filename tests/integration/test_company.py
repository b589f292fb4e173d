"""A company's months with the mistakes people make: nothing wrong is settled, what can be is."""

import pathlib
import sys
import unittest

from box import SOURCE, BoxTest, repetitions

sys.path.insert(0, str(pathlib.Path(SOURCE) / "tests/bench/company"))

from measure import BAD, Course, table  # noqa: E402  (beside the benchmarks)

LEAST = 0.99


class Company(BoxTest):
    def live_through(self, seed):
        course = Course(self.scratch / f"company{seed}", seed, payments=960, days_a_step=10)
        course.run()
        verdicts, from_nowhere = course.verdicts()
        report = table(verdicts)
        self.assertEqual(from_nowhere, 0, report)
        bad = [verdict.text() for verdict in verdicts if verdict.name in BAD]
        self.assertEqual(bad, [], report)
        could = [verdict for verdict in verdicts if verdict.payment.clear]
        settled = sum(verdict.name == "settled" for verdict in could)
        self.assertGreater(len(could), 700, report)
        self.assertGreaterEqual(settled, LEAST * len(could), report)
        course.check_ledger()

    def test_no_payment_settles_what_it_was_not_meant_for(self):
        for seed in range(1, 1 + repetitions(3, 3, 1)):
            with self.subTest(seed=seed):
                self.live_through(seed)


if __name__ == "__main__":
    unittest.main()
