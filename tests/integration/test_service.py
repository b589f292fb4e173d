"""install-service and its kin: what is written for every system, and installed into an empty tree."""

import os
import plistlib
import re
import shlex
import shutil
import signal
import stat
import subprocess
import time
import unittest
import xml.etree.ElementTree as ET

from box import BINARY, CANNOT_CREATE, CONFIG, OK, USAGE, BoxTest, environment
from notices import fio

ATTENTION, PERMISSION = 1, 77
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


class Service(BoxTest):
    def setUp(self):
        super().setUp()
        self.root = self.scratch / "root"
        self.units = self.root / "etc/systemd/system"

    def printed(self, kind, *arguments, box="box.xml"):
        done = self.box.call("install-service", "-c", box, "--print", kind, *arguments)
        return self.assert_exit(done, OK).stdout

    def install(self, *arguments, code=OK):
        return self.assert_exit(
            self.box.run("install-service", "--root", self.root, *arguments), code)

    def assert_verified(self, *files):
        """systemd finds no fault, and says nothing at all: a misspelt key is only said."""
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        # The machine's own units, which it loads too, are none of our concern.
        ours = [line for line in done.stdout.splitlines()
                if any(os.path.basename(file).split(".")[0] in line for file in files)]
        self.assertEqual((done.returncode, ours), (0, []), done.stdout)

    def keys(self, unit):
        return [line.split("=", 1) for line in unit.splitlines() if re.match(r"[A-Z]\w+=", line)]

    def test_units_are_verified_by_systemd_without_a_word(self):
        for arguments in ((), ("--timer",), ("--every", "15m"), ("--user", "root"),
                          ("--timer", "--every", "1h", "--user", "daemon")):
            with self.subTest(arguments=arguments):
                folder = self.scratch / "units"
                folder.mkdir(exist_ok=True)
                text = self.printed("systemd", "--name", "pay-test", *arguments)
                parts = re.split(r"^# /etc/systemd/system/(\S+)$", text, flags=re.MULTILINE)
                files = dict(zip(parts[1::2], parts[2::2])) or {"pay-test.service": text}
                for name, content in files.items():
                    (folder / name).write_text(content)
                self.assertEqual(len(files), 2 if "--timer" in arguments else 1)
                self.assert_verified(*[str(folder / name) for name in files])

    def test_the_check_of_units_sees_a_misspelt_key(self):
        unit = self.scratch / "pay-test.service"
        unit.write_text(self.printed("systemd").replace("PrivateTmp=", "PrivatTmp="))
        with self.assertRaises(AssertionError):
            self.assert_verified(str(unit))

    def test_the_unit_may_write_where_box_xml_says_and_runs_as_its_owner(self):
        box = self.new_box("place with blanks", ledger="books/own.db", archiveDir="kept/mails")
        (box.folder / "books").mkdir()
        (box.folder / "kept/mails").mkdir(parents=True)
        os.chown(box.folder / "box.xml", 65534, 65534)
        unit = self.printed("systemd", box=box.folder / "box.xml")
        keys = self.keys(unit)
        self.assertEqual({value.strip('"') for key, value in keys if key == "ReadWritePaths"},
                         {str(box.folder / "kept/mails"), str(box.folder / "books"),
                          str(box.folder / "eml")})
        self.assertIn(["User", "nobody"], keys)
        self.assertIn(["PrivateTmp", "no"], keys)  # the test's folders lie in /tmp

    def test_what_lies_below_var_lib_needs_no_user(self):
        self.scratch.chmod(0o755)
        settings = self.scratch / "open.xml"
        settings.write_text('<configuration><appSettings><add key="archiveDir" value="/var/lib/pay/'
                            'archive"/><add key="ledger" value="/var/lib/pay/p.db"/><add '
                            'key="pop3Url" value="mail.test"/><add key="pop3Name" value="a"/><add '
                            'key="pop3Password" value="file:/etc/pay/word"/></appSettings>'
                            "</configuration>")
        settings.chmod(0o644)
        keys = self.keys(self.printed("systemd", "--name", "pay", box=settings))
        for pair in (["DynamicUser", "yes"], ["StateDirectory", "pay"],
                     ["LoadCredential", "pop3Password:/etc/pay/word"]):
            self.assertIn(pair, keys)
        self.assertNotIn("User", dict(keys))
        settings.chmod(0o600)
        self.assertNotIn("DynamicUser", dict(self.keys(self.printed("systemd", "--name", "pay",
                                                                    box=settings))))

    def test_the_command_of_the_unit_posts_a_mail_and_stops_when_asked(self):
        self.box.mail("a.eml", fio(10000, "1"))
        self.install("--every", "1s")
        keys = dict(self.keys((self.units / "paymentctl.service").read_text()))
        running = subprocess.Popen(shlex.split(keys["ExecStart"]), cwd="/", env={"PATH": "/usr/bin"},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(running.stderr.close)
        self.addCleanup(running.kill)
        while self.box.mails_left():
            time.sleep(0.05)
        running.send_signal(signal.SIGTERM)
        self.assertEqual(running.wait(timeout=20), OK)
        self.assertEqual(len(self.box.payments()), 1)

    def test_installed_twice_nothing_changes_and_uninstalled_nothing_is_left(self):
        self.install()
        unit = self.units / "paymentctl.service"
        before = unit.stat()
        self.assertEqual(stat.S_IMODE(before.st_mode), 0o644)
        self.assertTrue((self.units / "multi-user.target.wants/paymentctl.service").is_symlink())
        self.assertIn("is there already", self.install().stderr)
        self.assertEqual(unit.stat().st_ino, before.st_ino)
        status = self.box.call("service-status", "--root", self.root, "--format", "json")
        self.assertEqual(status.returncode, ATTENTION)
        self.assertIn('"installed": true', status.stdout)
        self.assertIn('"enabled": true', status.stdout)
        self.install("--timer")
        self.assertTrue((self.units / "timers.target.wants/paymentctl.timer").is_symlink())
        self.assertIn("Type=oneshot", unit.read_text())
        self.install()
        self.assertFalse((self.units / "paymentctl.timer").exists())
        for _ in range(2):
            done = self.box.call("uninstall-service", "--root", self.root)
            self.assert_exit(done, OK)
        self.assertIn("there is no service", done.stderr)
        self.assertEqual([path for path in self.units.rglob("*") if not path.is_dir()], [])
        status = self.box.call("service-status", "--root", self.root, "--format", "json")
        self.assertIn('"installed": false', status.stdout)

    def test_a_unit_that_is_somebody_elses_is_never_touched(self):
        self.units.mkdir(parents=True)
        unit = self.units / "paymentctl.service"
        unit.write_text("[Service]\nExecStart=/bin/true\n")
        self.install(code=CANNOT_CREATE)
        done = self.box.call("uninstall-service", "--root", self.root)
        self.assert_exit(done, CANNOT_CREATE)
        self.assertEqual(unit.read_text(), "[Service]\nExecStart=/bin/true\n")

    def test_a_box_that_doctor_finds_broken_is_refused_and_nothing_is_written(self):
        self.box.write_settings(emlDir="gone")
        done = self.install(code=CONFIG)
        self.assertIn("gone", done.stderr)
        self.assertIn("nothing was installed", done.stderr)
        self.assertFalse(self.root.exists())

    def test_a_user_who_may_not_read_the_settings_is_refused(self):
        (self.box.folder / "box.xml").chmod(0o600)
        done = self.install("--user", "nobody", code=CONFIG)
        self.assertIn("nobody may not read", done.stderr)
        self.assertIn("there is no user karel-who", self.install("--user", "karel-who",
                                                                 code=CONFIG).stderr)

    def test_a_secret_of_the_environment_is_refused(self):
        self.box.write_settings(pop3Url="localhost:1", pop3Name="a", pop3Password="env:WORD")
        self.assertIn("env:WORD", self.install(code=CONFIG).stderr)

    def test_without_rights_it_says_what_to_do(self):
        self.root.mkdir()
        self.root.chmod(0o555)
        options = {}
        if os.getuid() == 0:
            self.scratch.chmod(0o755)
            for path in [self.box.folder, *self.box.folder.rglob("*")]:
                os.chown(path, 65534, 65534)
            options = {"user": 65534, "group": 65534, "extra_groups": []}
        program = shutil.copy(BINARY, self.scratch)  # the build may lie where nobody may look
        done = subprocess.run([program, "install-service", "-c", "box.xml", "--root", self.root],
                              cwd=self.box.folder, env=environment(), capture_output=True,
                              text=True, **options)
        self.assert_exit(done, PERMISSION)
        for words in ("as root", "--user", "--print"):
            self.assertIn(words, done.stderr)

    def test_a_dry_run_tells_and_does_nothing(self):
        done = self.install("--dry-run", "--timer")
        self.assertIn("paymentctl.timer would be written", done.stderr)
        self.assertIn("would be done: systemctl", done.stderr)
        self.assertFalse(self.root.exists())

    def test_the_plist_is_one_and_says_what_to_run(self):
        text = self.printed("launchd", "--name", "platby", "--every", "10m")
        job = plistlib.loads(text.encode())
        self.assertEqual(job["Label"], "cz.paymentctl.platby")
        self.assertEqual(job["ProgramArguments"][1:],
                         ["run", "--config", str(self.box.folder / "box.xml"), "--every=600s"])
        self.assertTrue(job["RunAtLoad"])
        self.assertEqual(job["KeepAlive"], {"SuccessfulExit": False})
        self.assertEqual(job["Umask"], 0o077)

    def test_the_task_is_xml_of_the_task_scheduler(self):
        task = ET.fromstring(self.printed("task", "--every", "15m").encode())
        self.assertEqual(task.tag, TASK + "Task")
        self.assertEqual(task.findtext(f".//{TASK}Interval"), "PT900S")
        self.assertIn("box.xml", task.findtext(f".//{TASK}Arguments"))
        self.assertEqual([child.tag.removeprefix(TASK) for child in task],
                         ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"])

    def test_the_line_for_cron_runs_in_a_shell(self):
        line = self.printed("cron", "--every", "5m").splitlines()[-1]
        self.assertTrue(line.startswith("*/5 * * * * "), line)
        self.box.mail("a.eml", fio(10000, "1"))
        command = line.split(" ", 6)[6]
        subprocess.run(["/bin/sh", "-c", command], check=True, cwd="/")
        self.assertEqual(self.box.mails_left(), [])

    def test_wrong_usage(self):
        for wrong in (("--name", "a b"), ("--name", "../x"), ("--every", "soon"),
                      ("--print", "upstart"), ("--timer", "--print", "cron"),
                      ("--every", "7m", "--print", "cron")):
            with self.subTest(arguments=wrong):
                self.assert_exit(self.box.run("install-service", *wrong), USAGE)


if __name__ == "__main__":
    unittest.main()
