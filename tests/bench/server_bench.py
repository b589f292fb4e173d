"""A ledger on PostgreSQL, durable, beside one in a file, on the same machine and the same mails; one
worker and two; what a payment takes on the server's disk."""

import os
import pathlib
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/servers"))
sys.path.insert(0, str(ROOT / "tests/integration"))

import box as boxes  # noqa: E402
from box import BINARY, Box  # noqa: E402
from servers import MANY_WORKERS, PostgreSql  # noqa: E402

COMPANIES = 10


def prepared(work, name, documents, server, **settings):
    boxes.SERVER = server.url() if server else None
    made = Box(work / name, emlDir=None, **settings)
    made.write("documents.csv", documents)
    subprocess.run([BINARY, "documents", "import", "documents.csv", "-c", "box.xml", "--quiet"],
                   cwd=made.folder, stdout=subprocess.DEVNULL, check=True)
    return made


def seconds_for(tasks, workers=1):
    """Of the boxes with their folders, each imported by a process; so many at once."""
    def work(task):
        box, folder = task
        subprocess.run([BINARY, "import-eml", str(folder), "-c", "box.xml", "--quiet"],
                       cwd=box.folder, stdout=subprocess.DEVNULL, check=True)

    os.sync()
    started = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, tasks))
    return time.perf_counter() - started


def office(work, server, documents, folder):
    """Ten companies in one ledger, as an accounting office has them, each with the same mails."""
    tasks, ledger = [], {}
    for number in range(COMPANIES):
        box = prepared(work, f"company{number}", documents, server, company=str(number), **ledger)
        ledger = {"ledger": box.settings["ledger"]}
        tasks.append((box, folder))
    return tasks


def bench_server(write_mails, row, work, options):
    count = min(5000, options.mails)
    whole, part = work / "all", work / "part"
    documents, part_documents = write_mails(whole, count), write_mails(part, count // COMPANIES)
    server = PostgreSql(settings=("shared_buffers=256MB", *MANY_WORKERS))
    runs = {"file": [], "one": [], "office": [], "two": []}
    try:
        for number in range(options.rounds):
            runs["file"].append(seconds_for(
                [(prepared(work, f"file{number}", documents, None), whole)]))
            one = prepared(work, f"one{number}", documents, server)
            runs["one"].append(seconds_for([(one, whole)]))
            for name, workers in (("office", 1), ("two", 2)):
                tasks = office(work / f"{name}{number}", server, part_documents, part)
                runs[name].append(seconds_for(tasks, workers))
        size = int(one.sql("select sum(pg_total_relation_size(c.oid)) from pg_class c where "
                           "c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace")[1][0][0])
    finally:
        server.end()
    speed = {name: count / statistics.median(times) for name, times in runs.items()}
    row(f"import-eml, {count} mails, ledger in a file", f"{speed['file']:,.0f}", "mails/s")
    row("  on PostgreSQL, one worker", f"{speed['one']:,.0f}", "mails/s",
        f"{speed['one'] / speed['file']:.2f} of the file's")
    row(f"  on PostgreSQL, {COMPANIES} companies one after the other", f"{speed['office']:,.0f}",
        "mails/s")
    row("  on PostgreSQL, two workers, each with a company at a time", f"{speed['two']:,.0f}",
        "mails/s", f"{speed['two'] / speed['office']:.2f} of one's")
    row("  a payment with mail, document and notification", f"{size / count:,.0f}", "bytes")
