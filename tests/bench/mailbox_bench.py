"""Fetching from a mailbox: paymentctl beside mpop, getmail and fetchmail (Debian's mpop, getmail6,
fetchmail), on the same mails on the same Dovecot; speed, round trips, memory, and what is lost or
comes twice when a line breaks or a process is killed."""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/servers"))
sys.path.insert(0, str(ROOT / "tests/integration"))

import notices  # noqa: E402
from box import BINARY, Box  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402
from servers import Authority, Dovecot  # noqa: E402

ROUND_TRIP = 0.020  # seconds
FEW = 200  # mails for clients that need a second for a few of them


class Client:
    """A program that fetches `user`'s mails into `folder` and deletes them on the server."""

    program = None

    def __init__(self, folder, user, authority):
        self.folder, self.user, self.authority = folder, user, authority
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def write(self, text):
        path = self.folder / "settings"
        path.write_text(text)
        path.chmod(0o600)
        return path

    def maildir(self):
        for name in ("new", "cur", "tmp"):
            (self.folder / "Maildir" / name).mkdir(parents=True, exist_ok=True)
        return self.folder / "Maildir"

    def files(self):
        return [path for path in self.maildir().rglob("*")
                if path.parent.name != "tmp" and path.is_file()]

    def delivered(self):
        """The Message-IDs of what was delivered."""
        return [name for path in self.files()
                for name in re.findall(rb"^Message-ID: (\S+)", path.read_bytes(), re.MULTILINE)]


class Paymentctl(Client):
    program = BINARY

    def command(self, port, tls, stage="fetch"):
        self.box = Box(self.folder, emlDir=None, pop3Url=f"localhost:{port}", pop3Name=self.user,
                       pop3Password="test", pop3Tls="implicit" if tls else "off",
                       pop3CaFile=str(self.authority.file))
        return [BINARY, stage, "-c", str(self.folder / "box.xml"), "--quiet"]

    def files(self):
        return self.box.archived()


class Mpop(Client):
    program = "mpop"

    def command(self, port, tls):
        security = f"tls on\ntls_starttls off\ntls_trust_file {self.authority.file}\n"
        return ["mpop", "-Q", "-C", self.write(
            f"account default\nhost localhost\nport {port}\nuser {self.user}\npassword test\n"
            f"auth plain\n{security if tls else 'tls off'}\nkeep off\n"
            f"delivery maildir {self.maildir()}\nuidls_file {self.folder}/uidls\n")]


class Getmail(Client):
    program = "getmail"

    def command(self, port, tls):
        kind = "SimplePOP3SSLRetriever" if tls else "SimplePOP3Retriever"
        trust = f"ca_certs = {self.authority.file}\n" if tls else ""
        user = ""
        if os.getuid() == 0:  # as which getmail delivers nothing
            user = "user = nobody\n"
            for folder in (self.maildir(), *self.maildir().iterdir()):
                shutil.chown(folder, "nobody")
        self.write(
            f"[retriever]\ntype = {kind}\nserver = localhost\nport = {port}\n"
            f"username = {self.user}\npassword = test\n{trust}"
            f"[destination]\ntype = Maildir\npath = {self.maildir()}/\n{user}"
            "[options]\ndelete = true\nread_all = true\nverbose = 0\n")
        return ["getmail", "--getmaildir", self.folder, "--rcfile", "settings"]


class Fetchmail(Client):
    program = "fetchmail"

    def command(self, port, tls):
        trust = f"ssl sslcertck sslcertfile {self.authority.file}" if tls else "sslproto ''"
        rules = self.write(
            f"poll localhost protocol pop3 port {port} timeout 10\n  user {self.user} "
            f"password test {trust} fetchall no keep bsmtp {self.folder}/Maildir/all\n")
        self.maildir()
        return ["fetchmail", "-f", rules, "--nodetach", "--silent", "--nosyslog",
                "--pidfile", self.folder / "pid", "--idfile", self.folder / "ids"]


