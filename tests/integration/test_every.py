"""`run --every`: again and again, several boxes, and an end on request that loses nothing."""

import json
import random
import signal
import socket
import subprocess
import time
import unittest

from box import CONFIG, OK, TEMPORARY, USAGE, BoxTest, ndjson, repetitions
from mailbox_box import UNAVAILABLE, MailboxTest
from notices import fio, many

from fault_proxy import FaultProxy
from servers import SmtpServer

SEED = 20261123
LONGEST_FAREWELL = 10


class Service:
    """`paymentctl run --every` in the background; its log is read as it comes."""

    def __init__(self, test, box, *arguments):
        self.running = box.start("run", *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 text=True)
        self.log = []
        test.addCleanup(self.kill)

    def wait_for(self, words, times=1):
        """Until the log has said it so often."""
        while sum(words in line for line in self.log) < times:
            line = self.running.stderr.readline()
            if not line:
                raise AssertionError(f"it ended without {words!r}: {''.join(self.log)}")
            self.log.append(line)

    def stop(self, how=signal.SIGTERM):
        """Its exit code, the seconds it took and what it printed."""
        begun = time.monotonic()
        self.running.send_signal(how)
        output, errors = self.running.communicate(timeout=60)
        self.log += errors.splitlines(keepends=True)
        return self.running.returncode, time.monotonic() - begun, output

    def kill(self):
        if self.running.poll() is None:
            self.running.kill()
        self.running.communicate()


