"""documents export and payments export: what goes out comes in again, and what the books need."""

import csv
import io
import json
import unittest

from box import DATA, OK, USAGE, BoxTest, ndjson
from notices import WHEN as AUGUST, fio

DAY = 86400

DOCUMENTS = '''kind,number,partner_id,partner_name,partner_account,variable_symbol,currency,amount,issued_on,due_on
issued_invoice,130100028,26099995,Pekařství Rohlíček s.r.o.,2059083014/2010,130100028,CZK,3025.00,2026-08-03,2026-08-17
issued_invoice,=1+1,,''=cmd|calc,,0042,EUR,12.10,,
received_invoice,FV-7,27082440,"Uhlí, a.s.",,7,CZK,1000.00,2026-08-01,
received_invoice,FV-7,25596641,"-2; ""Sklady""",,7,CZK,1100.00,,2026-09-01
other_receivable,@x,,+420 ulice,,,CZK,1.00,,
'''


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Export(BoxTest):
    def import_file(self, box, name, text):
        box.write(name, text)
        return self.assert_exit(box.run("documents", "import", name), OK)

    def test_what_documents_export_writes_documents_import_takes(self):
        self.import_file(self.box, "all.csv", DOCUMENTS)
        before = self.box.listed("documents", "list")
        for file, arguments in (("out.csv", []), ("out.json", ["--format", "json"]),
                                ("out.ndjson", ["--format", "ndjson"])):
            with self.subTest(file):
                out = self.assert_exit(self.box.run("documents", "export", *arguments), OK).stdout
                other = self.new_box(f"other-{file}")
                self.import_file(other, file, out)
                self.assertEqual(other.listed("documents", "list"), before)
                again = ndjson(self.import_file(self.box, file, out).stdout)[0]
                self.assertEqual((again["added"], again["changed"], again["unchanged"]), (0, 0, 5))

    def test_no_field_of_the_csv_is_a_formula(self):
        self.import_file(self.box, "all.csv", DOCUMENTS)
        for row in rows(self.box.run("documents", "export").stdout):
            for value in row.values():
                self.assertNotIn(value[:1], tuple("=+-@"), row)

    def test_a_cancelled_document_goes_out_only_when_asked_for(self):
        self.import_file(self.box, "all.csv", DOCUMENTS)
        self.assert_exit(self.box.run("documents", "cancel", "@x", "--why", "twice"), OK)
        self.assertEqual(len(rows(self.box.run("documents", "export").stdout)), 4)
        cancelled = rows(self.box.run("documents", "export", "--status", "cancelled").stdout)
        self.assertEqual([row["number"] for row in cancelled], ["'@x"])

    def test_allocations_for_the_books(self):
        self.box.import_documents("issued_invoice,101,300.00", "issued_invoice,102,500.00")
        self.box.mail("a.eml", fio(30000, "101", when=AUGUST))
        self.box.mail("b.eml", fio(20000, "102", when=AUGUST + 19 * DAY))
        self.assert_exit(self.box.run("run"), OK)
        lines = rows(self.box.run("payments", "export", "--allocations").stdout)
        told = [(line["booked_on"], line["document_number"], line["amount"], line["currency"],
                 line["document_status"]) for line in lines]
        self.assertEqual(told, [("2026-08-12", "101", "300.00", "CZK", "paid"),
                                ("2026-08-31", "102", "200.00", "CZK", "partially_paid")])
        same = self.box.run("documents", "export", "--allocations").stdout
        self.assertEqual(rows(same), lines)
        later = rows(self.box.run("payments", "export", "--allocations", "--from", "2026-08-13",
                                  "--to", "2026-08-31").stdout)
        self.assertEqual(later, lines[1:])
        payments = rows(self.box.run("payments", "export", "--to", "2026-08-12").stdout)
        self.assertEqual([(row["amount"], row["documents"]) for row in payments],
                         [("300.00", "issued_invoice 101=300.00")])
        listed = json.loads(self.box.run("payments", "export", "--format", "json").stdout)
        self.assertEqual(listed, self.box.payments())

    def test_a_day_that_is_none_is_wrong_usage(self):
        self.import_file(self.box, "all.csv", DOCUMENTS)
        done = self.assert_exit(self.box.run("payments", "export", "--from", "31.8.2026"), USAGE)
        self.assertIn("--from", done.stderr)

    def test_an_import_cannot_contradict_what_is_paid(self):
        self.box.import_documents("issued_invoice,101,300.00")
        self.box.mail("a.eml", fio(20000, "101"))
        self.assert_exit(self.box.run("run"), OK)
        before = self.box.listed("documents", "list")
        header = "kind,number,amount,currency\n"
        for line, word in (("issued_invoice,101,199.99,CZK", "lowered"),
                           ("issued_invoice,101,300.00,EUR", "EUR")):
            with self.subTest(line):
                self.box.write("change.csv", f"{header}issued_invoice,999,1.00,CZK\n{line}\n")
                done = self.assert_exit(self.box.run("documents", "import", "change.csv"), DATA)
                self.assertIn("issued_invoice 101", done.stderr)
                self.assertIn("line 3", done.stderr)
                self.assertIn(word, done.stderr)
                self.assertEqual(self.box.listed("documents", "list"), before)


if __name__ == "__main__":
    unittest.main()
