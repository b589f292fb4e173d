"""A real Dovecot behind a line that breaks, waits or crumbles, and neighbours that fail: after each
fault a second, undisturbed fetch ends with every mail exactly once in archive and ledger and an
empty mailbox."""

import os
import random
import sqlite3
import subprocess
import time
import unittest

from box import CANNOT_CREATE, IO, OK, TEMPORARY, environment, repetitions
from mailbox_box import UNAVAILABLE, MailboxTest, small_mail

from fault_proxy import FaultProxy

SEED = 20260824


class MailboxFaults(MailboxTest):
    def spoilt(self, tls=None, **faults):
        """A fetch over a spoilt line, then one without the proxy; the first one's end."""
        self.use_new_mailbox()
        mails = [small_mail(n) for n in range(3)]
        self.deliver(mails)
        port = self.dovecot.tls_port if tls == "implicit" else self.dovecot.port
        with FaultProxy(port, **faults) as self.line:
            done = self.fetch(self.line.port, tls or "off", serverTimeout="1")
        self.fetch_undisturbed()
        self.assert_exactly_once(mails)
        return done

    def fetch_undisturbed(self):
        """Dovecot keeps the mailbox locked until it sees that the line is gone."""
        for _ in range(100):
            done = self.fetch()
            if done.returncode != TEMPORARY:
                break
            time.sleep(0.05)
        self.assert_exit(done, OK)

    def session(self, tls=None):
        """An undisturbed session as the proxy saw it."""
        self.assert_exit(self.spoilt(tls, record=True), OK)
        return self.line

    def test_a_line_cut_beside_the_end_of_each_reply(self):
        ends = self.session().reply_ends()
        # Greeting, two CAPA, AUTH, STAT, LIST, UIDL, and for three mails RETR and DELE, and QUIT.
        self.assertEqual(len(ends), 14)
        for end in ends:
            for cut in (end - 1, end, end + 1):
                with self.subTest(cut=cut):
                    done = self.spoilt(cut_at=cut)
                    self.assert_exit(done, OK if cut >= ends[-1] else UNAVAILABLE)

    def test_a_line_cut_at_commands(self):
        for faults in ({"cut_before": "QUIT"}, {"cut_reply": ("QUIT", 0)},
                       {"cut_reply": ("QUIT", 3)}, {"cut_before": "RETR 2"},
                       {"cut_reply": ("RETR 2", 100)}, {"cut_reply": ("DELE 2", 0)},
                       {"cut_before": "LIST"}, {"cut_reply": ("STAT", 0)}):
            for reset in (False, True):
                with self.subTest(reset=reset, **faults):
                    self.assert_exit(self.spoilt(reset=reset, **faults), UNAVAILABLE)

    def test_a_line_cut_after_so_many_bytes(self):
        for tls in ("off", "implicit"):
            length = len(self.session(tls).connections[0].received)
            cuts = min(length, repetitions(100, length, 25))
            for count in random.Random(SEED).sample(range(length), cuts):
                with self.subTest(tls=tls, bytes=count):
                    # The end of TLS itself may be missing.
                    done = self.spoilt(tls, cut_at=count)
                    self.assertIn(done.returncode, (UNAVAILABLE, OK), done.stderr)

    def test_a_line_that_is_only_slow(self):
        for faults in ({"delay": 0.05}, {"piece": 1}, {"piece": 7, "pause": 0.002},
                       {"delay": 0.01, "piece": 100}):
            with self.subTest(**faults):
                self.assert_exit(self.spoilt(**faults), OK)

    def test_a_line_that_falls_silent_is_left(self):
        ends = self.session().reply_ends()
        for faults in ({"stall_at": 0}, {"stall_at": ends[1]}, {"stall_at": ends[3] + 2},
                       {"stall_at": ends[7] + 50}, {"stall_before": "DELE 2"},
                       {"stall_before": "QUIT"}, {"stall_at": ends[-1] - 1}):
            with self.subTest(**faults):
                done = self.assert_exit(self.spoilt(**faults), UNAVAILABLE)
                self.assertRegex(done.stderr, "silent|does not answer in time")

    def fetch_on_small_disk(self, size):
        """A fetch whose archive lies on a file system of `size`; the archive is kept."""
        (self.box.folder / "POP3Downloads").mkdir(exist_ok=True)
        script = """
            mount -t tmpfs -o size=$0 tmpfs POP3Downloads || exit 1
            "$@"; code=$?
            cp -a POP3Downloads kept && umount POP3Downloads && cp -a kept/. POP3Downloads
            exit $code"""
        unshare = ["unshare", "--mount", "--propagation", "private"]
        if os.geteuid() != 0:
            unshare += ["--user", "--map-root-user"]
        return subprocess.run([*unshare, "sh", "-c", script, size,
                               *self.box.command("fetch", "-c", "box.xml")],
                              cwd=self.box.folder, env=environment(), capture_output=True,
                              text=True, timeout=300)

    def test_a_full_disk_under_the_archive(self):
        for size in ("4k", "64k", "200k"):
            with self.subTest(size=size):
                self.use_new_mailbox()
                mails = [small_mail(n, 3000) for n in range(60)]
                self.deliver(mails)
                done = self.fetch_on_small_disk(size)
                self.assertIn(done.returncode, (CANNOT_CREATE, IO), done.stderr)
                self.assertIn("No space left", done.stderr)
                self.assertEqual(self.dovecot.left(self.user), 60)
                self.fetch_undisturbed()
                self.assert_exactly_once(mails)

    def test_a_ledger_that_another_process_holds(self):
        mails = [small_mail(n) for n in range(10)]
        self.assert_exit(self.fetch(), OK)
        self.deliver(mails)
        other = sqlite3.connect(self.box.ledger(), isolation_level=None)
        other.execute("begin immediate")
        done = self.assert_exit(self.fetch(), TEMPORARY)
        self.assertIn("another process", done.stderr)
        self.assertEqual(self.dovecot.left(self.user), 10)
        other.execute("rollback")
        other.close()
        self.fetch_undisturbed()
        self.assert_exactly_once(mails)


if __name__ == "__main__":
    unittest.main()
