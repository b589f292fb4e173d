"""The frame of the command line and the commands that need no mail."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest

from box import (BINARY, CANNOT_CREATE, CONFIG, DATA, IO, NO_INPUT, OK, SOURCE, USAGE, BoxTest,
                 ndjson)
from notices import fio


def commands(call, *path):
    """Every command with subcommands resolved, as lists of words, read from --help."""
    text = call(*path, "--help").stdout
    if "\nSubcommands:" not in text:
        return [list(path)]
    names = [line.split()[0] for line in text.split("\nSubcommands:")[1].split("\n\n")[0].splitlines()
             if line.startswith("  ") and line[2] != " "]
    return [found for name in names for found in commands(call, *path, name)]


class Frame(BoxTest):
    def test_every_command_explains_itself_with_an_example(self):
        found = commands(self.box.call)
        self.assertIn(["documents", "import"], found)
        for words in found:
            done = self.assert_exit(self.box.call(*words, "--help"), OK)
            example = done.stdout.partition("Example:\n")[2]
            self.assertIn("paymentctl " + " ".join(words), example)
            for line in example.splitlines():
                self.assertRegex(line, r"^  \S", words)

    def test_an_option_takes_one_value_and_leaves_the_file_to_the_command(self):
        self.box.write("mail.eml", fio(484000, "26080117"))
        for words in (["-c", "box.xml", "mail.eml"], ["--own-account", "2052601819/2010", "mail.eml"]):
            done = self.assert_exit(self.box.call("parse", *words), OK)
            self.assertEqual(ndjson(done.stdout)[0]["variable_symbol"], "26080117")
        self.assert_exit(self.box.run("fetch"), OK)
        self.box.write("lines", done.stdout)
        self.assert_exit(self.box.call("match", "-c", "box.xml", "lines"), OK)

    def test_version_names_the_program_and_its_libraries(self):
        done = self.assert_exit(self.box.call("--version"), OK)
        self.assertRegex(done.stdout, r"^paymentctl \d+\.\d+\.\d+ \([\w -]+\)\n.*curl 7.*SQLite 3")

    def test_each_command_is_in_the_manual_and_completed_by_every_shell(self):
        names = {words[0] for words in commands(self.box.call)}
        self.assertGreater(len(names), 20)
        manual = (SOURCE / "packaging/paymentctl.1").read_text().replace("\\-", "-")
        scripts = {shell: self.assert_exit(self.box.call("completion", shell), OK).stdout
                   for shell in ("bash", "zsh", "fish", "powershell")}
        for command in names:
            self.assertRegex(manual, rf"[ ]{command}\b", command)
            for shell, script in scripts.items():
                self.assertRegex(script, rf"\b{command}\b", shell)

    def test_bash_completes_commands_below_commands_and_their_options(self):
        script = self.box.call("completion", "bash").stdout
        for typed, wanted in ((["documents", "l"], "list"), (["documents", "list", "--st"],
                              "--status"), (["run", "--ev"], "--every"), (["rev"], "review")):
            words = " ".join(shlex.quote(word) for word in ["paymentctl", *typed])
            done = subprocess.run(
                ["bash", "-c", f"{script}\nCOMP_WORDS=({words}); COMP_CWORD={len(typed)}; _paymentctl;"
                 ' printf "%s\\n" "${COMPREPLY[@]}"'], capture_output=True, text=True, check=True)
            self.assertEqual(done.stdout.split(), [wanted])

    def test_wrong_usage_is_64_with_one_line(self):
        for words in ([], ["nonsense"], ["documents"], ["documents", "list", "--nonsense"],
                      ["documents", "list", "--status", "lost"], ["payments", "show", "x"],
                      ["payments", "list", "--format", "xml"]):
            done = self.assert_exit(self.box.call(*words), USAGE)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_a_command_that_does_not_exist_is_named(self):
        for words, named, hint in ((["dokuments", "list"], "dokuments", "paymentctl --help"),
                                   (["documents", "lits"], "lits", "paymentctl documents --help")):
            done = self.assert_exit(self.box.call(*words), USAGE)
            self.assertEqual(done.stderr, f'paymentctl: there is no command "{named}"; see: {hint}\n')

    def test_without_a_box_the_error_says_what_to_do(self):
        (self.box.folder / "box.xml").unlink()
        done = self.assert_exit(self.box.call("documents", "list"), NO_INPUT)
        self.assertIn("paymentctl init", done.stderr)

    def test_a_wrong_box_is_78_and_names_line_key_and_value(self):
        self.box.write_settings(pollMinutes="never")
        done = self.assert_exit(self.box.run("documents", "list"), CONFIG)
        self.assertRegex(done.stderr, r'box\.xml: line \d+: pollMinutes is "never", wanted whole')
        self.box.write_settings(pollMinutes=None, pop3Pasword="topsecret")
        done = self.assert_exit(self.box.run("documents", "list"), CONFIG)
        self.assertIn("did you mean pop3Password?", done.stderr)
        self.assertNotIn("topsecret", done.stderr)

    def test_doctor_warns_of_a_tolerance_that_is_no_rounding(self):
        for tolerance, warned in (("10.00", False), ("10.01", True)):
            self.box.write_settings(amountTolerance=tolerance)
            done = self.box.run("doctor")
            self.assertEqual('"subject":"amountTolerance"' in done.stdout, warned, done.stdout)

    def test_a_full_output_is_an_error_and_a_reader_that_goes_away_is_quiet(self):
        self.box.import_documents("issued_invoice,1,10.00")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(self.box.command("documents", "list", "--format", "json"),
                                  cwd=self.box.folder, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, IO)
        self.assertIn(b"cannot write to standard output", done.stderr)
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(self.box.command("documents", "list"), cwd=self.box.folder,
                              stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        self.assertEqual((done.returncode, done.stderr), (IO, b""))

    def test_errors_in_json_are_one_object_a_line(self):
        self.box.import_documents("issued_invoice,1,10.00")
        done = self.box.run("payments", "show", "99", "--log-format", "json")
        self.assertEqual(done.returncode, DATA)
        self.assertEqual(ndjson(done.stderr)[0]["level"], "error")

    def test_the_log_file_has_what_standard_error_has(self):
        self.box.import_documents("issued_invoice,1,10.00")
        self.box.run("payments", "show", "99", "--log-file", "dění.log", "--quiet")
        self.assertIn("there is no payment 99", (self.box.folder / "dění.log").read_text())


class Documents(BoxTest):
    def import_sample(self):
        self.box.import_documents("issued_invoice,130100024,10890.00,,=HYPERLINK(1)",
                                  "received_invoice,F-5,-5.5,77,Žluťoučký\u202ekůň")

    def test_an_import_tells_what_it_did_and_the_list_has_every_member(self):
        self.import_sample()
        documents = self.box.documents()
        self.assertEqual(documents["130100024"]["variable_symbol"], "130100024")
        self.assertEqual(documents["130100024"]["outstanding"], "10890.00")
        self.assertEqual(set(documents["130100024"]),
                         {"kind", "number", "partner", "variable_symbol", "currency", "amount",
                          "paid", "outstanding", "issued_on", "due_on", "status"})
        again = self.box.run("documents", "import", "documents.csv")
        self.assertEqual(ndjson(again.stdout)[0]["unchanged"], 2)

    def test_formats(self):
        self.import_sample()
        listed = self.box.run("documents", "list")
        self.assertEqual([line["number"] for line in ndjson(listed.stdout)], ["130100024", "F-5"])
        table = self.box.run("documents", "list", "--format", "table").stdout
        self.assertIn("Outstanding", table)
        self.assertIn("Žluťoučký\\u202ekůň", table)
        self.assertNotIn("\u202e", table)
        sheet = self.box.run("documents", "list", "--format", "csv").stdout
        self.assertTrue(sheet.startswith("kind,number,partner_id,partner_name,"))
        self.assertIn(",'=HYPERLINK(1),", sheet)
        empty = self.box.run("documents", "list", "--status", "paid", "--format", "json")
        self.assertEqual(json.loads(empty.stdout), [])

    def test_a_bad_line_stops_the_whole_file(self):
        self.box.write("bad.csv", "kind,number,amount\nissued_invoice,1,5.00\nissued_invoice,2,x\n")
        done = self.assert_exit(self.box.run("documents", "import", "bad.csv"), DATA)
        self.assertIn("bad.csv", done.stderr)
        self.assertEqual(self.box.documents(), {})

    def test_what_is_not_there_is_said(self):
        self.import_sample()
        self.assert_exit(self.box.run("documents", "import", "none.csv"), NO_INPUT)
        self.assert_exit(self.box.run("documents", "show", "999"), DATA)
        self.assert_exit(self.box.run("messages", "show", "999"), DATA)
        shown = self.assert_exit(self.box.run("documents", "show", "F-5", "--format", "json"), OK)
        self.assertEqual(json.loads(shown.stdout)["amount"], "5.50")


class InitAndDoctor(BoxTest):
    def test_a_new_box_is_complete_and_never_overwritten(self):
        place = self.scratch / "nová firma"
        self.assert_exit(self.box.call("init", place), OK)
        self.assertTrue((place / "paymentctl.db").exists())
        self.assert_exit(self.box.call("documents", "list", "-c", place / "box.xml"), OK)
        before = (place / "box.xml").read_bytes()
        self.assert_exit(self.box.call("init", place), CANNOT_CREATE)
        self.assertEqual((place / "box.xml").read_bytes(), before)
        done = self.assert_exit(self.box.call("doctor", "-c", place / "box.xml"), OK)
        self.assertNotIn("problem", {line["verdict"] for line in ndjson(done.stdout)})
        table = self.box.call("doctor", "-c", place / "box.xml", "--format", "table").stdout
        self.assertNotIn("…", table)

    def doctor(self, **settings):
        self.box.write_settings(**settings)
        done = self.box.run("doctor", "--format", "json")
        return done.returncode, {item["subject"]: item for item in json.loads(done.stdout)}

    def test_a_missing_folder_needs_a_person(self):
        code, found = self.doctor(emlDir="nowhere")
        self.assertEqual(code, 1)
        self.assertEqual(found["emlDir"]["verdict"], "problem")

    def test_a_clear_secret_is_told(self):
        code, found = self.doctor(pop3Url="localhost:1", pop3Name="ps", pop3Password="topsecret")
        self.assertEqual(code, 1)
        self.assertIn("clear text", found["pop3Password"]["what"])
        self.assertIn("nobody answers", found["mailbox"]["what"])
        self.assertNotIn("topsecret", json.dumps(found))

    def test_a_wrong_box_is_a_finding_and_78(self):
        code, found = self.doctor(language="de")
        self.assertEqual(code, CONFIG)
        self.assertIn('language is "de"', found["settings"]["what"])

    def test_nothing_is_changed(self):
        before = sorted(pathlib.Path(self.box.folder).rglob("*"))
        self.box.run("doctor")
        self.assertEqual(sorted(pathlib.Path(self.box.folder).rglob("*")), before)


if __name__ == "__main__":
    assert pathlib.Path(BINARY).exists(), f"build the binary first: {BINARY}"
    unittest.main()
