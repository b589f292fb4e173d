"""Secrets stay secret: from every place a box may keep them they open mailbox, mail server and token
server, and they are found nowhere else, whatever fails."""

import base64
import json
import os
import pathlib
import resource
import signal
import stat
import subprocess
import time
import unittest

from box import OK, environment
from mailbox_box import PERMISSION, UNAVAILABLE, MailboxTest
from notices import fio

from servers import Listener, SmtpServer
from token_service import CLIENT, SECRET, TokenService

# Dovecot's password is "test", which stands in many a word; so those that must not be found are
# wrong ones, and one that aiosmtpd was told.
SMTP_SECRET = "Kobyla-ma-maly-bok-4711"
POP3_SECRET = "Jelenovi-pivo-nelej-1618"


def traces(secret, name="platby"):
    """What may give a secret away: itself and what logins make of it."""
    plain = f"\0{name}\0{secret}".encode()
    return [secret, base64.b64encode(secret.encode()).decode().rstrip("="),
            base64.b64encode(plain).decode().rstrip("=")]


class EchoServer(Listener):
    """Greets as `greeting` says, and answers every line with that very line behind `refusal`."""

    def __init__(self, greeting, refusal, polite=()):
        self.greeting, self.refusal, self.polite = greeting, refusal, dict(polite)
        self.heard = b""
        super().__init__()

    def talk(self, line):
        with line.makefile("rwb", buffering=0) as stream:
            stream.write(self.greeting)
            for command in stream:
                self.heard += command
                word = command.split()[0] if command.split() else b""
                stream.write(self.polite.get(word, self.refusal + b" " + command))


