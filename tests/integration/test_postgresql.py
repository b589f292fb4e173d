"""The tests of the ledger and the main ways through the program, with the ledger on PostgreSQL."""

import os
import pathlib
import subprocess
import sys
import unittest

from box import SOURCE

sys.path.insert(0, str(SOURCE / "tests/servers"))
from servers import PostgreSql  # noqa: E402

HERE = pathlib.Path(__file__).parent
# Where the unit tests were built; without it they are left to whoever runs this file by hand.
UNIT_TESTS = os.environ.get("PAYMENTCTL_UNIT_TESTS")


class TheSameTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = PostgreSql()
        cls.addClassCleanup(cls.server.end)

    def run_on_server(self, *command):
        done = subprocess.run(
            command, cwd=HERE, capture_output=True, text=True, check=False, timeout=600,
            env={**os.environ, "PAYMENTCTL_TEST_SERVER": self.server.url()})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_ledger(self):
        for name in ("unit_ledger", "unit_post", "unit_run"):
            with self.subTest(name):
                self.run_on_server(str(pathlib.Path(UNIT_TESTS) / name))

    def test_the_main_ways_through_the_program(self):
        for name in ("chain", "by_hand", "statements", "export", "status", "dry_run", "ledger"):
            with self.subTest(name):
                self.run_on_server(sys.executable, "-B", f"test_{name}.py")


if __name__ == "__main__":
    unittest.main()
