"""A company with its partners, documents and payments, and what each payment was meant to settle."""

import dataclasses
import random

from bank_mails import CSOB_EUR, OWN_ACCOUNTS, notices

DAYS = 60
LONGEST_WAIT = 25  # days between a document and its last payment
NEVER_PAID = 0.04

WORDS = ("Dub", "Javor", "Lípa", "Buk", "Jasan", "Olše", "Vrba", "Habr", "Jilm", "Modřín", "Smrk",
         "Jedle", "Topol", "Bříza", "Kaštan", "Ořech", "Třešeň", "Švestka", "Meruňka", "Rybíz")
TRADES = ("truhlářství", "pekařství", "velkoobchod", "doprava", "stavby", "účetnictví", "tiskárna",
          "zahradnictví", "pneuservis", "knihkupectví", "lékárna", "reklama")
FORMS = ("s.r.o.", "a.s.", "spol. s r.o.", "a syn")
FLAT_RATES = (50000, 121000, 242000, 605000)
BANKS = ("0100", "0300", "0600", "0800", "2010", "2700", "3030", "5500")


@dataclasses.dataclass
class Partner:
    ico: str
    name: str
    account: str
    known: bool  # the account stands on his documents
    flat_rate: int = 0
    currency: str = "CZK"
    wordless: bool = False  # owes the same every time and never says for what he pays


@dataclasses.dataclass
class Invoice:
    kind: str
    number: str
    symbol: str  # as in the file; empty where it is the digits of the number
    partner: Partner
    hellers: int
    issued: int
    due: int
    shown: int = 0  # the day on which the program gets it
    negative: bool = False  # a credit note in the file of its kind
    touched: bool = False  # its payments are decided

    @property
    def currency(self):
        return self.partner.currency

    @property
    def by_contract(self):
        return self.kind == "other_receivable" and self.partner.flat_rate > 0

    @property
    def outgoing(self):
        return self.kind in ("received_invoice", "other_payable")

    @property
    def pays_with(self):
        return self.symbol or "".join(filter(str.isdigit, self.number))

    @property
    def key(self):
        """Document as the program's results name it: what we received has the partner's name too."""
        return self.kind, self.number, f"id:{self.partner.ico}" if self.outgoing else None

    def row(self):
        kind, sign = self.kind, ""
        if self.negative:
            kind = {"issued_invoice": "received_invoice", "received_invoice": "issued_invoice"}[kind]
            sign = "-"
        partner = self.partner
        account = partner.account if partner.known else ""
        return (f'{kind},{self.number},{partner.ico},"{partner.name}",{account},{self.symbol},'
                f"{self.currency},{sign}{self.hellers / 100:.2f},{date(self.issued)},"
                f"{date(self.due)}")


CSV_HEADER = ("kind,number,partner_id,partner_name,partner_account,variable_symbol,currency,"
              "amount,issued_on,due_on")


@dataclasses.dataclass
class Payment:
    mistake: str
    day: int
    hellers: int
    symbol: str
    meant: list  # of (invoice, hellers): what it was meant to settle
    outgoing: bool = False
    account: str | None = None
    name: str = ""
    message: str = ""
    own: str = ""
    currency: str = "CZK"
    kind: str = "transfer"
    clear: bool = False  # the rules could settle it
    minute: int = 0
    # The mail and the place in it; the statement and the place in it.
    told_by: list = dataclasses.field(default_factory=list)


def date(day):
    month, rest = divmod(day, 28)
    return f"2026-{7 + month:02d}-{rest + 1:02d}"


class Company:
    """All documents and payments of `payments` payments' worth of business, from one seed."""

    def __init__(self, seed, payments):
        self.rng = random.Random(seed)
        self.customers = [self._partner(0.35) for _ in range(max(30, payments // 20))]
        self.suppliers = [self._partner(1.0) for _ in range(max(10, payments // 60))]
        self.invoices = sorted((self._invoice() for _ in range(payments)),
                               key=lambda invoice: invoice.issued)
        self._number()
        self.by_partner = {}
        for invoice in self.invoices:
            self.by_partner.setdefault(invoice.partner.ico, []).append(invoice)
        self.payments = []
        self.paid_by = {}  # payments by the partner's number

    def _partner(self, known):
        rng = self.rng
        name = f"{rng.choice(WORDS)} {rng.choice(TRADES)} {rng.randint(1, 999)} {rng.choice(FORMS)}"
        foreign = rng.random() < 0.02
        flat = rng.choice(FLAT_RATES) if not foreign and rng.random() < 0.2 else 0
        return Partner(str(rng.randint(10**7, 10**8 - 1)), name,
                       f"{notices.number(rng)}/{rng.choice(BANKS)}", rng.random() < known, flat,
                       "EUR" if foreign else "CZK", flat > 0 and rng.random() < 0.1)

    def _invoice(self):
        rng = self.rng
        received = rng.random() < 0.25
        partner = rng.choice(self.suppliers if received else self.customers)
        kind = "received_invoice" if received else "issued_invoice"
        if rng.random() < 0.05:
            kind = "other_payable" if received else "other_receivable"
        hellers = partner.flat_rate or self.amount()
        issued = rng.randint(0, DAYS - LONGEST_WAIT - 5)
        return Invoice(kind, "", "", partner, hellers, issued, issued + 14, issued)

    def amount(self):
        """Whole crowns, whole hundreds, or with hellers, as prices are."""
        rng = self.rng
        hellers = int(rng.lognormvariate(12.5, 1.2)) + 1000
        return rng.choice((hellers, hellers, hellers - hellers % 100, hellers - hellers % 10000 + 10000))

    def _number(self):
        """Ours one after the other, as everybody numbers; a supplier's as he does."""
        for count, invoice in enumerate(self.invoices, 1):
            if invoice.kind == "issued_invoice":
                invoice.number = (f"FV-2026-{count:06d}" if count % 5 == 0 else str(26_000_000 + count))
            elif invoice.kind == "other_receivable":
                # Equal ones, month after month, under one contract's symbol.
                contract = f"55{invoice.partner.ico[:6]}" if invoice.partner.flat_rate else ""
                invoice.number, invoice.symbol = f"P{count}", contract or str(31_000_000 + count)
            else:
                own = self.rng.randint(1, max(900, len(self.invoices)))
                invoice.number = f"{invoice.partner.ico[-3:]}-{own}-{count}"
                invoice.symbol = str(self.rng.choice((20_260_000 + own, self.rng.randint(10**6, 10**10 - 1))))

    def own_account(self, invoice):
        if invoice.currency == "EUR":
            return CSOB_EUR
        return OWN_ACCOUNTS[sum(map(ord, invoice.partner.ico)) % 5]

    def payment(self, invoice, day, hellers=None, **changes):
        """A payment of an invoice as it should be, but for the changes."""
        partner = invoice.partner
        hellers = hellers or invoice.hellers
        values = {"mistake": "as it should be", "day": day, "hellers": hellers,
                  "symbol": invoice.pays_with, "meant": [(invoice, hellers)],
                  "outgoing": invoice.outgoing, "account": partner.account, "name": partner.name,
                  "own": self.own_account(invoice), "currency": invoice.currency, "clear": True,
                  "minute": self.rng.randint(0, 500)}
        payment = Payment(**{**values, **changes})
        self.payments.append(payment)
        self.paid_by.setdefault(partner.ico, []).append(payment)
        return payment

    def payments_of(self, invoice):
        return self.paid_by.get(invoice.partner.ico, [])

    def stranger(self):
        return f"{notices.number(self.rng)}/{self.rng.choice(BANKS)}"

