"""review: a person at a terminal, a person's answers in a pipe, and what the ledger has afterwards."""

import os
import pty
import select
import signal
import subprocess
import termios
import time
import unittest

from box import OK, USAGE, BoxTest, environment
from notices import fio


class Terminal:
    """paymentctl under a real terminal of its own."""

    def __init__(self, box, *arguments):
        self.mine, theirs = pty.openpty()
        self.mode = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.process = subprocess.Popen(box.command(*arguments), cwd=box.folder, stdin=theirs,
                                        stdout=theirs, stderr=theirs, env=environment(),
                                        start_new_session=True)
        self.seen = ""

    def expect(self, text, seconds=30):
        """Reads until `text` came; what came up to it goes away."""
        deadline = time.time() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.mine], [], [], max(0, deadline - time.time()))
            if not ready:
                raise AssertionError(f"{text!r} did not come, but {self.seen!r}")
            self.seen += os.read(self.mine, 4096).decode("utf-8", "replace")
        before, self.seen = self.seen.split(text, 1)
        return before

    def type(self, keys):
        os.write(self.mine, keys.encode())

    def is_restored(self):
        return termios.tcgetattr(self.theirs) == self.mode

    def end(self):
        code = self.process.wait(30)
        restored = self.is_restored()
        os.close(self.mine)
        os.close(self.theirs)
        return code, restored


class Review(BoxTest):
    def setUp(self):
        super().setUp()
        # 101 is wrong by a digit, 5 nobody knows, and two partners have the symbol 77
        self.box.import_documents(
            "issued_invoice,101,300.00,101,Vzorná s.r.o.",
            "issued_invoice,A1,500.00,77,Alfa s.r.o.", "issued_invoice,B1,500.00,77,Beta s.r.o.",
            "issued_invoice,C1,900.00,900,Gama s.r.o.")
        self.box.mail("a.eml", fio(50000, "77", message_id="a"))
        self.box.mail("b.eml", fio(1200, "5", message_id="b"))
        self.box.mail("c.eml", fio(40000, "6", message_id="c"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual([p["status"] for p in self.box.payments()],
                         ["ambiguous", "unmatched", "unmatched"])

    def statuses(self):
        return [payment["status"] for payment in self.box.payments()]

    def test_answers_in_a_pipe_are_decisions(self):
        done = self.box.run("review", "--who", "Jana", stdin="2\ni bank fee\nd C1=400\n")
        self.assert_exit(done, OK)
        self.assertIn("[1] issued_invoice A1, Alfa s.r.o.", done.stdout)
        self.assertIn("same VS; owes exactly this", done.stdout)
        self.assertIn("3 decided; 0 payments wait", done.stdout)
        self.assertEqual(self.statuses(), ["paid", "ignored", "partially_paid"])
        documents = self.box.documents()
        self.assertEqual([documents[n]["paid"] for n in ("A1", "B1", "C1")],
                         ["0.00", "500.00", "400.00"])
        shown = self.box.listed("payments", "show", "2")
        self.assertEqual([(e["who"], e["what"], e["why"]) for e in shown["journal"]],
                         [("Jana", "ignored", "bank fee")])

    def test_skip_undo_help_and_what_cannot_be_done(self):
        done = self.box.run("review", stdin="9\nx\n?\n\ns\ni\ni fee\nu\nu\ns\nd nothing\n"
                                            "d C1=900\nq\n")
        self.assert_exit(done, OK)
        for text in ("no document with that number", "no such answer", "skip: it keeps waiting",
                     "say why", "payment 2 waits again", "nothing was decided yet",
                     "not done: there is no document nothing", "only 400.00 CZK of payment 3",
                     "0 decided; 3 payments wait"):
            self.assertIn(text, done.stdout)
        self.assertEqual(self.statuses(), ["ambiguous", "unmatched", "unmatched"])

    def test_the_last_decision_can_be_undone(self):
        done = self.box.run("review", stdin="2\ni fee\nd C1=400\n1\nu\ns\nu\n")
        self.assert_exit(done, OK)
        self.assertIn("there is no payment left for that", done.stdout)
        self.assertIn("1 decided; 2 payments wait", done.stdout)
        self.assertEqual(self.statuses(), ["paid", "unmatched", "unmatched"])

    def test_undo_gives_the_document_back(self):
        before = self.box.listed("documents", "list")
        self.assert_exit(self.box.run("review", stdin="1\nu\nq\n"), OK)
        self.assertEqual(self.box.listed("documents", "list"), before)
        self.assertEqual(self.box.run("ledger", "check").returncode, OK)

    def test_without_terminal_and_answers_it_says_what_to_do(self):
        done = self.assert_exit(self.box.run("review"), USAGE)
        self.assertIn("terminal", done.stderr)

    def test_with_nothing_to_decide_it_ends(self):
        self.assert_exit(self.box.run("review", stdin="1\ni x\ni y\n"), OK)
        done = self.assert_exit(self.box.run("review"), OK)
        self.assertIn("0 payments wait", done.stdout)

    def test_one_key_a_decision_on_a_terminal(self):
        terminal = Terminal(self.box, "review", "-c", "box.xml")
        self.assertIn("payment 1: 500.00 CZK", terminal.expect("[?]"))
        terminal.type("\x1b[3~")  # Delete is no "3"
        terminal.type("1")
        terminal.expect("payment 1 settles A1")
        terminal.expect("[?]")
        terminal.type("i")
        terminal.expect("why: ")
        self.assertTrue(terminal.is_restored())
        terminal.type("bank fee\n")
        terminal.expect("payment 2 is ignored")
        terminal.expect("[?]")
        terminal.type("u")
        terminal.expect("payment 2 waits again")
        terminal.expect("[?]")
        terminal.type("q")
        terminal.expect("1 decided; 2 payments wait")
        self.assertEqual(terminal.end(), (OK, True))
        self.assertEqual(self.statuses(), ["paid", "unmatched", "unmatched"])

    def test_control_c_quits_and_keeps_what_was_decided(self):
        terminal = Terminal(self.box, "review", "-c", "box.xml")
        terminal.expect("[?]")
        terminal.type("1")
        terminal.expect("payment 2")
        terminal.expect("[?]")
        time.sleep(0.2)  # until it waits for a key
        terminal.type("\x03")
        terminal.expect("1 decided")
        self.assertEqual(terminal.end(), (OK, True))
        self.assertEqual(self.statuses(), ["paid", "unmatched", "unmatched"])

    def test_a_request_to_end_restores_the_terminal(self):
        for which in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(which):
                terminal = Terminal(self.box, "review", "-c", "box.xml")
                terminal.expect("[?]")
                deadline = time.time() + 10
                while terminal.is_restored() and time.time() < deadline:
                    time.sleep(0.01)
                terminal.process.send_signal(which)
                self.assertEqual(terminal.end(), (-which, True))
        self.assertEqual(self.statuses(), ["ambiguous", "unmatched", "unmatched"])


if __name__ == "__main__":
    unittest.main()
