"""Bank formats as a user meets them: listed, shown, changed, checked, replaced."""

import json
import pathlib
import unittest

import notices
from box import BINARY, CONFIG, DATA, NO_INPUT, OK, SOURCE, USAGE, BoxTest, ndjson

PROMISED = {"0100", "0300", "0600", "0800", "2010", "2250", "2400", "2700", "3030", "5500", "6210"}

MINE = """<bank id="moje" name="Moje banka" code="2070">
  <sender domain="mojebanka.test"/>
  <format id="moje-avizo" direction="incoming">
    <line>Castka: {amount} {currency}</line>
    <line>VS: {variable_symbol?}</line>
  </format>
</bank>
"""


class Formats(BoxTest):
    def formats(self, *arguments):
        done = self.assert_exit(
            self.box.call("formats", "list", "--format", "json", *arguments), OK)
        return {item["id"]: item for item in json.loads(done.stdout)}

    def read(self, mail):
        """What `parse` prints of one mail under the box's settings."""
        self.box.mail("mail.eml", mail, folder="mails")
        return ndjson(self.box.run("parse", "mails/mail.eml").stdout)[0]

    def test_the_list_names_bank_direction_and_an_example_of_each_format(self):
        found = self.formats()
        self.assertEqual(found["fio-classic"]["bank_name"], "Fio banka")
        self.assertEqual(found["fio-balance"]["reason"], "balance")
        for item in found.values():
            if item["direction"] == "ignored":
                self.assertTrue(item["reason"], item)
            else:
                self.assertIn(item["direction"], ("incoming", "outgoing", "both"))
                self.assertTrue(item["example"], item)
        only = self.formats("--bank", "fio")
        self.assertEqual({item["bank"] for item in only.values()}, {"fio"})
        self.assert_exit(self.box.call("formats", "list", "--bank", "nobody"), USAGE)

    def test_every_bank_that_is_promised_has_a_file(self):
        codes = set()
        for path in (SOURCE / "parsers").glob("*.xml"):
            head = path.read_text(encoding="utf-8").split("<bank", 1)[1].split(">", 1)[0]
            codes.add(head.split(' code="', 1)[1][:4])
        self.assertLessEqual(PROMISED, codes)

    def test_a_shown_format_can_be_checked_as_it_is(self):
        for name in self.formats():
            done = self.assert_exit(self.box.call("formats", "show", name), OK)
            self.box.write("shown.xml", done.stdout)
            done = self.assert_exit(
                self.box.call("formats", "check", "shown.xml", "--format", "json"), OK)
            self.assertEqual({item["id"] for item in json.loads(done.stdout)}, {name})

    def test_an_unknown_format_is_65_and_says_where_to_look(self):
        done = self.assert_exit(self.box.call("formats", "show", "nothing"), DATA)
        self.assertIn("formats list", done.stderr)

    def test_a_users_file_replaces_a_built_in_format_by_its_id(self):
        mail = notices.fio(484000, "26080117").replace(
            "=C4=8C=C3=A1stka:".encode(), b"Suma:")
        self.assertEqual(self.read(mail)["type"], "unrecognised")
        shown = self.box.call("formats", "show", "fio-classic").stdout
        self.box.write("formats/fio.xml", shown.replace("Částka:", "Suma:"))
        self.box.write_settings(formatsDir="formats")
        line = self.read(mail)
        self.assertEqual((line["type"], line.get("amount")), ("payment", "4840.00"), line)
        self.assertEqual(line["source"]["format"], "fio-classic")
        self.assertEqual(self.read(notices.fio(484000, "26080117"))["type"], "unrecognised")
        self.assertIn("formats", self.formats("-c", "box.xml")["fio-classic"]["file"])

    def test_a_bank_of_the_users_own_is_read(self):
        self.box.write("formats/moje.xml", MINE)
        self.box.write_settings(formatsDir="formats")
        mail = notices.mail("Castka: 12,50 EUR\nVS: 7\n", "avizo", sender="info@mojebanka.test")
        line = self.read(mail)
        self.assertEqual((line["bank"], line["amount"], line["currency"], line["variable_symbol"]),
                         ("2070", "12.50", "EUR", "7"))

    def test_check_shows_what_is_read_from_each_mail(self):
        self.box.write("mine.xml", MINE)
        for name, body in (("a", "Castka: 12,50 EUR\nVS: 7\n"), ("b", "Castka: 12,50 EUR\n")):
            self.box.mail(name + ".eml", notices.mail(body, "avizo", sender="x@mojebanka.test"),
                          folder="mails")
        done = self.box.call("formats", "check", "mine.xml", "--mails", "mails")
        self.assertEqual(done.returncode, DATA)
        first, second = ndjson(done.stdout)
        self.assertEqual((first["type"], first["amount"]), ("payment", "12.50"))
        self.assertEqual(second["type"], "unrecognised")
        self.assertIn("moje-avizo", second["reason"])
        self.assertIn("VS:", second["reason"])

    def test_check_names_every_fault_by_its_line(self):
        self.box.write("bad.xml", MINE.replace("{amount}", "{amout}").replace(
            "</bank>", '  <ignore line="x" reason="boredom"/>\n</bank>'))
        done = self.assert_exit(self.box.call("formats", "check", "bad.xml"), CONFIG)
        self.assertIn("bad.xml line 4: there is no field {amout}", done.stderr)
        self.assertIn("bad.xml line 7: ", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)
        self.assert_exit(self.box.call("formats", "check", "nowhere.xml"), NO_INPUT)

    def test_a_broken_file_in_formats_dir_stops_before_any_mail_is_touched(self):
        self.box.write("formats/bad.xml", MINE.replace("{amount}", "{amout}"))
        self.box.write_settings(formatsDir="formats")
        mail = notices.fio(484000, "26080117")
        self.box.mail("mail.eml", mail)
        done = self.assert_exit(self.box.run("run"), CONFIG)
        self.assertIn("bad.xml line 4", done.stderr)
        self.assertEqual(self.box.mails_left(), ["mail.eml"])

    def test_a_payment_is_shown_with_the_name_of_the_other_bank(self):
        self.box.mail("mail.eml", notices.fio(484000, "26080117"))
        self.assert_exit(self.box.run("run"), OK)
        done = self.box.run("payments", "show", "1", "--format", "json")
        self.assertEqual(json.loads(done.stdout)["counterparty_bank"], "Komerční banka")

    def test_an_own_account_with_an_unknown_bank_code_is_told_by_the_doctor(self):
        self.box.write_settings(ownAccounts="2052601819/2011, 6066176030/0800")
        done = self.box.run("doctor", "--format", "json")
        told = [item["what"] for item in json.loads(done.stdout) if item["subject"] == "ownAccounts"]
        self.assertEqual(told, ["2052601819/2011: no Czech bank has the code 2011"])


if __name__ == "__main__":
    assert pathlib.Path(BINARY).exists(), f"build the binary first: {BINARY}"
    unittest.main()
