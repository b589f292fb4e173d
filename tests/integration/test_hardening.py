"""What users get is built as SECURITY.md says: looked up in the binary itself."""

import subprocess
import unittest

from box import BINARY


def readelf(*options):
    return subprocess.run(["readelf", *options, "--wide", BINARY], check=True, capture_output=True,
                          text=True).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dynamic = readelf("--dynamic")
        cls.segments = readelf("--segments")
        cls.imports = {line.split()[7].split("@")[0] for line in
                       readelf("--dyn-syms").splitlines() if " UND " in line and len(line.split()) > 7}

    def test_it_can_be_loaded_anywhere(self):
        self.assertIn("DYN (Position-Independent Executable file)", readelf("--file-header"))
        self.assertIn("PIE", self.dynamic)
        self.assertNotIn("TEXTREL", self.dynamic)

    def test_addresses_of_functions_are_settled_at_the_start_and_then_closed(self):
        self.assertIn("GNU_RELRO", self.segments)
        self.assertTrue(any("FLAGS_1)" in line and " NOW" in line
                            for line in self.dynamic.splitlines()))

    def test_no_memory_can_be_written_and_run(self):
        (stack,) = [line for line in self.segments.splitlines() if "GNU_STACK" in line]
        self.assertIn(" RW ", stack)
        for line in self.segments.splitlines():
            if line.strip().startswith("LOAD"):
                self.assertNotIn("RWE", line)

    def test_libraries_come_from_the_system_only(self):
        self.assertNotIn("RPATH", self.dynamic)
        self.assertNotIn("RUNPATH", self.dynamic)

    def test_stack_calls_and_containers_are_guarded(self):
        self.assertIn("__stack_chk_fail", self.imports)
        fortified = {name for name in self.imports if name.startswith("__") and name.endswith("_chk")}
        self.assertTrue(fortified)
        self.assertTrue(any("__glibcxx_assert_fail" in name for name in self.imports))


if __name__ == "__main__":
    unittest.main()
