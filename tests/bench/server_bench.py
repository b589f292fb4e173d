"""A ledger on PostgreSQL, durable, beside one in a file, on the same machine and the same mails; one
worker and two; what a payment takes on the server's disk."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/servers"))
sys.path.insert(0, str(ROOT / "tests/integration"))

import box as boxes  # noqa: E402
from box import BINARY, Box  # noqa: E402
from servers import MANY_WORKERS, PostgreSql  # noqa: E402


def prepared(work, name, documents, server, **settings):
    boxes.SERVER = server.url() if server else None
    made = Box(work / name, emlDir=None, **settings)
    made.write("documents.csv", documents)
    subprocess.run([BINARY, "documents", "import", "documents.csv", "-c", "box.xml", "--quiet"],
                   cwd=made.folder, stdout=subprocess.DEVNULL, check=True)
    return made


def seconds_for(workers):
    """Of the folders, each imported by its box at the same time."""
    os.sync()
    started = time.perf_counter()
    running = [subprocess.Popen([BINARY, "import-eml", str(folder), "-c", "box.xml", "--quiet"],
                                cwd=box.folder, stdout=subprocess.DEVNULL)
               for box, folder in workers]
    for process in running:
        if process.wait() != 0:
            raise SystemExit(f"import-eml ended with {process.returncode}")
    return time.perf_counter() - started


def bench_server(write_mails, row, work, options):
    count = min(5000, options.mails)
    whole = work / "all"
    documents = write_mails(whole, count)
    halves = [work / "first", work / "second"]
    for half in halves:
        half.mkdir()
    for number, mail in enumerate(sorted(whole.iterdir())):
        shutil.copy(mail, halves[number % 2])
    server = PostgreSql(settings=("shared_buffers=256MB", *MANY_WORKERS))
    runs = {"file": [], "one": [], "two": []}
    try:
        for number in range(options.rounds):
            runs["file"].append(seconds_for(
                [(prepared(work, f"file{number}", documents, None), whole)]))
            one = prepared(work, f"one{number}", documents, server)
            runs["one"].append(seconds_for([(one, whole)]))
            # Two companies in one ledger, as an accounting office has them.
            first = prepared(work, f"two{number}a", documents, server, company="a")
            second = prepared(work, f"two{number}b", documents, server, company="b",
                              ledger=first.settings["ledger"])
            runs["two"].append(seconds_for([(first, halves[0]), (second, halves[1])]))
        size = int(one.sql("select sum(pg_total_relation_size(c.oid)) from pg_class c where "
                           "c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace")[1][0][0])
    finally:
        server.end()
    speed = {name: count / statistics.median(times) for name, times in runs.items()}
    row(f"import-eml, {count} mails, ledger in a file", f"{speed['file']:,.0f}", "mails/s")
    row("  on PostgreSQL, one worker", f"{speed['one']:,.0f}", "mails/s",
        f"{speed['one'] / speed['file']:.2f} of the file's")
    row("  on PostgreSQL, two workers", f"{speed['two']:,.0f}", "mails/s",
        f"{speed['two'] / speed['one']:.2f} of one's")
    row("  a payment with mail, document and notification", f"{size / count:,.0f}", "bytes")