class Server:
    """A Dovecot with mails to be fetched."""

    def __init__(self, work):
        self.authority = Authority(work / "authority")
        self.dovecot = Dovecot(work / "dovecot", self.authority.certificate("server"),
                               self.authority.token_keys())

    def deliver(self, user, mails):
        """With the sizes in the names, as Dovecot's own delivery writes them."""
        folder = self.dovecot.new(user).parent
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("new", "cur", "tmp"):
            (folder / name).mkdir(parents=True)
        for number, mail in enumerate(mails):
            stored = mail.replace(b"\r\n", b"\n")
            (folder / "new" / f"1700000000.M{number:06d}P1.bench,S={len(stored)},W={len(mail)}"
             ).write_bytes(stored)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", folder.parent], check=True)


LINES = (("plain", False, 0), ("POP3S", True, 0), ("POP3S, 20 ms round trip", True, ROUND_TRIP / 2))


def fetched_per_second(measure, server, client, mails, tls, delay, **options):
    """Every mail fetched and the mailbox empty, or the number is worth nothing."""
    server.deliver(client.user, mails)
    os.sync()
    port = server.dovecot.tls_port if tls else server.dovecot.port
    with FaultProxy(port, delay=delay) as line:
        run = measure(client.command(line.port if delay else port, tls, **options),
                      cwd=client.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    left = server.dovecot.left(client.user)
    if left or len(client.delivered()) != len(mails):
        raise SystemExit(f"{client.program}: {left} left, {len(client.delivered())} delivered")
    return len(mails) / run.seconds


def bench_speed(measure, row, server, work, options, peers):
    mails = [mail for mail, _, _ in notices.many(min(5000, options.mails))]
    for name, tls, delay in LINES:
        speeds = {}
        for number in range(options.rounds):
            for kind in (Paymentctl, *peers):
                slow = kind not in (Paymentctl, Mpop)
                if slow and number > 0:
                    continue
                client = kind(work / "client", kind.__name__.lower(), server.authority)
                speeds.setdefault(kind, []).append(fetched_per_second(
                    measure, server, client, mails[:FEW] if slow else mails, tls, delay))
        ours = statistics.median(speeds[Paymentctl])
        row(f"fetch, {len(mails)} notices of 3.4 KB, {name}", f"{ours:,.0f}", "mails/s")
        for kind in peers:
            theirs = statistics.median(speeds[kind])
            row(f"  {kind.program}", f"{theirs:,.0f}", "mails/s", f"{ours / theirs:.1f} times")
        if name == "POP3S":
            bench_run(measure, row, server, work, options, ours)


def bench_run(measure, row, server, work, options, fetch):
    """The whole run against as many open documents."""
    count = min(5000, options.mails)
    told = list(notices.many(count))
    speeds = []
    for _ in range(options.rounds):
        client = Paymentctl(work / "client", "whole", server.authority)
        client.command(server.dovecot.tls_port, True)
        client.box.import_documents(*[f"issued_invoice,{symbol},{hellers / 100:.2f}"
                                      for _, symbol, hellers in told])
        speeds.append(fetched_per_second(measure, server, client, [mail for mail, _, _ in told],
                                         True, 0, stage="run"))
        paid = sum(item["status"] == "paid" for item in client.box.documents().values())
        if paid != count:
            raise SystemExit(f"run paid {paid} of {count} documents")
    speed = statistics.median(speeds)
    row(f"run over POP3S, {count} open documents", f"{speed:,.0f}", "mails/s",
        f"{speed / fetch:.2f} of fetch")


def bench_empty_poll(measure, row, server, work):
    client = Paymentctl(work / "client", "empty", server.authority)
    server.deliver("empty", [])
    runs = [measure(client.command(server.dovecot.tls_port, True), stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL) for _ in range(20)]
    with FaultProxy(server.dovecot.tls_port) as line:
        measure(client.command(line.port, True), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
        # Two turns are TLS's own: the hello and the end of the handshake.
        turns = line.connections[0].turns - 2
    row("empty poll over POP3S, round trips after the handshake", turns, "")
    cpu = statistics.median(run.cpu for run in runs)
    row("  processor time", f"{cpu * 1000:.0f}", "ms")


def bench_memory(measure, row, server, work):
    client = Paymentctl(work / "client", "large", server.authority)
    server.deliver("large", (mail for mail, _, _ in notices.many(50000)))
    run = measure(client.command(server.dovecot.tls_port, True), stdout=subprocess.DEVNULL,
                  stderr=subprocess.DEVNULL)
    if len(client.files()) != 50000 or server.dovecot.left("large"):
        raise SystemExit("not all of 50000 mails were fetched")
    row("fetch of 50,000 mails over POP3S, peak memory", f"{run.megabytes:,.1f}", "MB",
        f"{50000 / run.seconds:,.0f} mails/s")


FAULTS = (
    ("line cut inside a mail (FIN)", {"cut_reply": ("RETR 50", 1000)}),
    ("line cut inside a mail (RST)", {"cut_reply": ("RETR 50", 1000), "reset": True}),
    ("line cut before QUIT", {"cut_before": "QUIT"}),
    ("QUIT's answer lost", {"cut_reply": ("QUIT", 0)}),
    ("killed in the middle (SIGKILL)", None),
)


def run_for(command, seconds, folder):
    """True when it ended by itself; no program may take longer."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def kill_in_the_middle(client, port):
    """When about half of the mails are there, or after so long that they are."""
    process = subprocess.Popen(client.command(port, False), cwd=client.folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 5
    half = 50 * 3000
    while (process.poll() is None and sum(path.stat().st_size for path in client.files()) < half
           and time.monotonic() < deadline):
        time.sleep(0.001)
    process.kill()
    process.wait()


def after_fault(server, kind, work, faults):
    """Lost and twice of 100 mails after the fault and two undisturbed fetches."""
    mails = [mail for mail, _, _ in notices.many(100)]
    client = kind(work / "client", f"fault{kind.__name__.lower()}", server.authority)
    server.deliver(client.user, mails)
    ended = True
    if faults is None:
        kill_in_the_middle(client, server.dovecot.port)
    else:
        with FaultProxy(server.dovecot.port, **faults) as line:
            ended = run_for(client.command(line.port, False), 15, client.folder)
    for _ in range(2):
        time.sleep(0.3)  # until the server has seen that the line is gone
        run_for(client.command(server.dovecot.port, False), 60, client.folder)
    delivered = client.delivered()
    lost = 100 - len(set(delivered)) + server.dovecot.left(client.user)
    return f"{lost}/{len(delivered) - len(set(delivered))}{'' if ended else ' hangs'}"


def bench_faults(server, work, peers):
    kinds = (Paymentctl, *peers)
    print("lost/twice of 100 mails".ljust(40) +
          "".join(pathlib.Path(kind.program).name.rjust(14) for kind in kinds))
    for name, faults in FAULTS:
        cells = [after_fault(server, kind, work, faults) for kind in kinds]
        print(name.ljust(40) + "".join(cell.rjust(14) for cell in cells), flush=True)


def bench_mailbox(measure, row, work, options):
    """`measure` runs a command and tells its time, processor time and memory; `row` prints."""
    peers = [kind for kind in (Mpop, Getmail, Fetchmail) if shutil.which(kind.program)]
    for kind in {Mpop, Getmail, Fetchmail}.difference(peers):
        print(f"{kind.program} is not installed, so it is not measured", flush=True)
    server = Server(work)
    try:
        bench_speed(measure, row, server, work, options, peers)
        bench_empty_poll(measure, row, server, work)
        bench_memory(measure, row, server, work)
        bench_faults(server, work, peers)
    finally:
        server.dovecot.end()
