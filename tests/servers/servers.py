"""Servers for tests, on free ports of this machine: a private Dovecot (POP3, STLS, POP3S, XOAUTH2)
and a mail server that keeps what it is given, with certificates of their own. Everything lives in
one scratch folder; end() stops what was started, by its process id."""
import csv
import email
import email.policy
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import warnings

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Authority:
    """A certificate authority of our own, and the certificates it signs."""

    def __init__(self, folder, name="test authority"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.file = self.folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 3650, "-subj", f"/CN={name}",
                "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout", self.folder / "ca.key", "-out", self.file)

    def certificate(self, name, names="DNS:localhost,IP:127.0.0.1", expired=False):
        """The files (certificate, key)."""
        pem, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request, settings = self.folder / f"{name}.csr", self.folder / f"{name}.cnf"
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
                "-keyout", key, "-out", request)
        (self.folder / "index.txt").write_text("")
        settings.write_text(f"""[ca]
default_ca = own
[own]
database = {self.folder}/index.txt
new_certs_dir = {self.folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = {names}
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
""")
        start, end = ("20200101000000Z", "20210101000000Z") if expired else ("20200101000000Z",
                                                                             "20490101000000Z")
        openssl("ca", "-batch", "-notext", "-config", settings, "-cert", self.file,
                "-keyfile", self.folder / "ca.key", "-startdate", start, "-enddate", end,
                "-in", request, "-out", pem)
        return pem, key

    def token_keys(self):
        """The pair that signs tokens; returns the public half."""
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                "-out", self.folder / "jwt.key")
        openssl("pkey", "-in", self.folder / "jwt.key", "-pubout", "-out", self.folder / "jwt.pub")
        return self.folder / "jwt.pub"


# What the README advises for a server of several workers.
MANY_WORKERS = ("max_pred_locks_per_transaction=1024",)


