"""The stages one by one through pipes leave what `run` leaves; a broken chain loses nothing."""

import json
import subprocess
import unittest

import notices
from box import DATA, OK, SANITIZED, SERVER, SOURCE, THOROUGH, BoxTest, environment, ndjson

# A bank of our own whose mails tell of several payments: what a chain can be broken between.
SEVERAL = "tests/integration/formats/several.xml"


def several(*payments):
    """A mail of that bank with one block a payment: (hellers, symbol)."""
    blocks = "\n".join(f"Pohyb: přijatá platba\nČástka: {notices.amount(hellers)} CZK\n"
                       f"Datum: 12.08.2026\nVS: {symbol}\n" for hellers, symbol in payments)
    return notices.mail(f"Výpis pohybů na účtu 2052601819/2010\n\n{blocks}", "Pohyby",
                        sender="info@banka.test")


class Chain(BoxTest):
    DOCUMENTS = ("issued_invoice,1001,100.00", "issued_invoice,1002,200.00,,Firma a syn",
                 "issued_invoice,1003,300.00", "received_invoice,FP-7,50.00,77,Dodavatel",
                 "issued_invoice,1005,400.00,,Bez symbolu,2059083014/2010")

    def fill(self, box):
        box.import_documents(*self.DOCUMENTS)
        box.mail("1.eml", notices.fio(10000, "1001"))
        box.mail("2.eml", notices.fio(15000, "1002"))
        box.mail("3.eml", notices.csas(40000, "1003"))
        box.mail("4.eml", notices.csas(5000, "77", outgoing=True))
        box.mail("5.eml", notices.csas(40000, ""))
        box.mail("6.eml", notices.fio(9900, "4417", outgoing=True, account="platba kartou"))
        box.mail("7.eml", notices.mail("Zustatek na ucte 2052601819: 1234,56\n",
                                       "Fio banka - zustatek konta"))
        box.mail("8.eml", b"no header at all")
        box.mail("9.eml", several((10000, "5001"), (20000, "5002"), (30000, "5003")))
        return box

    def boxed(self, name):
        box = self.new_box(name, formatsDir="formats")
        box.write("formats/several.xml", (SOURCE / SEVERAL).read_bytes())
        return self.fill(box)

    def chain(self, box):
        """The pipe of the README, each stage a process of its own."""
        stages = (("fetch",), ("parse", "-"), ("match",), ("post",))
        running, source = [], subprocess.DEVNULL
        for stage in stages:
            process = subprocess.Popen(box.command(*stage, "-c", "box.xml"), cwd=box.folder,
                                       env=environment(), stdin=source, stdout=subprocess.PIPE)
            if running:
                source.close()
            source = process.stdout
            running.append(process)
        output = source.read().decode()
        source.close()
        codes = [process.wait() for process in running]
        self.assertEqual([codes[0], codes[2], codes[3]], [OK, OK, OK])
        self.assertIn(codes[1], (OK, DATA))
        return output

    def stage(self, box, name, text):
        arguments = (name, "-") if name == "parse" else (name,)
        done = box.run(*arguments, stdin=text)
        self.assertIn(done.returncode, (OK, DATA) if name == "parse" else (OK,), done.stderr)
        return done.stdout

    def expected(self):
        box = self.boxed("by run")
        self.assert_exit(box.run("run"), OK)
        return box.ledger_rows()

    def assert_same(self, rows, expected):
        for table in sorted(set(rows) | set(expected)):
            self.assertEqual(rows.get(table), expected.get(table), f"table {table}")

    def test_the_chain_leaves_the_same_ledger_as_run_row_by_row(self):
        box = self.boxed("by chain")
        output = ndjson(self.chain(box))
        self.assert_same(box.ledger_rows(), self.expected())
        self.assertEqual(box.mails_left(), [])
        posted = [line for line in output if line["type"] == "match"]
        self.assertTrue(all(isinstance(line["payment_id"], int) for line in posted))
        paid = [line for line in posted if line["status"] == "paid"]
        self.assertTrue(paid)
        self.assertTrue(all(part["document_status"] == "paid"
                            for line in paid for part in line["allocations"]))

    def test_a_chain_that_ends_after_any_stage_is_completed_by_the_next(self):
        expected = self.expected()
        for kept in range(4):
            for by_run in (False, True):
                with self.subTest(stages=kept, completed_by="run" if by_run else "chain"):
                    box = self.boxed(f"{kept} {by_run}")
                    text = ""
                    for stage in ("fetch", "parse", "match")[:kept]:
                        text = self.stage(box, stage, text)
                    if by_run:
                        self.assert_exit(box.run("run"), OK)
                    else:
                        self.chain(box)
                    self.assert_same(box.ledger_rows(), expected)

    def test_parse_killed_at_any_line_posts_no_part_of_a_mail_and_the_next_chain_completes_it(self):
        expected = self.expected()
        box = self.boxed("whole")
        lines = self.stage(box, "parse", self.stage(box, "fetch", "")).splitlines(keepends=True)
        self.assertEqual(len(lines), 11)
        # Neither a server nor sanitizers make a difference here, but they take their time.
        for kept in range(0, len(lines), 4 if (SERVER or SANITIZED) and not THOROUGH else 1):
            with self.subTest(lines=kept):
                box = self.boxed(f"cut {kept}")
                parsed = self.stage(box, "parse", self.stage(box, "fetch", ""))
                cut = "".join(parsed.splitlines(keepends=True)[:kept])
                whole = {}
                for line in ndjson(cut):
                    source = line["source"]
                    whole[source["sha256"]] = whole.get(source["sha256"], source.get("count") or 1) - 1
                done = box.run("post", stdin=self.stage(box, "match", cut))
                broken = any(whole.values())
                self.assertEqual(done.returncode, DATA if broken else OK, done.stderr)
                states = {item["sha256"]: item["state"] for item in box.messages()}
                for sha256, state in states.items():
                    done = whole.get(sha256) == 0
                    self.assertEqual(state != "fetched", done, (kept, sha256, state))
                self.chain(box)
                self.assert_same(box.ledger_rows(), expected)

    def test_a_line_cut_in_the_middle_is_refused_and_nothing_is_lost(self):
        box = self.boxed("torn")
        parsed = self.stage(box, "parse", self.stage(box, "fetch", ""))
        done = box.run("match", stdin=parsed[:len(parsed) // 2].rstrip("\n")[:-3])
        self.assert_exit(done, DATA)
        self.chain(box)
        self.assert_same(box.ledger_rows(), self.expected())

    def test_the_same_lines_posted_twice_change_nothing(self):
        box = self.boxed("twice")
        matched = self.stage(box, "match", self.stage(box, "parse", self.stage(box, "fetch", "")))
        self.stage(box, "post", matched)
        before = box.ledger_rows()
        self.stage(box, "post", matched)
        self.assertEqual(box.ledger_rows(), before)

    def test_match_writes_nothing(self):
        box = self.boxed("matched")
        parsed = self.stage(box, "parse", self.stage(box, "fetch", ""))
        before = box.ledger_rows()
        self.stage(box, "match", parsed)
        self.assertEqual(box.ledger_rows(), before)

    def test_lines_judged_under_another_policy_are_refused(self):
        box = self.boxed("policy")
        fetched = self.stage(box, "fetch", "")
        paths = [line["path"] for line in ndjson(fetched)]
        without_settings = box.call("parse", *paths, folder=self.scratch).stdout
        before = box.ledger_rows()
        done = box.run("post", stdin=self.stage(box, "match", without_settings))
        self.assert_exit(done, DATA)
        self.assertIn("settings", done.stderr)
        # Said of the first line, and at the end how many there were.
        self.assertEqual(done.stderr.count("judged under other settings"), 2)
        self.assertEqual(box.ledger_rows(), before)

        parsed = self.stage(box, "parse", fetched)
        box.write_settings(ownAccounts="2052601819/2010")
        done = box.run("post", stdin=self.stage(box, "match", parsed))
        self.assert_exit(done, DATA)
        self.assertEqual(box.ledger_rows(), before)
        self.chain(box)
        self.assertNotIn("fetched", {item["state"] for item in box.messages()})

    def test_unknown_members_and_foreign_lines_pass_through(self):
        box = self.boxed("members")
        parsed = ndjson(self.stage(box, "parse", self.stage(box, "fetch", "")))
        for line in parsed:
            line["note_of_mine"] = {"deep": ["1.10"]}
        foreign = {"type": "weather", "sky": "jasno", "degrees": "21.50"}
        text = "".join(json.dumps(line) + "\n" for line in [foreign, *parsed])
        matched = ndjson(self.stage(box, "match", text))
        self.assertIn(foreign, matched)
        notes = [line.get("note_of_mine") or line.get("payment", {}).get("note_of_mine")
                 for line in matched if line["type"] != "weather"]
        self.assertEqual(notes, [{"deep": ["1.10"]}] * len(parsed))


if __name__ == "__main__":
    unittest.main()
