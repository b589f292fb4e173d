"""A box in a scratch folder and the real binary run on it, for tests that see what a user sees."""

import csv
import faulthandler
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
import uuid
from xml.sax.saxutils import quoteattr

SOURCE = pathlib.Path(os.environ.get("PAYMENTCTL_SOURCE") or pathlib.Path(__file__).parents[2])
BINARY = str(pathlib.Path(os.environ.get("PAYMENTCTL") or
                          SOURCE / "build/release/paymentctl").resolve())
# Where the boxes' ledgers are kept when they are not files: a database whose URL has parameters.
SERVER = os.environ.get("PAYMENTCTL_TEST_SERVER")
THOROUGH = bool(os.environ.get("PAYMENTCTL_TEST_ALL"))
SANITIZED = b"__asan_init" in pathlib.Path(BINARY).read_bytes()

# A test that hangs says where, which ctest's own limit would not.
faulthandler.dump_traceback_later(
    int(os.environ.get("PAYMENTCTL_TEST_SECONDS") or (3000 if THOROUGH else 900)), exit=True)

OK, ATTENTION, USAGE, DATA, NO_INPUT, CANNOT_CREATE, IO, TEMPORARY, CONFIG = 0, 1, 64, 65, 66, 73, 74, 75, 78

# Times, random names and numbers given in passing (the cause of a notification holds its payment's)
# differ from run to run; everything else in a ledger must not.
VOLATILE = ("_id", "_at", "path")
VOLATILE_NAMES = ("id", "at", "next_try", "cause")
HISTORY = ("run", "lease")  # the tables that tell of the runs themselves


def repetitions(usual, thorough, sanitized):
    """How often a test does the same thing again, at another moment or with other numbers: under
    sanitizers each time costs several times as much, and the release build has done all of them."""
    return thorough if THOROUGH else sanitized if SANITIZED else usual


