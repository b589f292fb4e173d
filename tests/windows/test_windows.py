"""What only Windows has: its paths, its line ends, its locks, its way to start programs, Schannel.
paymentctl.exe runs under Wine; what does not depend on the system, tests/integration shows."""

import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "integration"), str(TESTS / "servers")]

from box import (CANNOT_CREATE, CONFIG, OK, SOURCE, TEMPORARY, USAGE, BoxTest,  # noqa: E402
                 environment, ndjson)
from notices import fio, many  # noqa: E402
from test_commands import commands  # noqa: E402
from test_every import LONGEST_FAREWELL, Service as Running  # noqa: E402
from fault_proxy import FaultProxy  # noqa: E402
from servers import Authority, Dovecot, SmtpServer  # noqa: E402

WINE = TESTS / "windows/wine"
FOLDER = "Účetní složka č. 1"


def on_windows(path):
    """The path as Windows sees a file of this system under Wine."""
    return "Z:" + str(path).replace("/", "\\")


class WindowsTest(BoxTest):
    def setUp(self):
        super().setUp()
        self.box = self.new_box(FOLDER)

    def wait_for(self, condition):
        deadline = time.monotonic() + 120
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)


class Paths(WindowsTest):
    def test_the_sample_of_paymentservice_with_its_backslashes_and_line_ends(self):
        eml = self.scratch / "Services/PaymentService/eml"
        eml.mkdir(parents=True)
        self.box.mail("one.eml", fio(1089000, "130100024"), folder=eml)
        keys = {"rootPath": r"C:\inetpub\wwwroot\netgenium", "stopFrom": "00:00", "stopTo": "06:00",
                "errorFrom": "paymentservice@firma.cz", "errorTo": "support@firma.cz",
                "infoFrom": "banka@firma.cz", "infoTo": "finance@firma.cz", "infoCc": "",
                "emlDir": on_windows(eml)}
        lines = ['<?xml version="1.0" encoding="utf-8" ?>', "<configuration>", "  <appSettings>"]
        lines += [f'    <add key="{key}" value="{value}" />' for key, value in keys.items()]
        lines += ["  </appSettings>", "</configuration>", ""]
        self.box.write("box.xml", b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(list(eml.iterdir()), [])
        self.assertEqual(len(self.box.archived()), 1)
        self.assertEqual([item["amount"] for item in self.box.payments()], ["10890.00"])

    def test_arguments_names_and_tables_keep_their_diacritics(self):
        mail = fio(1089000, "130100024")
        self.box.mail("Příjem na účet.eml", mail, folder="došlé maily")
        done = self.assert_exit(self.box.call("parse", "došlé maily"), OK)
        (line,) = ndjson(done.stdout)
        self.assertTrue(line["source"]["path"].endswith("Příjem na účet.eml"), line["source"])
        self.assertNotIn("\r", done.stdout)
        self.assert_exit(self.box.run("import-eml", on_windows(self.box.folder / "došlé maily")), OK)
        self.assertEqual(self.box.archived()[0].read_bytes(), mail)
        header = "kind,number,amount,variable_symbol,partner_name\r\n"
        row = "issued_invoice,130100024,10890.00,130100024,Smetáček a lopatka\r\n"
        self.box.write("doklady č. 2.csv", "\ufeff" + header + row)
        self.assert_exit(self.box.run("documents", "import", "doklady č. 2.csv",
                                      "--log-file", "deník změn.log", "-v"), OK)
        self.assertTrue((self.box.folder / "deník změn.log").exists())
        self.assertEqual(self.box.documents()["130100024"]["status"], "paid")
        table = self.assert_exit(self.box.run("documents", "list", "--format", "table"), OK).stdout
        self.assertIn("Smetáček a lopatka", table)

    def test_a_box_and_formats_with_diacritics(self):
        self.box.write_settings(formatsDir="přidané formáty")
        formats = (SOURCE / "tests/integration/formats/several.xml").read_bytes()
        self.box.write("přidané formáty/několik.xml", formats)
        (self.box.folder / "box.xml").rename(self.box.folder / "účetní.xml")
        self.box.mail("one.eml", fio(1089000, "130100024"))
        self.assert_exit(self.box.call("run", "-c", "účetní.xml"), OK)
        listed = self.assert_exit(self.box.call("formats", "list", "-c", "účetní.xml"), OK).stdout
        self.assertIn("několik.xml", listed)
        self.assertEqual(len(self.box.archived()), 1)

    def test_a_path_beyond_260_letters(self):
        folder = "/".join(["velmi dlouhé jméno složky s archivem"] * 7)
        self.box.write_settings(archiveDir=folder)
        self.box.mail("one.eml", fio(1089000, "130100024"))
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(len(list((self.box.folder / folder).glob("*/*.eml"))), 1)

    def test_a_name_that_windows_forbids_is_a_plain_error(self):
        self.box.write_settings(archiveDir='archiv<"?>')
        self.box.mail("one.eml", fio(1089000, "130100024"))
        self.assert_exit(self.box.run("run"), CANNOT_CREATE)
        self.assertEqual(self.box.mails_left(), ["one.eml"])


class Service(WindowsTest):
    """A service of the service control manager, from its installation to its end."""

    NAME = "PlatbyTest"

    def setUp(self):
        super().setUp()
        self.addCleanup(self.box.call, "uninstall-service", "--name", self.NAME)

    def windows(self, *words):
        return subprocess.run([WINE, *words], env=environment(), capture_output=True)

    @staticmethod
    def events():
        """What services have reported to the Event Log; `wine --hold` has them kept."""
        return (SOURCE / "build/wine/events").read_text("utf-8", "replace")

    def install(self, *arguments, code=OK):
        return self.assert_exit(
            self.box.run("install-service", "--name", self.NAME, *arguments), code)

    def status(self):
        done = self.box.call("service-status", "--name", self.NAME, "--format", "json")
        return done.returncode, json.loads(done.stdout)

    def test_it_posts_a_mail_stops_starts_changes_and_goes(self):
        self.install("--every", "1s")
        code, status = self.status()
        self.assertEqual((code, status["running"], status["installed"]), (OK, True, True))
        self.box.mail("one.eml", fio(1089000, "130100024"))
        posted = ": 1 mail fetched, 1 payment posted"
        self.wait_for(lambda: posted in self.events())
        started = time.monotonic()
        self.assertEqual(self.windows("net", "stop", self.NAME).returncode, OK)
        self.assertLess(time.monotonic() - started, 10)
        code, status = self.status()
        self.assertEqual((code, status["running"], status["installed"]), (1, False, True))
        self.assertEqual([item["amount"] for item in self.box.payments()], ["10890.00"])
        self.assertIn("stopped on request", self.events())
        # A stop in the middle of a run is none.
        self.assertNotIn(":err:eventlog:", self.events())
        self.box.mail("two.eml", fio(250000, "7"))
        self.install("--every", "2s")  # starts what was stopped
        self.wait_for(lambda: self.events().count(posted) == 2)
        self.assert_exit(self.box.call("uninstall-service", "--name", self.NAME), OK)
        self.wait_for(lambda: not self.status()[1]["installed"])  # when its process has gone
        self.assertEqual(len(self.box.payments()), 2)
        done = self.assert_exit(self.box.call("uninstall-service", "--name", self.NAME), OK)
        self.assertIn("there is no service", done.stderr)

    def test_somebody_elses_service_is_left_alone(self):
        self.windows("sc", "create", "Cizi", "binPath=", r"C:\windows\system32\cmd.exe")
        self.addCleanup(self.windows, "sc", "delete", "Cizi")
        for words in (("install-service", "-c", "box.xml"), ("uninstall-service",)):
            done = self.assert_exit(self.box.call(*words, "--name", "Cizi"), CANNOT_CREATE)
            self.assertIn("not from paymentctl", done.stderr)

    def test_a_dry_run_tells_and_installs_nothing(self):
        self.assertIn("would be done", self.install("--dry-run").stderr)
        self.assertFalse(self.status()[1]["installed"])

    def test_as_a_service_it_is_only_started_by_windows(self):
        done = self.assert_exit(self.box.run("run", "--as-service", self.NAME), USAGE)
        self.assertIn("install-service", done.stderr)


class EveryCommand(WindowsTest):
    """The zip that users get: each command once on its samples."""

    STEPS = (  # in this order; "{}" stands for a mail file of the archive
        ("init", "nová firma"),
        ("documents import", "documents.csv"),
        ("parse", "eml/01-paid.eml"),
        ("fetch",),
        ("run", "--dry-run"),
        ("run",),
        ("import-eml", "další"),
        ("import-statement", "statements/2026-08-fio.gpc"),
        ("notify",),
        ("payments list", "--status", "unmatched"),
        ("payments show", "10"),
        ("payments assign", "10", "130100026=100.00", "--why", "telefon, paní Nováková"),
        ("partners list",),
        ("partners forget", "670100-2267232686/6210"),
        ("payments unassign", "10", "--why", "omyl"),
        ("payments ignore", "11", "--why", "karta"),
        ("payments export",),
        ("review",),
        ("documents show", "130100024"),
        ("documents list",),
        ("documents export",),
        ("documents cancel", "NEVYDANA", "--why", "vydáno dvakrát"),
        ("messages list",),
        ("messages show", "14"),
        ("messages retry", "14"),
        ("mail-auth", "{}"),  # a path with / in front, no option
        ("ledger check",),
        ("ledger backup", "záloha.db"),
        ("ledger move", "záloha.db", "přestěhováno č. 2.db"),
        ("archive prune", "--older-than", "10y"),
        ("formats list",),
        ("formats show", "fio-classic"),
        ("formats check", "fio.xml"),
        ("doctor",),
        ("install-service", "--print", "task"),
        ("completion", "powershell"),
    )
    ELSEWHERE = {"match", "post",  # in the chain
                 "uninstall-service", "service-status",  # above
                 "messages release"}  # below, of a mail that anybody may have written
    WITHOUT_BOX = ("init", "ledger move", "formats check", "completion")

    def setUp(self):
        super().setUp()
        (packed,) = (SOURCE / "build").glob("paymentctl-*-windows.zip")
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(self.scratch / "Program Files")
        (self.unpacked,) = (self.scratch / "Program Files").iterdir()
        shutil.copytree(self.unpacked / "samples", self.box.folder, dirs_exist_ok=True)
        shutil.copy(self.unpacked / "parsers/fio.xml", self.box.folder)
        with open(self.box.folder / "documents.csv", "ab") as documents:
            documents.write(self.cancelled_document())
        self.box.mail("jeden.eml", fio(777, "1"), folder="další")

    def cancelled_document(self):
        header = (self.box.folder / "documents.csv").read_text("utf-8").splitlines()[0].split(",")
        values = {"kind": "issued_invoice", "number": "NEVYDANA", "amount": "1.00", "currency": "CZK"}
        return ",".join(values.get(name, "") for name in header).encode() + b"\r\n"

    def test_the_unpacked_program_runs(self):
        program = [WINE, self.unpacked / "paymentctl.exe", "--version"]
        done = subprocess.run(program, cwd=self.scratch, env=environment(), capture_output=True)
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertRegex(done.stdout, rb"^paymentctl \d+\.\d+\.\d+ \(")
        settings = (self.box.folder / "box.xml").read_bytes()
        self.assertEqual(settings.count(b"\n"), settings.count(b"\r\n"))

    def test_each_does_its_work(self):
        done = {}
        for words, *arguments in self.STEPS:
            arguments = [str(self.box.archived()[0]) if word == "{}" else word for word in arguments]
            call = self.box.call if words in self.WITHOUT_BOX else self.box.run
            with self.subTest(words):
                called = call(*words.split(), *arguments, stdin="s\n" * 9)
                done[words] = self.assert_exit(called, OK).stdout
        self.assertEqual(self.assert_exit(self.box.run("status"), 1).stderr, "")
        self.assertTrue((self.box.folder / "nová firma/box.xml").exists())
        self.assertEqual(ndjson(done["parse"])[0]["amount"], "10890.00")
        self.assertEqual(ndjson(done["payments assign"])[0]["status"], "partially_paid")
        self.assertIn("NAJEM-2026-09", done["documents export"])
        moved = {line["table"]: line["rows"] for line in ndjson(done["ledger move"])}
        self.assertEqual(moved["payment"], len(self.box.payments()))
        self.assertEqual(self.box.mails_left(), [])
        tested = {words for words, *_ in self.STEPS} | self.ELSEWHERE | {"status"}
        self.assertEqual(tested, {" ".join(words) for words in commands(self.box.call)})

    def test_a_ledger_on_a_server_is_refused_with_what_to_do(self):
        done = self.assert_exit(self.box.call(
            "ledger", "move", "postgresql://db.firma.test/platby", "zpět.db"), CONFIG)
        self.assertIn("built without PostgreSQL", done.stderr)


class Mailbox(WindowsTest):
    """POP3 over TLS by Schannel, from a real server."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="paymentctl-windows.")
        base = pathlib.Path(cls.folder.name)
        cls.authority = Authority(base / "úřad")
        cls.stranger = Authority(base / "cizí", name="somebody else")
        cls.dovecot = Dovecot(base / "dovecot", cls.authority.certificate("server"),
                              cls.authority.token_keys())

    @classmethod
    def tearDownClass(cls):
        cls.dovecot.end()
        cls.folder.cleanup()

    def mailbox(self, user, **settings):
        self.dovecot.deliver(user, [fio(1089000, "130100024"), fio(250000, "7")])
        self.box.write_settings(pop3Url=f"localhost:{self.dovecot.tls_port}", pop3Name=user,
                                pop3Password="test", **settings)

    def test_mails_come_over_tls_and_are_deleted_and_the_password_comes_from_a_program(self):
        self.mailbox("good", pop3CaFile=on_windows(self.authority.file))
        self.box.write_settings(pop3Password="command:cmd /c echo test")
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.dovecot.left("good"), 0)
        self.assertEqual(sorted(item["amount"] for item in self.box.payments()),
                         ["10890.00", "2500.00"])

    def test_starttls_too(self):
        self.mailbox("start", pop3CaFile=on_windows(self.authority.file), pop3Tls="starttls")
        self.box.write_settings(pop3Url=f"localhost:{self.dovecot.port}")
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual(self.dovecot.left("start"), 0)

    def test_a_person_releases_what_nobody_vouches_for(self):
        self.mailbox("forged", pop3CaFile=on_windows(self.authority.file),
                     requireAuthentication="strong")
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual([mail["state"] for mail in self.box.messages()], ["quarantined"] * 2)
        self.assert_exit(self.box.run("messages", "release", "1", "--why", "telefon, paní Nováková"),
                         OK)
        self.assert_exit(self.box.run("run"), OK)
        self.assertEqual([item["amount"] for item in self.box.payments()], ["10890.00"])
        (*_, last) = self.box.listed("messages", "show", "1")["journal"]
        self.assertEqual(last["why"], "telefon, paní Nováková")

    def test_ctrl_c_keeps_what_came_and_says_quit(self):
        mails = [mail for mail, _, _ in many(300)]
        self.dovecot.deliver("interrupted", mails)
        with FaultProxy(self.dovecot.port, piece=2000, pause=0.02, record=True) as line:
            self.box.write_settings(pop3Url=f"localhost:{line.port}", pop3Tls="off",
                                    pop3Name="interrupted", pop3Password="test")
            running = Running(self, self.box, "-c", "box.xml", "--every", "1s")
            self.wait_for(lambda: any(len(each.received) > 20000 for each in line.connections))
            # Wine has the program's handlers called as a console does.
            code, seconds, _ = running.stop(signal.SIGINT)
        self.assertEqual((code, running.log[-1]), (OK, "paymentctl: stopped on request\n"))
        self.assertLess(seconds, LONGEST_FAREWELL)
        kept = len(self.box.archived())
        self.assertIn(kept, range(1, len(mails)))
        self.assertEqual(self.dovecot.left("interrupted"), len(mails) - kept)

    def test_a_single_run_that_ctrl_c_ends_says_so(self):
        with FaultProxy(self.dovecot.port, stall_at=0) as line:
            self.box.write_settings(pop3Url=f"localhost:{line.port}", pop3Tls="off",
                                    pop3Name="single", pop3Password="test")
            running = Running(self, self.box, "-c", "box.xml")
            self.wait_for(lambda: line.connections)
            code, seconds, _ = running.stop(signal.SIGINT)
        self.assertEqual(code, TEMPORARY, running.log)
        self.assertLess(seconds, LONGEST_FAREWELL)

    def test_a_certificate_of_another_authority_is_refused_and_nothing_is_fetched(self):
        self.mailbox("bad", pop3CaFile=on_windows(self.stranger.file))
        done = self.box.run("run")
        self.assertNotEqual(done.returncode, OK)
        self.assertIn("certificate", done.stderr)
        self.assertEqual(self.dovecot.left("bad"), 2)
        self.assertEqual(self.box.messages(), [])

    def test_notifications_leave_over_tls_and_not_to_a_stranger(self):
        server = SmtpServer(self.scratch / "smtp", certificate=self.authority.certificate("smtp"))
        self.addCleanup(server.end)
        for authority in (self.stranger, self.authority):
            self.assertEqual(server.mails(), [])
            box = self.new_box(f"box of {authority.folder.name}", smtpTls="starttls",
                               smtpServer=f"localhost:{server.port}",
                               smtpCaFile=on_windows(authority.file))
            box.import_documents("issued_invoice,130100024,10890.00,130100024,Smetáček a lopatka")
            box.mail("one.eml", fio(1089000, "130100024"))
            done = box.run("run")
        self.assertEqual(len(server.mails()), 1, done.stderr)
        (mail,) = server.mails()
        self.assertTrue(mail.how["tls"])
        self.assertIn("Smetáček a lopatka", mail.get_content())


class Together(WindowsTest):
    def test_a_second_run_on_the_mailbox_ends_at_once_and_the_lock_dies_with_its_process(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.box.write_settings(pop3Url=f"127.0.0.1:{silent.getsockname()[1]}", pop3Tls="off",
                                pop3Name="box", pop3Password="test")
        first = self.box.start("run", "-c", "box.xml", stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        self.addCleanup(first.kill)
        connection, _ = silent.accept()  # by now the first one has the lock
        self.addCleanup(connection.close)
        second = self.assert_exit(self.box.run("run"), TEMPORARY)
        self.assertIn("is held by process", second.stderr)
        first.kill()
        first.wait()
        self.box.write_settings(pop3Url=None)
        self.box.mail("one.eml", fio(1089000, "130100024"))
        self.wait_for(lambda: self.box.run("run").returncode == OK)
        self.assertEqual(self.box.mails_left(), [])


if __name__ == "__main__":
    unittest.main()
