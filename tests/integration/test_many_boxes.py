"""Many boxes with mailboxes on a real Dovecot and one ledger on PostgreSQL: several machines share
them, are stopped, killed and come back, and every mail ends exactly once where it belongs."""

import random
import shutil
import signal
import subprocess
import sys
import time
import unittest

import box as boxes
import notices
from box import OK, SOURCE, TEMPORARY, Box, psql, repetitions
from mailbox_box import MailboxTest

sys.path.insert(0, str(SOURCE / "tests/servers"))
from servers import PostgreSql  # noqa: E402

BOXES, MAILS = 12, 5
KILLS = repetitions(10, 100, 5)


class Machine:
    """Its own box files, and one archive for all of them; mailboxes and ledger are everybody's."""

    def __init__(self, test, name):
        self.test, self.folder = test, test.scratch / name / "boxes"
        self.folder.mkdir(parents=True)
        for number in range(BOXES):
            made = Box(test.scratch / name, emlDir=None, ledger=test.ledger, pop3Password="test",
                       company=f"company{number}", pop3Name=test.users_of_boxes[number],
                       pop3Url=f"localhost:{test.dovecot.tls_port}",
                       pop3CaFile=str(test.authority.file), requireAuthentication="off",
                       archiveDir=str(test.scratch / name / "archive"))
            shutil.move(made.folder / "box.xml", self.folder / f"box{number}.xml")
        self.box = made

    def command(self, *more):
        return ("run", "--config-dir", str(self.folder), "--jobs", "4", "--format", "ndjson", *more)

    def start(self, *more):
        with open(self.test.scratch / "errors", "ab") as errors:
            running = self.box.start(*self.command(*more), stdout=subprocess.DEVNULL, stderr=errors)
        self.test.addCleanup(running.wait)
        self.test.addCleanup(running.kill)
        return running