class PostgreSql:
    """A PostgreSQL of Debian's package with a database and a user "paymentctl". It refuses to be
    root, so as root it is the user postgres."""

    PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
    # A test's data may be lost with the machine; what it costs to make them durable may not.
    HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=on")

    def __init__(self, settings=HASTY):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="paymentctl-pg."))
        self.owner = {}
        if os.getuid() == 0:
            self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        self.settings = settings
        self.port = free_port()
        self.schemas = 0
        self.program("initdb", "-N", "-A", "trust", "-U", "paymentctl", "--locale=C",
                     "--encoding=UTF8", "-D", self.folder / "data")
        self.start()
        self.sql("create database paymentctl", database="postgres")

    def program(self, name, *arguments):
        done = subprocess.run([self.PROGRAMS / name, *map(str, arguments)], cwd=self.folder,
                              env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
                              capture_output=True, text=True, **self.owner)
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        options = [part for setting in
                   (*self.settings, "listen_addresses=127.0.0.1", "max_connections=60",
                    f"unix_socket_directories={self.folder}") for part in ("-c", setting)]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.PROGRAMS / "postgres", "-D", self.folder / "data", "-p", str(self.port),
                 *options], cwd=self.folder, stdout=log, stderr=log, **self.owner)
        deadline = time.monotonic() + 60
        while subprocess.run([self.PROGRAMS / "pg_isready", "-q", "-h", self.folder, "-p",
                              str(self.port)], check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.02)

    def stop(self, how=signal.SIGINT):
        """SIGINT cuts every connection, SIGQUIT leaves the rest to the next start's recovery."""
        self.process.send_signal(how)
        self.process.wait()

    def end(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, schema=None, **parameters):
        """Of the whole database, or of a ledger in a schema of its own."""
        if schema:
            parameters["options"] = f"-csearch_path={schema}"
        query = {"host": self.folder, "port": self.port, **parameters}
        return "postgresql://paymentctl@/paymentctl?" + urllib.parse.urlencode(query)

    def sql(self, statement, schema=None, database="paymentctl"):
        """The rows of the last statement, texts, with the columns' names as the first; an absent
        value is an empty text."""
        path = [] if schema is None else ["-c", f"set search_path = {schema}"]
        done = subprocess.run(
            [self.PROGRAMS / "psql", "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-h",
             self.folder, "-p", str(self.port), "-U", "paymentctl", *path, "-c", statement, database],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{statement}: {done.stderr}")
        return list(csv.reader(done.stdout.splitlines(keepends=True)))


def old_tls(context):
    """TLS 1.1 and nothing newer, which OpenSSL gives only when it is asked to lower its guard."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


class Listener:
    """One client after the other, each with its own `talk(line)`, on a free port of this machine."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                line.settimeout(20)
                try:
                    self.talk(line)
                except OSError:
                    pass

    def end(self):
        """The thread is gone before the number of its socket is free: else it may go on waiting at
        whichever socket gets that number next, and take what comes there."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()


class Greeter(Listener):
    """Says `words` and nothing else, as a server of another protocol does to whoever waits."""

    def __init__(self, words):
        self.words = words
        super().__init__()

    def talk(self, line):
        line.sendall(self.words)
        while line.recv(1000):
            pass


class TlsListener(Listener):
    """Shows a certificate and says no more; with `old` by TLS 1.1 only."""

    def __init__(self, certificate, old=False):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        if old:
            old_tls(self.context)
        self.agreed = []  # the versions that clients agreed to
        super().__init__()

    def talk(self, line):
        with self.context.wrap_socket(line, server_side=True) as secured:
            self.agreed.append(secured.version())


class Dovecot:
    """Any user's password is "test"; XOAUTH2 by validating the token service's signature here."""

    def __init__(self, folder, certificate, token_key):
        self.folder = pathlib.Path(folder)
        self.port, self.tls_port = free_port(), free_port()
        for name in ("run", "state", "home", "log", "keys"):
            (self.folder / name).mkdir(parents=True)
        # Dovecot's own users have to reach what lies below.
        for path in [self.folder, *self.folder.parents]:
            if path.owner() == "root" and path.stat().st_mode & 0o001 == 0:
                path.chmod(path.stat().st_mode | 0o011)
        for client in ("default", "bench-client"):
            keys = self.folder / "keys" / client / "RS256"
            keys.mkdir(parents=True)
            (keys / "default").write_bytes(pathlib.Path(token_key).read_bytes())
        self.write_configuration(*certificate)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", self.folder / "home"], check=True)
        self.start()

    def write_configuration(self, certificate, key):
        base = self.folder
        if os.getuid() == 0:
            users = ("dovecot", "dovenull", "dovecot", "nobody", "nogroup")
        else:
            user = subprocess.check_output(["id", "-un"], text=True).strip()
            group = subprocess.check_output(["id", "-gn"], text=True).strip()
            users = (user, user, group, user, group)
        internal, login, group, mail_user, mail_group = users
        (base / "oauth2.conf").write_text(f"""introspection_mode = local
local_validation_key_dict = fs:posix:prefix={base}/keys/
issuers = https://sts.bench.test/
username_attribute = upn
username_format = %Lu
""")
        # Without the anvil listener's mode, refused logins are answered late.
        (base / "dovecot.conf").write_text(f"""base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log/dovecot.log
instance_name = test-{self.port}
protocols = pop3
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_home = {base}/home/%Lu
mail_location = maildir:~/Maildir
first_valid_uid = 1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
pop3_uidl_format = %08Xu%08Xv
pop3_no_flag_updates = yes
pop3_lock_session = yes
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {base}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password=test
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={base}/home/%Lu allow_all_users=yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {self.port}
  }}
  inet_listener pop3s {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
""")

    def start(self):
        path = os.environ.get("PATH", "") + ":/usr/sbin"
        subprocess.run(["dovecot", "-c", self.folder / "dovecot.conf"], check=True,
                       env={**os.environ, "PATH": path})
        deadline = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                    if line.recv(3) == b"+OK":
                        return
            except OSError:
                pass
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log/dovecot.log").read_text())
            time.sleep(0.05)

    def end(self):
        """Returns when it is gone: until then it writes into its folder."""
        master = int((self.folder / "run/master.pid").read_text())
        os.kill(master, signal.SIGTERM)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                os.kill(master, 0)
            except ProcessLookupError:
                return
            time.sleep(0.01)

    def new(self, user):
        return self.folder / "home" / user / "Maildir" / "new"

    def deliver(self, user, mails):
        """Mails with LF or CRLF; Dovecot serves them with CRLF."""
        maildir = self.new(user).parent
        folders = [maildir.parent, maildir, *(maildir / name for name in ("new", "cur", "tmp"))]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
            self.give(folder)
        for number, mail in enumerate(mails):
            # Whole and its owner's before the server sees it, which may be asked meanwhile.
            file = maildir / "tmp" / f"{time.time_ns()}.{number}.test"
            file.write_bytes(mail)
            self.give(file)
            file.rename(maildir / "new" / file.name)

    @staticmethod
    def give(path):
        if os.getuid() == 0:
            shutil.chown(path, "nobody", "nogroup")

    def left(self, user):
        maildir = self.new(user).parent
        return sum(len(list((maildir / name).iterdir())) for name in ("new", "cur")
                   if (maildir / name).exists())


class SmtpServer:
    """smtp_server.py, a program beside this file that prints its port first, and what it was given."""

    def __init__(self, folder, certificate=None, implicit=False, login=None, token_key=None):
        self.folder = pathlib.Path(folder)
        arguments = [self.folder]
        if certificate:
            arguments += ["--certificate", *certificate]
        if implicit:
            arguments += ["--implicit"]
        if login:
            arguments += ["--login", *login]
        if token_key:
            arguments += ["--token-key", token_key]
        self.process = subprocess.Popen(
            [PYTHON, "-B", HERE / "smtp_server.py", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline().split()[0])

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def answer(self, **answers):
        """From now on: MAIL="451 later", DATA="hang". For one receiver: answers of answer_to."""
        self.answer_to(answers)

    def answer_to(self, answers):
        temporary = self.folder / "answers.new"
        temporary.write_text(json.dumps(answers))
        temporary.replace(self.folder / "answers.json")

    def mails(self):
        """What was taken, oldest first: email.message.EmailMessage, `how` beside it."""
        taken = []
        for path in sorted(self.folder.glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            mail.how = json.loads(path.with_suffix(".json").read_text())
            mail.raw = path.read_bytes()
            taken.append(mail)
        return taken