class Every(BoxTest):
    def test_mails_that_come_later_are_posted_by_a_later_run_until_ctrl_c(self):
        self.box.import_documents("issued_invoice,1,100.00,1", "issued_invoice,2,100.00,2")
        self.box.mail("a.eml", fio(10000, "1"))
        service = Service(self, self.box, "-c", "box.xml", "--every", "1s")
        service.wait_for("box: 1 mail fetched, 1 payment posted, 1 matched, 0 waiting, 0 failed, ")
        self.box.mail("b.eml", fio(10000, "2"))
        service.wait_for("box: 1 mail fetched, 1 payment posted", times=2)
        code, seconds, output = service.stop(signal.SIGINT)
        self.assertEqual((code, service.log[-1]), (OK, "paymentctl: stopped on request\n"))
        self.assertLess(seconds, LONGEST_FAREWELL)
        self.assertEqual([line["status"] for line in ndjson(output)], ["paid", "paid"])
        self.assertEqual(self.box.mails_left(), [])

    def test_a_change_of_the_settings_counts_from_the_next_run_on(self):
        service = Service(self, self.box, "-c", "box.xml", "--every", "1s")
        service.wait_for("box: 0 mails fetched")
        self.box.write("box.xml", "<configuration>")
        service.wait_for("box.xml")
        self.box.write_settings(box="renamed")
        service.wait_for("renamed: 0 mails fetched")
        self.assertEqual(service.stop()[0], OK)

    def test_a_box_that_fails_does_not_stop_the_others_of_its_folder(self):
        folder = self.scratch / "boxes"
        good = [self.new_box(f"good{number}") for number in range(3)]
        for number, box in enumerate(good):
            box.mail("a.eml", fio(10000, "1"))
            text = (box.folder / "box.xml").read_text()
            for name in ("emlDir", "archiveDir", "ledger"):
                text = text.replace(f'key="{name}" value="', f'key="{name}" value="{box.folder}/')
            text = text.replace("</appSettings>", f'<add key="ledger" value="{box.ledger()}"/>'
                                f'<add key="archiveDir" value="{box.folder}/archive"/></appSettings>')
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.xml").write_text(text)
        (folder / "00.xml").write_text('<configuration><appSettings><add key="emlDirr" value="x"/>'
                                       "</appSettings></configuration>")
        (folder / "11.xml").write_text('<configuration><appSettings><add key="emlDir" value="gone"/>'
                                       "</appSettings></configuration>")
        for jobs in ("1", "3"):
            done = self.assert_exit(
                self.box.call("run", "--config-dir", folder, "--jobs", jobs), CONFIG)
            self.assertIn("did you mean emlDir?", done.stderr)
            self.assertIn("gone", done.stderr)
            for number in range(3):
                self.assertIn(f"{number}: ", done.stderr)
        for box in good:
            self.assertEqual(box.mails_left(), [])
            self.assertEqual(len(box.payments()), 1)

    def test_a_dead_mail_server_is_not_waited_for_once_a_box(self):
        dead = socket.create_server(("127.0.0.1", 0))  # takes connections and never says a word
        self.addCleanup(dead.close)
        folder = self.scratch / "boxes"
        folder.mkdir()
        for number in range(6):
            box = self.new_box(f"dead{number}", serverTimeout="1", pop3Tls="off", pop3Name="x",
                               pop3Url=f"127.0.0.1:{dead.getsockname()[1]}", pop3Password="x",
                               emlDir=str(self.scratch / f"dead{number}/eml"),
                               ledger=str(self.scratch / "paymentctl.db"))
            box.mail("a.eml", fio(10000, str(number)))
            (box.folder / "box.xml").rename(folder / f"{number}.xml")
        done = self.assert_exit(self.box.call("run", "--config-dir", folder), UNAVAILABLE)
        self.assertEqual(done.stderr.count("does not answer in time"), 2, done.stderr)
        self.assertEqual(done.stderr.count("has failed 2 times in a row and is left alone; it is "
                                           "tried again in "), 4, done.stderr)
        self.assertEqual(done.stderr.count(": 1 mail fetched, 1 payment posted"), 6, done.stderr)

    def test_two_files_that_are_one_box_are_refused(self):
        text = (self.box.folder / "box.xml").read_text()
        self.box.write("same.xml", text.replace("</appSettings>",
                                                '<add key="box" value="box"/></appSettings>'))
        done = self.box.run("run", "-c", "same.xml")
        self.assertIn("both the box", self.assert_exit(done, CONFIG).stderr)

    def test_what_every_cannot_be_is_said(self):
        for wrong in ("10", "m", "0m", "10d", "-1m", "1.5h", "999h"):
            with self.subTest(every=wrong):
                done = self.assert_exit(self.box.run("run", f"--every={wrong}"), USAGE)
                self.assertIn("90s, 10m, 1h", done.stderr)
        self.assert_exit(self.box.run("run", "--every", "1m", "--format", "json"), USAGE)
        self.assert_exit(self.box.run("run", "--every", "1m", "--dry-run"), USAGE)
        self.assert_exit(self.box.run("run", "--jobs", "0"), USAGE)

    def test_a_log_of_json_has_the_numbers_of_a_run_as_members(self):
        self.box.mail("a.eml", fio(10000, "1"))
        done = self.assert_exit(self.box.run("run", "--log-format", "json"), OK)
        (line,) = [line for line in ndjson(done.stderr) if "fetched" in line]
        self.assertEqual({name: line[name] for name in
                          ("box", "fetched", "posted", "matched", "waiting", "failed")},
                         {"box": "box", "fetched": 1, "posted": 1, "matched": 0, "waiting": 1,
                          "failed": 0})
        self.assertGreater(line["seconds"], 0)
        self.assertEqual(line["level"], "info")