class ManyBoxes(MailboxTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = PostgreSql(settings=(*PostgreSql.HASTY, "log_connections=on"))
        cls.addClassCleanup(cls.server.end)
        before, boxes.SERVER = boxes.SERVER, cls.server.url()
        cls.addClassCleanup(setattr, boxes, "SERVER", before)

    def setUp(self):
        super().setUp()
        self.ledger = boxes.ledger_on_server()
        self.users_of_boxes = [f"{self.user}-{number}" for number in range(BOXES)]
        self.machines = [Machine(self, name) for name in ("first", "second")]
        self.delivered = 0
        first = self.machines[0]
        self.assert_exit(first.box.call("run", "-c", str(first.folder / "box0.xml")), OK)

    def sql(self, statement):
        return psql(self.ledger, statement)[0][1:]

    def deliver_to_all(self):
        """Every box gets mails about amounts that say whose they are."""
        for number, user in enumerate(self.users_of_boxes):
            self.dovecot.deliver(user, [
                notices.fio(1000 * (1 + number) + at, str(100 * self.delivered + at + 1),
                            message_id=f"{number}-{self.delivered}-{at}") for at in range(MAILS)])
        self.delivered += 1

    def wait_until_posted(self):
        deadline = time.monotonic() + 120
        while self.sql("select count(*) from message where state = 'posted'") != [
                [str(self.delivered * BOXES * MAILS)]]:
            self.assertLess(time.monotonic(), deadline, (self.scratch / "errors").read_text())
            time.sleep(0.05)

    def assert_each_once_where_it_belongs(self):
        wanted = sorted([f"company{number}", f"box{number}", str(1000 * (1 + number) + at),
                         str(100 * time_ + at + 1)]
                        for number in range(BOXES) for at in range(MAILS)
                        for time_ in range(self.delivered))
        self.assertEqual(sorted(self.sql(
            "select company.name, box.name, amount, variable_symbol from payment join company on "
            "company.id = payment.company_id join box on box.id = payment.box_id")), wanted)
        for user in self.users_of_boxes:
            self.assertEqual(self.dovecot.left(user), 0)
        self.assertEqual(self.sql("select count(*) from message where state <> 'posted'"), [["0"]])

    def assert_given_back(self):
        self.assertEqual(self.sql("select count(*) from lease where ends_at > 0"), [["0"]])

    def test_two_machines_share_the_boxes_and_give_them_back_when_they_are_stopped(self):
        self.deliver_to_all()
        running = [machine.start("--every", "1s") for machine in self.machines]
        self.wait_until_posted()
        seen = set()
        deadline = time.monotonic() + 60
        while len(seen) < 2:  # whoever is free takes what is due
            self.assertLess(time.monotonic(), deadline, "one machine has done it all")
            seen |= {owner for (owner,) in self.sql("select owner from lease")}
        self.deliver_to_all()
        self.wait_until_posted()
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            self.assertEqual(process.wait(timeout=30), OK, (self.scratch / "errors").read_text())
        self.assert_given_back()
        self.assert_each_once_where_it_belongs()
        self.assertNotIn("works on this box just now", (self.scratch / "errors").read_text())

    def test_machines_are_killed_again_and_again_beside_one_that_lives(self):
        self.deliver_to_all()
        living = self.machines[0].start("--every", "1s")
        chance = random.Random(2)
        for number in range(KILLS):
            running = self.machines[1].start("--every", "1s")
            time.sleep(chance.uniform(0.05, 0.5))
            running.kill()
            running.wait()
            # As if the time of the dead one's leases were over. The living one's stay its own.
            self.sql("update lease set ends_at = 0 where owner not like "
                     f"'% process {living.pid} %'")
            if number % 5 == 4:
                self.deliver_to_all()
        self.wait_until_posted()
        living.send_signal(signal.SIGTERM)
        self.assertEqual(living.wait(timeout=30), OK)
        self.assert_given_back()
        self.assert_each_once_where_it_belongs()

    def test_a_box_is_polled_once_in_the_time_of_every_whoever_polls(self):
        first, second = self.machines
        running = first.start("--every", "1h")
        deadline = time.monotonic() + 60
        while self.sql("select count(*) from run") != [[str(BOXES)]]:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        late = second.start("--every", "1h")
        time.sleep(1)
        for process in (running, late):
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=30), OK, (self.scratch / "errors").read_text())
        self.assertEqual(self.sql("select count(*) from run"), [[str(BOXES)]])

    def test_one_dead_mail_server_holds_up_its_own_box_only(self):
        first = self.machines[0]
        Box(first.folder.parent, emlDir=None, ledger=self.ledger, company="dead", pop3Name="a",
            pop3Password="test", pop3Url="localhost:1", archiveDir=str(self.scratch / "dead"))
        shutil.move(first.folder.parent / "box.xml", first.folder / "a.xml")
        self.deliver_to_all()
        done = first.box.call(*first.command())
        self.assertEqual(done.returncode, 69, done.stderr)
        self.assert_each_once_where_it_belongs()

    def test_one_box_after_the_other_uses_the_same_connections(self):
        def connections():
            told = (self.server.folder / "log").read_text()
            return told.count("connection authorized: user=paymentctl database=paymentctl "
                              "application_name=paymentctl")

        self.deliver_to_all()
        before, first = connections(), self.machines[0]
        self.assert_exit(first.box.call(*first.command()), OK)
        self.assert_each_once_where_it_belongs()
        # Of four boxes at once each needs two, and tries one first.
        self.assertLessEqual(connections() - before, 12)

    def test_a_box_that_another_machine_has_is_left_to_it(self):
        self.deliver_to_all()
        first = self.machines[0]
        self.assert_exit(first.box.call(*first.command()), OK)
        self.sql("update lease set ends_at = 32503680000, owner = 'elsewhere' where box_id = "
                 "(select id from box where name = 'box0')")
        self.deliver_to_all()
        done = self.assert_exit(first.box.call(*first.command()), TEMPORARY)
        self.assertIn("box box0: elsewhere works on this box just now", done.stderr)
        self.assertEqual(self.dovecot.left(self.users_of_boxes[0]), MAILS)
        self.sql("update lease set ends_at = 0")
        self.assert_exit(first.box.call(*first.command()), OK)
        self.assert_each_once_where_it_belongs()


if __name__ == "__main__":
    unittest.main()
