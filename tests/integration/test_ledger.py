"""The ledger as a whole: backup, move, the check of the archive, and what prune removes."""

import json
import os
import sqlite3
import stat
import unittest

import notices
from box import ATTENTION, CANNOT_CREATE, CONFIG, DATA, OK, USAGE, Box, BoxTest, ndjson

YEARS_AGO = "update message set fetched_at = fetched_at - 11 * 366 * 86400"


class Whole(BoxTest):
    def fill(self):
        self.box.import_documents("issued_invoice,1,100.00,1", "issued_invoice,2,200.00,2")
        self.box.mail("a.eml", notices.fio(10000, "1"))
        self.box.mail("b.eml", notices.fio(20000, "2", message_id="b"))
        self.box.mail("c.eml", notices.mail("Zcela nové znění.\n", "Novinka"))
        self.assert_exit(self.box.run("run"), OK)

    def other(self, ledger):
        """The same box with another ledger."""
        return Box(self.scratch / "other", ledger=str(ledger), box="box")

    def test_a_backup_is_the_ledger_and_for_its_owner_alone(self):
        self.fill()
        file = self.scratch / "backup.db"
        self.assert_exit(self.box.run("ledger", "backup", file), OK)
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        self.assertEqual(self.other(file).ledger_rows(), self.box.ledger_rows())
        self.assert_exit(self.box.run("ledger", "backup", file), CANNOT_CREATE)
        self.assertEqual([path.name for path in self.scratch.glob("backup*")], ["backup.db"])

    def test_a_ledger_moves_and_the_box_goes_on_there(self):
        self.fill()
        place = self.box.settings["ledger"] or str(self.box.ledger())
        there = self.scratch / "moved.db"
        done = self.assert_exit(self.box.call("ledger", "move", place, there), OK)
        rows = {line["table"]: line for line in ndjson(done.stdout)}
        self.assertEqual((rows["payment"]["rows"], rows["payment"]["sum"]), (2, "300.00"))
        again = ndjson(self.assert_exit(self.box.call("ledger", "move", place, there), OK).stdout)
        self.assertEqual(sum(line["copied"] for line in again), 0)
        self.box.write_settings(ledger=str(there))
        self.box.mail("d.eml", notices.fio(500, "7", message_id="d"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(len(self.box.payments()), 3)
        self.assert_exit(self.box.run("ledger", "check"), OK)
        self.assert_exit(self.box.call("ledger", "move", place, there), DATA)

    def test_a_ledger_of_no_bytes_beside_an_archive_is_told_and_not_begun_anew(self):
        if self.box.settings["ledger"]:
            return  # on a server there is no file
        self.fill()
        for file in self.box.folder.glob("paymentctl.db*"):
            file.unlink()
        self.box.ledger().touch()
        for command in (["run"], ["run", "--dry-run"], ["status"], ["fetch"],
                        ["documents", "list"]):
            done = self.assert_exit(self.box.run(*command), DATA)
            self.assertIn("restore it from a backup", done.stderr)
        self.assertIn("restore it from a backup",
                      self.assert_exit(self.box.run("doctor"), ATTENTION).stdout)
        self.assertEqual(self.box.ledger().stat().st_size, 0)
        self.box.ledger().unlink()
        done = self.assert_exit(self.box.run("run"), OK)
        self.assertIn("is begun anew", done.stderr)

    def test_boxes_that_make_one_ledger_at_once_beside_an_archive_all_have_it(self):
        if self.box.settings["ledger"]:
            return  # on a server there is no file
        self.box.write("archive/2026-08-24/kept.eml", notices.fio(100, "1"))
        names = ("a", "b", "c", "d")
        for name in names:
            folder = self.box.folder / name
            Box(folder, emlDir=str(folder / "eml"), archiveDir=str(self.box.folder / "archive"),
                ledger=str(self.box.folder / "one.db"))
            self.box.write(f"boxes/{name}.xml", (folder / "box.xml").read_bytes())
        done = self.assert_exit(self.box.call("run", "--config-dir", "boxes", "--jobs", "4"), OK)
        self.assertEqual(done.stderr.count(" mails fetched"), len(names))

    def test_a_ledger_of_no_bytes_is_not_moved(self):
        self.box.write("lost.db", "")
        done = self.assert_exit(self.box.call("ledger", "move", "lost.db", "new.db"), DATA)
        self.assertIn("lost.db is an empty file", done.stderr)
        self.assertFalse((self.box.folder / "new.db").exists())

    def test_a_url_that_cannot_be_read_is_refused_without_its_password(self):
        for url in ("postgresql://u:Kobyla%zz@127.0.0.1:1/db", "postgresql://u:Kobyla@[::1/db"):
            self.box.write_settings(ledger=url)
            for done in (self.box.call("ledger", "move", url, "new.db"), self.box.run("status")):
                self.assert_exit(done, CONFIG)
                self.assertIn("the URL cannot be read", done.stderr)
                self.assertNotIn("Kobyla", done.stderr)

    def test_the_check_reads_every_archived_mail(self):
        self.fill()
        self.assert_exit(self.box.run("ledger", "check"), OK)
        first, second, _ = self.box.archived()
        first.write_bytes(first.read_bytes() + b"x")
        second.unlink()
        broken = [line["broken"] for line in
                  ndjson(self.assert_exit(self.box.run("ledger", "check"), ATTENTION).stdout)]
        names = [f"{path.parent.name}/{path.name} (mail) is " for path in (first, second)]
        wanted = {names[0] + "no longer what was fetched"}
        # On a server the ledger itself has the mail.
        if not self.box.is_on_server():
            wanted.add(names[1] + "not in the archive")
        self.assertEqual(set(broken), wanted)

    def test_orphans_are_found(self):
        if self.box.is_on_server():
            return  # its server refuses them at all times
        self.fill()
        with sqlite3.connect(self.box.ledger()) as database:
            database.execute("delete from message where state = 'posted'")
            database.execute("delete from document where number = '1'")
        database.close()
        done = self.assert_exit(self.box.run("ledger", "check"), ATTENTION)
        self.assertIn("neither its mail nor its statement is there", done.stdout)
        self.assertIn("it settles a document that is not there", done.stdout)

    def test_prune_removes_old_mails_that_are_posted_and_nothing_else(self):
        self.fill()
        prune = ("archive", "prune", "--older-than", "10y", "--format", "json")
        done = self.assert_exit(self.box.run(*prune), OK)
        self.assertEqual(json.loads(done.stdout)["mails"], 0)
        self.box.sql(YEARS_AGO)
        self.box.mail("d.eml", notices.fio(500, "7", message_id="d"))
        self.assert_exit(self.box.run("run"), OK)
        before = self.box.ledger_rows()["payment"]
        done = self.assert_exit(self.box.run(*prune), OK)
        self.assertEqual(json.loads(done.stdout)["mails"], 2)
        left = b"".join(path.read_bytes() for path in self.box.archived())
        self.assertEqual(len(self.box.archived()), 2)
        self.assertIn("Novinka".encode(), left)
        self.assertEqual(self.box.ledger_rows()["payment"], before)
        self.assert_exit(self.box.run("ledger", "check"), OK)
        # A mail that comes again is known all the same.
        self.box.mail("again.eml", notices.fio(10000, "1"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(len(self.box.payments()), 3)
        self.assertEqual(json.loads(self.box.run(*prune).stdout)["mails"], 0)

    def test_an_age_that_is_none(self):
        self.fill()
        for age in ("10", "y", "5d", "-1y", "10w", ""):
            with self.subTest(age):
                self.assert_exit(self.box.run("archive", "prune", "--older-than", age), USAGE)


if __name__ == "__main__":
    unittest.main()