def environment(**more):
    """What the binary sees: nothing of the developer's own, but the sanitizers' options."""
    kept = ("PATH", "TZ", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
    clean = {name: os.environ[name] for name in kept if name in os.environ}
    return {**clean, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **more}


def psql(url, *statements):
    """The rows of each, texts, below the columns' names."""
    mark = uuid.uuid4().hex
    commands = [part for statement in statements for part in ("-c", statement, "-c", rf"\echo {mark}")]
    done = subprocess.run(["psql", "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", *commands, url],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{statements}: {done.stderr}")
    return [list(csv.reader(rows.splitlines(keepends=True)))
            for rows in done.stdout.split(mark + "\n")[:-1]]


def ledger_on_server():
    """An empty one, in a schema of its own."""
    schema = "t" + uuid.uuid4().hex
    psql(SERVER, f"create schema {schema}")
    return f"{SERVER}&options=-csearch_path%3D{schema}"


class Box:
    """box.xml, documents and mails in `folder`, and paymentctl run there."""

    settings = {"ledger": None}

    def __init__(self, folder, **settings):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.eml = self.folder / "eml"
        self.eml.mkdir(exist_ok=True)
        self.settings = {"emlDir": "eml", "infoFrom": "banka@papirna.test",
                         "infoTo": "ucetni@papirna.test",
                         "ownAccounts": "2052601819/2010, 6066176030/0800",
                         "ledger": ledger_on_server() if SERVER else None, **settings}
        self.write_settings()

    def write_settings(self, **more):
        self.settings.update(more)
        keys = "\n".join(f"    <add key={quoteattr(key)} value={quoteattr(value)} />"
                         for key, value in self.settings.items() if value is not None)
        self.write("box.xml", '<?xml version="1.0" encoding="utf-8" ?>\n<configuration>\n'
                              f"  <appSettings>\n{keys}\n  </appSettings>\n</configuration>\n")

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def mail(self, name, content, folder=None):
        """Puts a mail where nobody takes it for one that is still being written."""
        path = self.write(pathlib.Path(folder or "eml") / name, content)
        settled = time.time() - 60
        os.utime(path, (settled, settled))
        return path

    def command(self, *arguments):
        return [BINARY, *[str(argument) for argument in arguments]]

    def start(self, *arguments, **options):
        return subprocess.Popen(self.command(*arguments), cwd=self.folder, env=environment(),
                                **options)

    def call(self, *arguments, stdin="", timeout=300, folder=None):
        """Runs paymentctl with exactly these arguments; text in, text out."""
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(self.command(*arguments), cwd=folder or self.folder,
                              env=environment(), input=data, capture_output=True, timeout=timeout)
        done.stdout = done.stdout.decode("utf-8")
        done.stderr = done.stderr.decode("utf-8")
        return done

    def run(self, *arguments, **options):
        """The same with `-c box.xml`."""
        return self.call(*arguments, "-c", "box.xml", **options)

    def listed(self, *arguments):
        """What a list command prints with --format json."""
        done = self.run(*arguments, "--format", "json")
        if done.returncode != OK:
            raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def listed_whatever(self, *arguments):
        """The same whatever the exit code says."""
        return json.loads(self.run(*arguments, "--format", "json").stdout)

    def import_documents(self, *lines):
        """`lines` are kind,number,amount[,variable_symbol[,partner_name[,partner_account]]]."""
        header = "kind,number,amount,variable_symbol,partner_name,partner_account".split(",")
        rows = [line.split(",") + [""] * (len(header) - line.count(",") - 1) for line in lines]
        self.write("documents.csv", "\n".join(",".join(row) for row in [header, *rows]) + "\n")
        done = self.run("documents", "import", "documents.csv")
        if done.returncode != OK:
            raise AssertionError(f"documents import: exit {done.returncode}: {done.stderr}")

    def documents(self):
        return {item["number"]: item for item in self.listed("documents", "list")}

    def payments(self):
        return self.listed("payments", "list")

    def messages(self):
        return self.listed("messages", "list")

    def mails_left(self):
        return sorted(path.name for path in self.eml.iterdir())

    def archived(self):
        return sorted(path for path in (self.folder / "POP3Downloads").glob("*/*.eml"))

    def ledger(self):
        return self.folder / "paymentctl.db"

    def is_on_server(self):
        return "://" in (self.settings["ledger"] or "")

    def sql(self, *statements):
        """Runs them on the ledger, whichever database that is: of the last one the columns' names,
        and the rows, as texts; an absent value is an empty one."""
        return self.all_rows(statements)[-1]

    def all_rows(self, statements):
        if self.is_on_server():
            return [(rows[0], rows[1:]) if rows else ([], [])
                    for rows in psql(self.settings["ledger"], *statements)]
        database = sqlite3.connect(self.settings["ledger"] or self.ledger())
        found = []
        try:
            with database:
                for statement in statements:
                    cursor = database.execute(statement)
                    names = [column[0] for column in cursor.description or ()]
                    found.append((names, [["" if value is None else str(value) for value in row]
                                          for row in cursor]))
        finally:
            database.close()
        return found

    def ledger_rows(self):
        """Every table's rows as sorted texts, without what differs from run to run."""
        _, tables = self.sql(
            "select table_name from information_schema.tables where table_schema = "
            "current_schema()" if self.is_on_server() else
            "select name from sqlite_master where type='table' and name not like 'sqlite_%'")
        tables = [name for (name,) in tables if name not in HISTORY]
        found = {}
        for table, (names, rows) in zip(tables, self.all_rows(
                [f'select * from "{table}"' for table in tables])):
            kept = [at for at, name in enumerate(names)
                    if name not in VOLATILE_NAMES and not name.endswith(VOLATILE)]
            found[table] = sorted(repr([(names[at], row[at]) for at in kept]) for row in rows)
        return found


def ndjson(text):
    return [json.loads(line) for line in text.splitlines()]


class BoxTest(unittest.TestCase):
    """A test with a scratch folder and a box in it."""

    maxDiff = None
    settings = {}

    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="paymentctl-test."))
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.box = self.new_box("box")

    def new_box(self, name, **settings):
        return Box(self.scratch / name, **{**self.settings, **settings})

    def assert_exit(self, done, code):
        """The exit code is `code`; an error is one line that begins as every error does."""
        self.assertEqual(done.returncode, code, f"stdout: {done.stdout}\nstderr: {done.stderr}")
        if code not in (0, 1):
            lines = done.stderr.strip().splitlines()
            self.assertTrue(any(line.startswith("paymentctl: ") for line in lines), done.stderr)
        return done

    def assert_nothing_lost(self, box, mails):
        """Every one of `mails` (bytes) is still in emlDir or archived, byte for byte."""
        kept = {path.read_bytes() for path in box.archived()}
        kept |= {path.read_bytes() for path in box.eml.iterdir()}
        lost = [mail for mail in mails if mail not in kept]
        self.assertEqual(lost, [])
