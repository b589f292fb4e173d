"""A ledger with years of payments: 10,000,000 of them and 1,000,000 open documents, filled by SQL,
beside an empty one, in a file and on PostgreSQL; and a round of many boxes."""

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
import notices  # noqa: E402
from box import BINARY, Box  # noqa: E402
from servers import MANY_WORKERS, Authority, Dovecot, PostgreSql  # noqa: E402

# Payments of ten years, one in ten thousand still waiting for a person; every document has a symbol
# that no mail names.
PAYMENTS = """insert into payment (company_id, box_id, bank, kind, direction, amount, currency,
booked_on, own_account, counter_account, variable_symbol, message, status, rule, unallocated, why,
tried_revision, posted_at, told)
select 1, 1, '2010', 'transfer', 'incoming', 100 + n % 1000003, 'CZK', '20' || (16 + n % 10) || '-0'
|| (1 + n % 9) || '-' || (10 + n % 19), '2052601819/2010', (1000000000 + n % 100003) || '/0800',
cast(2000000000 + n as {text}), 'Faktura ' || n,
case when n % 10000 = 0 then 'unmatched' else 'paid' end, 'symbol-amount',
case when n % 10000 = 0 then 100 + n % 1000003 else 0 end,
'VS ' || n || ' and the amount are exactly what an issued invoice still owes',
1000000, 1700000000 + n, 1 from ({numbers}) numbers"""
DOCUMENTS = """insert into document (company_id, kind, number, number_of, side, partner_key,
partner_name, variable_symbol, symbol_digits, number_digits, currency, amount, paid, written_off,
outstanding, status, import_run)
select 1, 'issued_invoice', cast(3000000000 + n as {text}), '', 'receivable', 'firma ' || n % 50021,
'Firma ' || n % 50021, cast(3000000000 + n as {text}), cast(3000000000 + n as {text}),
cast(3000000000 + n as {text}), 'CZK', 100 + n % 1000003, 0, 0, 100 + n % 1000003, 'open', 1
from ({numbers}) numbers"""


def numbers(server, count):
    if server:
        return f"select n from generate_series(1, {count}) as series(n)"
    return (f"with recursive series(n) as (select 1 union all select n + 1 from series where n < "
            f"{count}) select n from series")


def made(work, name, documents, server):
    boxes.SERVER = server.url() if server else None
    box = Box(work / name, emlDir=None)
    box.write("documents.csv", documents)
    call(box, "documents", "import", "documents.csv", "--quiet")
    return box


def call(box, *arguments):
    started = time.perf_counter()
    done = subprocess.run([BINARY, *map(str, arguments), "-c", "box.xml"], cwd=box.folder,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments}: {done.stderr.decode()}")
    return time.perf_counter() - started


def fill(box, server, payments, documents):
    side = "select side from document limit 1"
    text = "varchar(20)" if server else "text"
    statements = [statement.replace("'receivable'", f"({side})").format(
        text=text, numbers=numbers(server, count))
        for statement, count in ((PAYMENTS, payments), (DOCUMENTS, documents))]
    # A server has vacuumed the payments of years long ago and written them out, and would do so with
    # these in the rounds.
    tidy = ("vacuum analyze", "checkpoint") if server else ("analyze",)
    box.sql("insert into box (company_id, name) select 1, 'old' where not exists "
            "(select 1 from box)", *statements, *tidy)


