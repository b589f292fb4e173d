"""documents import of ISDOC, .isdocx and Pohoda's XML: what is taken, what is refused, bombs."""

import io
import shutil
import struct
import unittest
import zipfile

from box import DATA, OK, SOURCE, BoxTest, ndjson

INVOICES = SOURCE / "samples/invoices"
MANIFEST = ('<?xml version="1.0"?><manifest xmlns="http://isdoc.cz/namespace/2013/manifest">'
            '<maindocument filename="{}"/></manifest>')


def archive(files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


class Invoices(BoxTest):
    settings = {"ownParty": "26099981"}

    def setUp(self):
        super().setUp()
        self.isdoc = (INVOICES / "2026-0460.isdoc").read_bytes()

    def refused(self, name, content, *words):
        """Not taken, named by file, and the ledger as it was."""
        self.box.write(name, content)
        done = self.assert_exit(self.box.run("documents", "import", name), DATA)
        for word in (name, *words):
            self.assertIn(word, done.stderr)
        self.assertEqual(self.box.listed("documents", "list"), [])

    def test_the_samples_are_taken_and_taken_again_change_nothing(self):
        shutil.copytree(INVOICES, self.box.folder / "invoices")
        files = ["invoices/2026-0460.isdoc", "invoices/pohoda.xml"]
        first = ndjson(self.assert_exit(self.box.run("documents", "import", *files), OK).stdout)
        self.assertEqual([line["added"] for line in first], [1, 2])
        again = ndjson(self.assert_exit(self.box.run("documents", "import", *files), OK).stdout)
        self.assertEqual([line["unchanged"] for line in again], [1, 2])
        self.assertEqual(self.box.documents()["2026-0460"]["kind"], "received_invoice")

    def test_an_isdocx_is_the_invoice_that_its_manifest_names(self):
        for files in ({"manifest.xml": MANIFEST.format("a.isdoc"), "a.isdoc": self.isdoc,
                       "b.isdoc": b"<x/>", "a.pdf": b"%PDF"},
                      {"a.isdoc": self.isdoc, "a.pdf": b"%PDF"}):
            for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
                with self.subTest(files=list(files), method=method):
                    self.box.write("a.isdocx", archive(files, method))
                    done = self.box.run("documents", "import", "a.isdocx")
                    self.assert_exit(done, OK)
                    self.assertEqual(list(self.box.documents()), ["2026-0460"])

    def test_a_bad_isdocx_is_refused_by_name(self):
        good = archive({"a.isdoc": self.isdoc})
        encrypted = bytearray(good)
        encrypted[6] |= 1
        encrypted[good.index(b"PK\x01\x02") + 8] |= 1
        wrong = bytearray(archive({"a.isdoc": self.isdoc}, zipfile.ZIP_STORED))
        wrong[wrong.index(b"2026-0460")] ^= 1
        many = archive({f"{i}.txt": b"" for i in range(1001)})
        far = bytearray(good)
        end = good.rindex(b"PK\x05\x06")
        struct.pack_into("<I", far, end + 16, 0xFFFFFFF0)
        cases = {
            "empty": (b"", "no ZIP archive"),
            "truncated": (good[:len(good) // 2], "no ZIP archive"),
            "no invoice": (archive({"a.pdf": b"x"}), "exactly one .isdoc"),
            "two invoices": (archive({"a.isdoc": b"x", "b.isdoc": b"x"}), "exactly one .isdoc"),
            "manifest": (archive({"manifest.xml": MANIFEST.format("c"), "a.isdoc": b""}), '"c"'),
            "encrypted": (bytes(encrypted), "encrypted"),
            "checksum": (bytes(wrong), "checksum"),
            "entries": (many, "1001 files"),
            "offset": (bytes(far), "damaged"),
            "entities": (archive({"a.isdoc": b"<!DOCTYPE a []><a/>"}), "DOCTYPE"),
        }
        for name, (content, word) in cases.items():
            with self.subTest(name):
                self.refused("a.isdocx", content, word)

    def test_a_zip_bomb_is_refused(self):
        self.refused("bomb.isdocx", archive({"a.isdoc": b"<a>" + b" " * 50_000_000}), "unpacks")

    def test_without_our_company_number_an_isdoc_is_refused(self):
        self.box.write_settings(ownParty=None)
        self.refused("a.isdoc", self.isdoc, "ownParty")
        self.box.write_settings(ownParty="26099989")
        self.refused("a.isdoc", self.isdoc, "26099981", "26099982", "26099989")

    def test_wrong_files_are_refused_by_line(self):
        pohoda = (INVOICES / "pohoda.xml").read_bytes()
        as_utf8 = pohoda.replace(b"Windows-1250", b"utf-8")
        zero = pohoda.replace(b"<typ:priceRound>-0.48", b"<typ:priceRound>-2178.48")
        future = self.isdoc.replace(b"<IssueDate>2026-08-20", b"<IssueDate>2126-08-20")
        for name, content, word in (
                ("cut.xml", pohoda[:-30], "complete"), ("coding.xml", as_utf8, "encoding"),
                ("zero.xml", zero, "amount"), ("future.isdoc", future, "2126-08-20"),
                ("half.isdoc", self.isdoc[:2000], "complete")):
            with self.subTest(name):
                self.refused(name, content, "line", word)


if __name__ == "__main__":
    unittest.main()