class Secrets(MailboxTest):
    def setUp(self):
        super().setUp()
        # Mails from a folder too; each test has a password of its own.
        self.box.write_settings(emlDir="eml", pop3Password=None)

    def smtp(self, **options):
        server = SmtpServer(self.scratch / "smtp", certificate=self.certificate, **options)
        self.addCleanup(server.end)
        self.box.write_settings(smtpServer=f"localhost:{server.port}", smtpTls="starttls",
                                smtpCaFile=str(self.authority.file), smtpName="platby")
        return server

    def settle_one(self):
        """An invoice is paid, so that there is something to send."""
        self.box.import_documents("issued_invoice,1,100.00,1")
        self.box.mail("1.eml", fio(10000, "1"))

    def run_with(self, *arguments, **more):
        """`run -c box.xml --verbose` and a log file, with variables of its own."""
        return subprocess.run(
            self.box.command(*arguments, "-c", "box.xml", "--verbose", "--log-file", "log.txt"),
            cwd=self.box.folder, env=environment(**more), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=120)

    def everything(self, *texts):
        """Every byte that a run left behind, by where it is: texts, and the files of the box but
        those in which the tests themselves keep secrets."""
        found = {f"text {number}": text if isinstance(text, bytes) else text.encode()
                 for number, text in enumerate(texts)}
        for path in self.box.folder.rglob("*"):
            if path.is_file() and path.name not in self.kept_in:
                found[str(path)] = path.read_bytes()
        return found

    kept_in = ("box.xml", "MicrosoftOAuth.json", "give", "heslo", "pop3Password", "smtpPassword",
               "client_secret")

    def assert_nowhere(self, secrets, *texts):
        for place, content in self.everything(*texts).items():
            for secret in secrets:
                self.assertNotIn(secret.encode(), content, place)

    def program(self, secret, before=""):
        """A program that prints a secret."""
        path = self.box.write("give", f"#!/bin/sh\n{before}\nprintf '%s\\n' '{secret}'\n")
        path.chmod(0o700)
        return f"command:{path}"

    def test_every_place_gives_the_password_that_opens_mailbox_and_mail_server(self):
        server = self.smtp(login=("platby", SMTP_SECRET))
        self.box.write("heslo", SMTP_SECRET + "\n").chmod(0o600)
        credentials = self.box.folder / "credentials"
        self.box.write("credentials/smtpPassword", SMTP_SECRET).chmod(0o600)
        self.box.write("credentials/pop3Password", "test")
        rows = [("env:SMTP_PASSWORD", {"SMTP_PASSWORD": SMTP_SECRET}), ("file:heslo", {}),
                (self.program(SMTP_SECRET), {}), (SMTP_SECRET, {}),
                (None, {"CREDENTIALS_DIRECTORY": str(credentials)})]
        for count, (password, variables) in enumerate(rows, 1):
            with self.subTest(password):
                pop3 = None if "CREDENTIALS_DIRECTORY" in variables else "test"
                self.box.write_settings(smtpPassword=password, pop3Password=pop3)
                number = str(count)
                self.box.import_documents(f"issued_invoice,{number},{number}00.00,{number}")
                self.box.mail(f"{number}.eml", fio(count * 10000, number))
                done = self.run_with("run", **variables)
                self.assertEqual(done.returncode, OK, done.stderr)
                self.assertEqual(len(server.mails()), count, done.stderr)
                self.assertEqual(server.mails()[-1].how["login"], "platby")
                self.assert_nowhere(traces(SMTP_SECRET), done.stdout, done.stderr)

    def test_doctor_advises_against_clear_text_and_files_that_others_can_read(self):
        self.box.write_settings(pop3Password=POP3_SECRET, smtpServer="localhost:1",
                                smtpName="platby", smtpPassword="file:heslo")
        self.box.write("heslo", SMTP_SECRET).chmod(0o644)
        (self.box.folder / "box.xml").chmod(0o644)
        (self.box.folder / "POP3Downloads").mkdir(mode=0o755)
        done = self.run_with("doctor", "--format", "json")
        warned = {(finding["subject"], finding["verdict"]): finding["what"]
                  for finding in json.loads(done.stdout) if finding["verdict"] == "warning"}
        self.assertIn("clear text", warned["pop3Password", "warning"])
        self.assertIn("can read", warned["smtpPassword", "warning"])
        self.assertIn("and the password in it", warned["settings", "warning"])
        self.assertIn("the mails in it", warned["archiveDir", "warning"])
        self.assert_nowhere(traces(SMTP_SECRET) + traces(POP3_SECRET, self.user), done.stdout,
                            done.stderr)

    def test_refused_logins_tell_everything_but_the_secret(self):
        self.smtp(login=("platby", "another"))
        self.settle_one()
        self.box.write_settings(pop3Password=POP3_SECRET, smtpPassword=SMTP_SECRET,
                                errorFrom="a@papirna.test", errorTo="b@papirna.test")
        texts = []
        for command in (("run",), ("doctor",), ("status",), ("notify",), ("messages", "list"),
                        ("fetch", "--log-format", "json")):
            done = self.run_with(*command)
            texts += [done.stdout, done.stderr]
        self.assertIn(b"refuses the login", b"".join(texts))
        self.assert_nowhere(traces(SMTP_SECRET) + traces(POP3_SECRET, self.user), *texts)

    def test_servers_that_repeat_the_login_are_not_quoted(self):
        pop3 = EchoServer(b"+OK\r\n", b"-ERR I do not like",
                          {b"CAPA": b"+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n"})
        smtp = EchoServer(b"220 hello\r\n", b"535 5.7.8 I do not like",
                          {b"EHLO": b"250-hello\r\n250 AUTH PLAIN\r\n", b"AUTH": b"334 \r\n"})
        self.addCleanup(pop3.end)
        self.addCleanup(smtp.end)
        self.settle_one()
        self.box.write_settings(
            pop3Url=f"localhost:{pop3.port}", pop3Tls="off", pop3Password=POP3_SECRET,
            smtpServer=f"localhost:{smtp.port}", smtpTls="off", smtpName="platby",
            smtpPassword=SMTP_SECRET)
        texts = []
        for command in (("run",), ("doctor",), ("status",), ("fetch",), ("notify",)):
            done = self.run_with(*command)
            texts += [done.stdout, done.stderr]
        # both were really told, in one form or another
        self.assertTrue(any(trace.encode() in pop3.heard for trace in traces(POP3_SECRET, self.user)),
                        pop3.heard)
        self.assertTrue(any(trace.encode() in smtp.heard for trace in traces(SMTP_SECRET)),
                        smtp.heard)
        self.assertIn(b"I do not like", b"".join(texts))
        self.assert_nowhere(traces(SMTP_SECRET) + traces(POP3_SECRET, self.user), *texts)

    def test_the_client_secret_and_the_token_are_told_to_nobody(self):
        wrong = "Trilobit-v-bahne-2718"
        for failures, secret in ((("secret",), wrong), (("nonsense",), wrong), ((), SECRET)):
            with self.subTest(failures):
                service = TokenService(self.authority, "somebody.else", failures=failures)
                self.addCleanup(service.end)
                settings = {"client_id": CLIENT, "tenant_id": "bench-tenant",
                            "token_uri": service.url, "auth_uri": service.url}
                self.box.write("Config/MicrosoftOAuth.json", json.dumps({"web": {
                    **settings, "client_secret": self.program(secret)}}))
                self.box.write_settings(pop3OAuth="true", pop3Password=None)
                texts = []
                for command in (("run",), ("doctor",), ("status",)):
                    done = self.run_with(*command)
                    texts += [done.stdout, done.stderr]
                self.assert_nowhere([wrong, SECRET + '"'], *texts)
                kept = list(self.box.folder.glob("POP3Downloads/.*.token"))
                self.assertEqual(len(kept), 0 if failures else 1)
                for path in kept:  # the one place for it, closed to others
                    self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
                    token = json.loads(path.read_text())["token"]
                    path.unlink()
                    self.assert_nowhere([token, token.rsplit(".", 1)[1]], *texts)

    def processes(self, ancestor):
        """(cmdline, environ) of `ancestor` and of everything below it."""
        parents, seen = {}, {}
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                parents[int(folder.name)] = int(fields[1])
                seen[int(folder.name)] = ((folder / "cmdline").read_bytes(),
                                          (folder / "environ").read_bytes())
            except (OSError, ValueError):
                continue
        def is_below(process):
            while process and process != ancestor:
                process = parents.get(process)
            return process == ancestor
        return {process: facts for process, facts in seen.items() if is_below(process)}

    def test_no_process_list_and_no_child_knows_a_secret(self):
        self.smtp(login=("platby", SMTP_SECRET))
        self.settle_one()
        self.box.write_settings(pop3Password=self.program(POP3_SECRET, "touch started; sleep 1"),
                                smtpPassword="env:SMTP_PASSWORD")
        process = subprocess.Popen(self.box.command("run", "-c", "box.xml"), cwd=self.box.folder,
                                   env=environment(SMTP_PASSWORD=SMTP_SECRET), text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not (self.box.folder / "started").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        seen = self.processes(process.pid)
        out, err = process.communicate(timeout=60)
        children = {pid: facts for pid, facts in seen.items() if pid != process.pid}
        self.assertGreaterEqual(len(children), 1, (seen, err))
        for secret in traces(SMTP_SECRET) + traces(POP3_SECRET, self.user):
            for pid, (command, variables) in seen.items():
                self.assertNotIn(secret.encode(), command)
                if pid != process.pid:  # its own were given by whoever started it
                    self.assertNotIn(secret.encode(), variables)
        self.assert_nowhere(traces(SMTP_SECRET) + traces(POP3_SECRET, self.user), out, err)

    def test_a_program_for_a_secret_is_no_shell_script(self):
        self.box.write_settings(pop3Password="command:/bin/echo $(touch hacked); touch hacked & `id`")
        done = self.run_with("fetch")
        self.assertEqual(done.returncode, PERMISSION, done.stderr)
        self.assertFalse((self.box.folder / "hacked").exists())
        for failing in ("/bin/false", "/no/such/program", "/bin/echo", "/usr/bin/printf a\\nb"):
            self.box.write_settings(pop3Password=f"command:{failing}")
            done = self.run_with("fetch")
            self.assertEqual(done.returncode, 78, (failing, done.stderr))
            self.assertIn(b"pop3Password", done.stderr)

    def test_a_crash_writes_no_image_of_the_memory(self):
        self.box.write_settings(pop3Password=POP3_SECRET, smtpServer="localhost:1",
                                smtpPassword=self.program(SMTP_SECRET, "touch started; sleep 30"),
                                smtpName="platby")
        self.settle_one()

        def allow_core_dumps():
            soft_and_hard = resource.getrlimit(resource.RLIMIT_CORE)
            resource.setrlimit(resource.RLIMIT_CORE, (soft_and_hard[1], soft_and_hard[1]))

        process = subprocess.Popen(self.box.command("doctor", "-c", "box.xml"), cwd=self.box.folder,
                                   env=environment(), preexec_fn=allow_core_dumps,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not (self.box.folder / "started").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text()
        (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        self.assertEqual(line.split()[4:6], ["0", "0"])
        children = [pid for pid in self.processes(process.pid) if pid != process.pid]
        os.kill(process.pid, signal.SIGABRT)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = status
        for child in children:  # our own program's sleep
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.assertTrue(os.WIFSIGNALED(status), status)
        self.assertFalse(os.WCOREDUMP(status))
        self.assertEqual([path for path in self.box.folder.rglob("*core*")], [])
        self.assert_nowhere(traces(SMTP_SECRET) + traces(POP3_SECRET, self.user))

    def test_what_the_program_creates_is_for_its_owner_alone(self):
        folder = self.scratch / "fresh"

        def call(*arguments):
            done = subprocess.run(self.box.command(*arguments), cwd=self.scratch,
                                  env=environment(), stdin=subprocess.DEVNULL, capture_output=True,
                                  preexec_fn=lambda: os.umask(0))
            self.assertEqual(done.returncode, OK, done.stderr)

        call("init", folder)
        self.box.folder = folder
        self.box.mail("1.eml", fio(10000, "1"))
        self.box.write("documents.csv", "kind,number,amount\nissued_invoice,1,100.00\n")
        ours = ("documents.csv",)
        call("documents", "import", folder / "documents.csv", "-c", folder / "box.xml")
        call("run", "-c", folder / "box.xml", "--log-file", folder / "logs/log.txt")
        found = [path for path in [folder, *folder.rglob("*")] if path.name not in ours]
        self.assertGreater(len(found), 6, found)
        for path in found:
            wanted = 0o700 if path.is_dir() else 0o600
            self.assertEqual(oct(stat.S_IMODE(path.stat().st_mode)), oct(wanted), path)


if __name__ == "__main__":
    unittest.main()