def write_rounds(work, rounds, count):
    """A folder of mails for each, and the CSV of the documents that they pay."""
    due = ["kind,number,amount"]
    folders = [work / f"round{number}" for number in range(rounds)]
    for folder in folders:
        folder.mkdir()
    for index, (mail, symbol, hellers) in enumerate(notices.many(rounds * count)):
        (folders[index // count] / f"{index}.eml").write_bytes(mail)
        due.append(f"issued_invoice,{symbol},{hellers / 100:.2f}")
    return folders, "\n".join(due) + "\n"


def bench_scale(row, work, options):
    payments, documents = 500 * options.mails, 50 * options.mails
    count = min(2000, options.mails)
    folders, due = write_rounds(work, options.rounds, count)
    for name in ("a file", "PostgreSQL"):
        server = PostgreSql(settings=("shared_buffers=1GB", "max_wal_size=8GB")) \
            if name == "PostgreSQL" else None
        try:
            full = made(work, f"full {name}", due, server)
            fill(full, server, payments, documents)
            times = {"empty": [], "full": []}
            for folder in folders:
                empty = made(work, f"empty {name} {folder.name}", due, server)
                times["empty"].append(call(empty, "import-eml", folder, "--quiet"))
                times["full"].append(call(full, "import-eml", folder, "--quiet"))
            speed = {what: count / statistics.median(seconds) for what, seconds in times.items()}
            row(f"posting, {payments:,} payments, {documents:,} documents in {name}",
                f"{speed['full']:,.0f}", "mails/s",
                f"{speed['full'] / speed['empty']:.2f} of an empty one's {speed['empty']:,.0f}")
            row("  round by round", " ".join(f"{count / seconds:,.0f}" for seconds in times["full"]),
                "mails/s")
            for command in (("status",), ("payments", "list", "--status", "unmatched")):
                seconds = statistics.median(call(full, *command) for _ in range(5))
                row("  " + " ".join(command), f"{seconds * 1000:,.0f}", "ms")
        finally:
            if server:
                server.end()


class Round:
    """So many boxes of one worker, each with a mailbox of its own."""

    def __init__(self, work, count, server, dovecot, authority):
        boxes.SERVER = server.url()
        self.folder, self.count, self.dovecot = work / "boxes", count, dovecot
        self.ledger = boxes.ledger_on_server()
        self.settings = {
            "emlDir": None, "archiveDir": str(work / "archive"), "pop3Password": "test",
            "ledger": self.ledger, "pop3Url": f"localhost:{dovecot.tls_port}",
            "pop3CaFile": str(authority.file), "requireAuthentication": "off"}
        self.folder.mkdir()
        for number in range(count):
            name = f"box{number:04d}"
            one = Box(work / "settings", **{**self.settings, "company": name, "pop3Name": name,
                                            "archiveDir": str(work / "archive" / name)})
            shutil.copy(one.folder / "box.xml", self.folder / f"{name}.xml")

    def deliver(self, mails):
        for number in range(self.count):
            self.dovecot.deliver(f"box{number:04d}", mails)


def processor_seconds(server):
    """Of all connections that have ended."""
    stat = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text()
    children = stat.rpartition(")")[2].split()[13:15]
    return sum(map(int, children)) / os.sysconf("SC_CLK_TCK")


def bench_boxes(Measured, row, work, options):
    count = max(10, options.mails // 20)
    authority = Authority(work / "authority")
    dovecot = Dovecot(work / "dovecot", authority.certificate("server"), authority.token_keys())
    server = PostgreSql(settings=("shared_buffers=256MB", *MANY_WORKERS))
    try:
        worker = Round(work, count, server, dovecot, authority)
        runs = []
        command = [BINARY, "run", "--config-dir", str(worker.folder), "--jobs", "8", "--quiet"]
        for number in range(options.rounds):
            worker.deliver([notices.fio(100 + at, str(1000 * number + at),
                                        message_id=f"{number}-{at}") for at in range(10)])
            os.sync()
            runs.append(Measured(command, cwd=work, stdout=subprocess.DEVNULL))
        before = processor_seconds(server)
        empty = Measured(command, cwd=work, stdout=subprocess.DEVNULL)
        of_server = processor_seconds(server) - before
        posted = boxes.psql(worker.ledger, "select count(*) from payment")[0][1][0]
        if int(posted) != 10 * count * options.rounds:
            raise SystemExit(f"{posted} payments of {10 * count * options.rounds}")
    finally:
        server.end()
        dovecot.end()
    row(f"run --jobs 8, {count:,} boxes with 10 new mails each, first round",
        f"{runs[0].seconds:,.1f}", "s")
    row("  median of the rounds", f"{statistics.median(run.seconds for run in runs):,.1f}", "s",
        f"{statistics.median(run.cpu for run in runs):,.1f} s of processor time")
    row("  a round without new mails", f"{empty.seconds:,.1f}", "s",
        f"a box: {1000 * empty.cpu / count:.1f} ms of processor time, and "
        f"{1000 * of_server / count:.1f} ms in the server")
    row("  peak memory", f"{max(run.megabytes for run in runs):,.0f}", "MB")