class EveryMailbox(MailboxTest):
    def start(self, *arguments):
        return Service(self, self.box, "-c", "box.xml", "--every", "1s", *arguments)

    @staticmethod
    def wait_for_connection(line):
        """By then a request to end is heard."""
        while not line.connections:
            time.sleep(0.02)
        time.sleep(0.1)

    def assert_all_posted(self, mails):
        self.assert_exactly_once(mails)
        self.assertEqual(len(self.box.payments()), len(mails))

    def finish(self):
        """What a stop left for the next run; the server may still hold the mailbox."""
        for _ in range(100):
            done = self.box.run("run")
            if done.returncode == OK:
                return
            time.sleep(0.05)
        self.assert_exit(done, OK)

    def test_asked_to_end_in_the_middle_it_keeps_what_it_has_and_says_quit(self):
        mails = [mail for mail, _, _ in many(300)]
        self.deliver(mails)
        with FaultProxy(self.dovecot.port, piece=2000, pause=0.02, record=True) as line:
            self.box.write_settings(pop3Url=f"localhost:{line.port}", pop3Tls="off")
            service = self.start()
            while not any(len(each.received) > 20000 for each in line.connections):
                time.sleep(0.02)
            code, seconds, _ = service.stop()
            self.assertEqual(code, OK, service.log)
            self.assertLess(seconds, LONGEST_FAREWELL)
            self.assertIn("stopped on request", "".join(service.log))
        kept = len(self.box.archived())
        self.assertGreater(kept, 0)
        self.assertEqual(self.dovecot.left(self.user), 300 - kept)
        self.box.write_settings(pop3Url=f"localhost:{self.dovecot.tls_port}", pop3Tls=None)
        self.finish()
        self.assert_all_posted(mails)

    def test_a_server_that_is_silent_does_not_hold_up_the_end(self):
        self.deliver([fio(10000, "1")])
        for faults in ({"stall_at": 0}, {"stall_before": "CAPA"}, {"stall_before": "RETR"}):
            with self.subTest(**faults), FaultProxy(self.dovecot.port, **faults) as line:
                self.box.write_settings(pop3Url=f"localhost:{line.port}", pop3Tls="off")
                service = self.start()
                self.wait_for_connection(line)
                code, seconds, _ = service.stop()
                self.assertEqual(code, OK, service.log)
                self.assertLess(seconds, LONGEST_FAREWELL)
        self.box.write_settings(pop3Url=f"localhost:{self.dovecot.tls_port}", pop3Tls=None)
        self.finish()
        self.assert_all_posted([fio(10000, "1")])

    def test_a_mail_server_that_is_silent_does_not_hold_up_the_end(self):
        way_out = SmtpServer(self.scratch / "smtp", certificate=self.certificate)
        self.addCleanup(way_out.end)
        self.box.import_documents("issued_invoice,1,100.00,1")
        self.deliver([fio(10000, "1")])
        with FaultProxy(way_out.port, stall_at=0) as line:
            self.box.write_settings(smtpServer=f"localhost:{line.port}", smtpTls="off")
            service = self.start()
            while not self.box.ledger().exists() or not self.box.payments():
                time.sleep(0.05)
            code, seconds, _ = service.stop()
            self.assertEqual(code, OK, service.log)
            self.assertLess(seconds, LONGEST_FAREWELL)

    def test_a_single_run_that_is_stopped_ends_with_75(self):
        with FaultProxy(self.dovecot.port, stall_at=0) as line:
            self.box.write_settings(pop3Url=f"localhost:{line.port}", pop3Tls="off")
            service = Service(self, self.box, "-c", "box.xml", "--log-format", "json")
            self.wait_for_connection(line)
            code, seconds, _ = service.stop(signal.SIGINT)
            self.assertEqual(code, TEMPORARY, service.log)
            self.assertLess(seconds, LONGEST_FAREWELL)
            lines = ndjson("".join(service.log))
            self.assertEqual([line["level"] for line in lines], ["warning", "warning", "info"])
            self.assertIn("stopped on request before localhost", lines[0]["message"])
            status = self.assert_exit(self.box.run("status", "--format", "json"), OK)
            status = json.loads(status.stdout)
            self.assertEqual(status["last_run"]["outcome"], "stopped")
            self.assertIn("stopped on request", status["warnings"][0])

    def test_killed_at_any_moment_and_started_again_every_mail_ends_exactly_once(self):
        rng = random.Random(SEED)
        mails = []
        for number in range(repetitions(50, 500, 25)):
            more = [mail for mail, _, _ in many(5, seed=number + 1)]
            mails += more
            self.deliver(more)
            service = self.start()
            time.sleep(rng.uniform(0, 0.15))
            service.kill()
        self.finish()
        self.assert_all_posted(mails)


if __name__ == "__main__":
    unittest.main()
