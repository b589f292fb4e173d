"""The Debian package, made by cpack and installed by dpkg into an empty tree: everything is there, and
the quick start runs with it."""

import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["PAYMENTCTL_SOURCE"])
BUILD = pathlib.Path(os.environ["PAYMENTCTL_BUILD"])


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{words[0]}: exit {done.returncode}: {done.stdout}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="paymentctl-deb.")
        cls.addClassCleanup(scratch.cleanup)
        base = pathlib.Path(scratch.name)
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", "DEB", "-B", base / "made",
            cwd=base)
        (cls.package,) = (base / "made").glob("*.deb")
        cls.root = base / "root"
        state = cls.root / "var/lib/dpkg"
        for folder in ("updates", "info", "triggers"):
            (state / folder).mkdir(parents=True)
        (state / "status").touch()
        # What the package depends on lies outside of the tree; whether it is there is asked below.
        run("dpkg", f"--root={cls.root}", "--force-depends", "--force-not-root",
            f"--log={base / 'dpkg.log'}", "-i", cls.package)
        cls.binary = cls.root / "usr/bin/paymentctl"

    def test_what_it_depends_on_is_named_and_exists(self):
        depends = run("dpkg-deb", "-f", self.package, "Depends").strip()
        self.assertIn("libsoci", depends)
        self.assertIn("ca-certificates", depends)
        here = set()
        for line in run("dpkg-query", "-W", "-f=${db:Status-Abbrev} ${Package}, ${Provides}\n").split("\n"):
            if line.startswith("ii "):
                here.update(name.split()[0] for name in line[3:].split(", ") if name.strip())
        self.assertLessEqual({name.split()[0] for name in depends.split(", ")}, here)

    def test_program_manual_completions_unit_and_samples_are_there(self):
        share = self.root / "usr/share"
        self.assertRegex(run(self.binary, "--version"), r"^paymentctl \d")
        manual = gzip.decompress((share / "man/man1/paymentctl.1.gz").read_bytes()).decode()
        self.assertIn(".SH COMMANDS", manual)
        for name in ("bash-completion/completions/paymentctl", "zsh/vendor-completions/_paymentctl",
                     "fish/vendor_completions.d/paymentctl.fish", "doc/paymentctl/copyright",
                     "paymentctl/samples/box.xml"):
            self.assertGreater((share / name).stat().st_size, 0, name)
        unit = next(self.root.rglob("paymentctl@.service"))
        self.assertIn("/usr/bin/paymentctl run --config /etc/paymentctl/%i.xml", unit.read_text())
        self.assertNotIn(str(SOURCE), run("strings", "-n", "8", self.binary)
                         if shutil.which("strings") else "")

    def test_its_unit_is_verified_by_systemd_without_a_word(self):
        unit = next(self.root.rglob("paymentctl@.service"))
        copy = self.root / "paymentctl@fio.service"
        copy.write_text(unit.read_text().replace("/usr/bin/paymentctl", str(self.binary)))
        said = run("systemd-analyze", "verify", "--man=no", copy)
        self.assertEqual([line for line in said.splitlines() if "paymentctl" in line], [])

    def test_the_quick_start_runs_with_what_was_installed(self):
        installed = self.root / "usr/share/paymentctl"
        environment = {**os.environ, "PAYMENTCTL": str(self.binary),
                       "PAYMENTCTL_SOURCE": str(installed)}
        run(sys.executable, "-B", SOURCE / "tests/integration/test_samples.py", env=environment)


if __name__ == "__main__":
    unittest.main()
