"""A service over many runs on a real mailbox: memory and open files stay flat, an empty poll costs
little. 300 runs with `scripts/test --all`, fewer otherwise; the numbers are printed."""

import os
import pathlib
import re
import subprocess
import time
import unittest

from box import OK, SANITIZED, THOROUGH
from mailbox_box import MailboxTest
from notices import many

RUNS = 300 if THOROUGH else 12
MAILS = 10
SETTLED = 10  # so many runs until everything has been allocated once
IDLE_POLLS = 5
TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """What the system says about a process."""

    def __init__(self, pid):
        self.place = pathlib.Path(f"/proc/{pid}")

    def memory(self):
        """Resident between two runs, in KiB: the lowest of the next two seconds."""
        seen = []
        for _ in range(40):
            time.sleep(0.05)
            seen.append(int((self.place / "status").read_text().split("VmRSS:")[1].split()[0]))
        return min(seen)

    def files(self):
        return len(list((self.place / "fd").iterdir()))

    def processor(self):
        """Seconds, its own and the system's for it."""
        fields = (self.place / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class Soak(MailboxTest):
    def start(self):
        running = self.box.start("run", "-c", "box.xml", "--every", "1s", stderr=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, text=True)
        self.addCleanup(running.stderr.close)
        self.addCleanup(running.wait)
        self.addCleanup(running.kill)
        return running

    def next_run(self, running):
        """How many mails the next run in the log has fetched."""
        while True:
            line = running.stderr.readline()
            self.assertTrue(line, "it ended by itself")
            if found := re.search(r": (\d+) mails? fetched", line):
                return int(found[1])

    def test_memory_and_open_files_stay_flat_over_many_runs(self):
        mails = [mail for mail, _, _ in many(RUNS * MAILS)]
        running = self.start()
        process = Process(running.pid)
        seen = []
        for number in range(RUNS):
            self.deliver(mails[number * MAILS:(number + 1) * MAILS])
            taken = 0
            while taken < MAILS:  # a run may come in the middle of a delivery
                taken += self.next_run(running)
            if number + 1 in (SETTLED, RUNS):
                seen.append((process.memory(), process.files()))
        running.terminate()
        self.assertEqual(running.wait(timeout=20), OK)
        self.assert_exactly_once(mails)
        (memory, files), (last_memory, last_files) = seen
        print(f"\n{RUNS} runs of {MAILS} mails: {memory / 1024:.1f} MB after run {SETTLED}, "
              f"{last_memory / 1024:.1f} MB at the end; {last_files} files open", flush=True)
        self.assertLessEqual(last_files, files)
        if not SANITIZED:  # they keep what was freed
            self.assertLess(last_memory, memory * 1.05)

    def test_an_idle_service_and_an_empty_poll_cost_little(self):
        running = self.start()
        process = Process(running.pid)
        for _ in range(2):
            self.next_run(running)
        before = process.processor()
        for _ in range(IDLE_POLLS):
            self.assertEqual(self.next_run(running), 0)
        cost = (process.processor() - before) / IDLE_POLLS
        memory = process.memory()
        running.terminate()
        self.assertEqual(running.wait(timeout=20), OK)
        single = self.box.start("run", "-c", "box.xml", "--quiet")
        _, status, used = os.wait4(single.pid, 0)
        single.returncode = os.waitstatus_to_exitcode(status)
        alone = used.ru_utime + used.ru_stime
        print(f"\nidle service {memory / 1024:.1f} MB; an empty poll {cost * 1000:.0f} ms of "
              f"processor time, in a process of its own {alone * 1000:.0f} ms", flush=True)
        if not SANITIZED:
            self.assertLess(memory, 20 * 1024)


if __name__ == "__main__":
    unittest.main()
