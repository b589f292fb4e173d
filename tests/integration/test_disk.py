"""A disk that is full or read-only: nothing lost, a clear error, and the next run completes.

Root ignores permissions, so these are small file systems of their own. Without root the file runs
itself again in a user namespace, where it may mount them.
"""

import os
import subprocess
import sys
import unittest

import notices
from box import CANNOT_CREATE, IO, OK, BoxTest


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


class SmallDisk(BoxTest):
    def disk(self, name, options):
        folder = self.scratch / name
        folder.mkdir(parents=True)
        mount("-t", "tmpfs", "-o", options, "tmpfs", str(folder))
        self.addCleanup(subprocess.run, ["umount", "-l", str(folder)], check=True)
        return folder

    def mails(self, box, count):
        mails = list(notices.many(count, seed=5))
        box.import_documents(*[f"issued_invoice,{symbol},{hellers / 100:.2f}"
                               for _, symbol, hellers in mails])
        for index, (mail, _, _) in enumerate(mails):
            box.mail(f"{index:04d}.eml", mail)
        return mails

    def refused(self, box):
        done = box.run("run")
        self.assertIn(done.returncode, (CANNOT_CREATE, IO), (done.stdout, done.stderr))
        self.assertIn("paymentctl: ", done.stderr)
        return done

    def assert_completed(self, box, mails):
        self.assert_exit(box.run("run"), OK)
        self.assertEqual(box.mails_left(), [])
        self.assertEqual(sorted(path.read_bytes() for path in box.archived()),
                         sorted(mail for mail, _, _ in mails))
        self.assertEqual(sorted(item["variable_symbol"] for item in box.payments()),
                         sorted(symbol for _, symbol, _ in mails))
        self.assertEqual({item["status"] for item in box.documents().values()}, {"paid"})

    def test_a_read_only_archive_leaves_every_mail_in_emldir(self):
        archive = self.disk("archive", "size=16m")
        box = self.new_box("box", archiveDir=str(archive))
        mails = self.mails(box, 5)
        mount("-o", "remount,ro", str(archive))
        done = self.refused(box)
        self.assertIn("archive", done.stderr)
        self.assertEqual(len(box.mails_left()), 5)
        self.assertEqual(box.messages(), [])
        mount("-o", "remount,rw", str(archive))
        self.assert_exit(box.run("run"), OK)
        self.assertEqual(sorted(path.read_bytes() for path in archive.glob("*/*.eml")),
                         sorted(mail for mail, _, _ in mails))
        self.assertEqual(box.mails_left(), [])

    def test_a_full_archive_disk_loses_nothing(self):
        archive = self.disk("archive", "size=256k")
        box = self.new_box("box", archiveDir=str(archive))
        mails = self.mails(box, 200)
        self.refused(box)
        kept = {path.read_bytes() for path in archive.glob("*/*.eml")}
        kept |= {path.read_bytes() for path in box.eml.iterdir()}
        self.assertEqual([mail for mail, _, _ in mails if mail not in kept], [])
        mount("-o", "remount,size=16m", str(archive))
        self.assert_exit(box.run("run"), OK)
        self.assertEqual(box.mails_left(), [])
        self.assertEqual(sorted(path.read_bytes() for path in archive.glob("*/*.eml")),
                         sorted(mail for mail, _, _ in mails))
        self.assertEqual({item["status"] for item in box.documents().values()}, {"paid"})

    def test_a_full_disk_under_ledger_and_archive_loses_nothing(self):
        disk = self.disk("disk", "size=64m")
        box = self.new_box("disk/box")
        mails = self.mails(box, 300)
        used = int(subprocess.run(["df", "--output=used", "-B1024", str(disk)], check=True,
                                  capture_output=True, text=True).stdout.split()[1])
        for spare in (16, 64, 256, 600, 900, 1200):
            with self.subTest(spare_kilobytes=spare):
                mount("-o", f"remount,size={used + spare}k", str(disk))
                done = box.run("run")
                self.assertIn(done.returncode, (OK, CANNOT_CREATE, IO), done.stderr)
                self.assert_nothing_lost(box, [mail for mail, _, _ in mails])
        mount("-o", "remount,size=64m", str(disk))
        self.assert_completed(box, mails)


if __name__ == "__main__":
    if os.geteuid() != 0:
        os.execvp("unshare", ["unshare", "--user", "--map-root-user", "--mount",
                              sys.executable, *sys.argv])
    unittest.main()
