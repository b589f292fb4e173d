"""Runs paymentctl on a company, step by step as the days go by, and holds the result against the truth."""

import collections
import json
import pathlib
import shutil
import time

import bank_mails
from bank_mails import OWN_ACCOUNTS, CSOB_EUR
from box import Box  # beside the integration tests
from company import CSV_HEADER, DAYS, Company
import mistakes

TOLERANCE = "1.00"

# How far apart a notice and a statement may date one movement.
DAYS_APART = 5

# What must not happen to any payment.
BAD = ("wrong", "lost", "twice")


def settings():
    own = ", ".join(f"{account}:EUR" if account == CSOB_EUR else account for account in OWN_ACCOUNTS)
    return {"emlDir": None, "ownAccounts": own, "amountTolerance": TOLERANCE,
            "requireAuthentication": "off", "infoFrom": None, "infoTo": None}


def call(box, *arguments):
    done = box.run(*arguments, timeout=3600)
    if done.returncode not in (0, 65):
        raise SystemExit(f"{arguments}: exit {done.returncode}: {done.stderr}")
    return done


class Course:
    """The days of a company, a few at a time: documents are imported, then mails are processed."""

    def __init__(self, folder, seed, payments, days_a_step):
        self.company = Company(seed, payments)
        mistakes.pay(self.company)
        self.postman = bank_mails.Postman(self.company.rng)
        self.box = Box(folder, **settings())
        self.days_a_step = days_a_step
        self.seconds = 0.0

    def run(self, tell=lambda text: None):
        by_step = [collections.defaultdict(list), collections.defaultdict(list)]
        for invoice in self.company.invoices:
            by_step[0][max(0, invoice.shown) // self.days_a_step].append(invoice)
        for payment in self.company.payments:
            by_step[1][payment.day // self.days_a_step].append(payment)
        for step in range(DAYS // self.days_a_step + 1):
            self._step(step, by_step[0][step], by_step[1][step])
            tell(f"day {step * self.days_a_step}: {self.seconds:.0f} s")

    def _step(self, step, invoices, payments):
        if invoices:
            lines = [CSV_HEADER, *(invoice.row() for invoice in invoices)]
            self.box.write("documents.csv", "\n".join(lines) + "\n")
            self._timed("documents", "import", "documents.csv", "--quiet")
        # The statement comes after the mails of its days or before them.
        tellings = [self._mails, self._statement]
        for tell in reversed(tellings) if step % 3 == 2 else tellings:
            tell(step, payments)

    def _mails(self, _step, payments):
        sent = [payment for payment in payments if not self.postman.forgets(payment)]
        folder = self.box.folder / "mails"
        folder.mkdir()
        for number, (mail, _) in enumerate(self.postman.mails(sent)):
            (folder / f"{number:06d}.eml").write_bytes(mail)
        if sent:
            self._timed("import-eml", folder, "--quiet")
        shutil.rmtree(folder)

    def _statement(self, step, payments):
        first = step * self.days_a_step
        name, content = self.postman.statement(payments, step + 1, first,
                                               first + self.days_a_step - 1)
        self._timed("import-statement", self.box.write(name, content), "--quiet")

    def _timed(self, *arguments):
        started = time.perf_counter()
        call(self.box, *arguments)
        self.seconds += time.perf_counter() - started

    def verdicts(self):
        done = call(self.box, "payments", "list", "--format", "ndjson")
        told = {}
        for line in done.stdout.splitlines():
            row = json.loads(line)
            source = row["source"]
            by = (source["message_id"] or pathlib.PurePath(source["path"]).name).split("@")[0]
            told[by, source["index"]] = row
        rows_of = []
        for payment in self.company.payments:
            rows = [told.pop(by) for by in payment.told_by if by in told]
            rows_of.append([row for row in rows if row["status"] != "duplicate"])
        share_among_equals(self.company.payments, rows_of)
        verdicts = [Verdict(payment, rows, self.company.by_partner)
                    for payment, rows in zip(self.company.payments, rows_of)]
        return verdicts, len(told)

    def check_ledger(self):
        call(self.box, "ledger", "check")


def share_among_equals(payments, rows_of):
    """The mail of one and the statement's row of another payment, equal in all that is told but the
    day, may have been taken for one: nobody could tell, and there are as many as there were."""
    equals = collections.defaultdict(list)
    for payment, rows in zip(payments, rows_of):
        equals[payment.own, payment.account, payment.outgoing, payment.hellers, payment.currency,
               payment.symbol, payment.message].append((payment, rows))
    for group in equals.values():
        for payment, rows in group:
            for other, others in group:
                if not rows and len(others) > 1 and abs(payment.day - other.day) <= DAYS_APART:
                    others.sort(key=lambda row: not row["allocations"])
                    rows.append(others.pop(0 if payment.meant else -1))


def is_as_good(other, invoice, hellers):
    """Equal documents of one partner, under one symbol or paid whole, are one as good as the other."""
    return other.hellers == invoice.hellers and (
        hellers == invoice.hellers or other.pays_with == invoice.pays_with)


class Verdict:
    """What became of one payment: settled, left to a person, wrong, lost or taken for two."""

    def __init__(self, payment, rows, by_partner):
        self.payment = payment
        self.row = row = rows[0] if rows else None
        self.by_partner = by_partner
        allocations = [] if row is None else row["allocations"]
        meant = {invoice.key: invoice for invoice, _ in payment.meant}
        right = [allocation for allocation in allocations if self._is_meant(allocation, meant)]
        if row is None:
            self.name = "lost"
        elif len(rows) > 1:
            self.name = "twice"
        elif len(right) < len(allocations):
            self.name = "wrong"
        elif not allocations:
            self.name = "left"
        else:
            self.name = "settled" if len(right) == len(meant) else "part"

    def _is_meant(self, allocation, meant):
        document = allocation["document"]
        key = document["kind"], document["number"], document.get("partner")
        if key in meant:
            return True
        hellers = round(float(allocation["amount"]) * 100)
        return any(other.key == key and is_as_good(other, invoice, hellers)
                   for invoice, _ in self.payment.meant
                   for other in self.by_partner[invoice.partner.ico])

    def text(self):
        payment = self.payment
        why = self.row and self.row["why"]
        return (f"{self.name}: {payment.mistake}: {payment.hellers / 100:.2f} {payment.currency} "
                f"VS {payment.symbol or '-'} for "
                f"{', '.join(invoice.number for invoice, _ in payment.meant) or 'nothing'}: {why}")


def table(verdicts):
    """A line a mistake: payments, of those the rules could settle they did, and what became of all."""
    groups = collections.defaultdict(list)
    for verdict in verdicts:
        groups[verdict.payment.mistake].append(verdict)
    groups["all"] = verdicts
    lines = [f"{'mistake':<34} {'payments':>8} {'could':>7} {'did':>7} {'settled':>8} {'in part':>8} "
             f"{'left':>7} {'wrong':>6} {'lost':>5} {'twice':>6}"]
    for mistake, found in sorted(groups.items(), key=lambda item: (item[0] == "all", -len(item[1]))):
        counts = collections.Counter(verdict.name for verdict in found)
        could = [verdict for verdict in found if verdict.payment.clear]
        did = sum(verdict.name == "settled" for verdict in could)
        lines.append(f"{mistake:<34} {len(found):>8} {len(could):>7} {did:>7} {counts['settled']:>8} "
                     f"{counts['part']:>8} {counts['left']:>7} {counts['wrong']:>6} {counts['lost']:>5} {counts['twice']:>6}")
    return "\n".join(lines)
