"""Five banks' notices filled in with the movements of a company, as tests/mails has their wording,
and the statements of one of them."""

import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "integration"))

import notices  # noqa: E402  (beside the integration tests)
import statements  # noqa: E402

FIRST_DAY = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.timezone.utc)

# Our accounts. The notices of the first four say the payer's message; Komerční banka's do not.
FIO, CSAS, CSOB, UNICREDIT, KB, CSOB_EUR = OWN_ACCOUNTS = (
    "2052601819/2010", "6066176030/0800", "182633043/0300", "184148527/2700",
    "107-1471049745/0100", "5051686260/0300")
WITH_MESSAGE = (FIO, CSAS, CSOB, UNICREDIT)


def moment(payment):
    return FIRST_DAY + datetime.timedelta(days=payment.day, minutes=payment.minute)


def written(hellers, separator="\u00a0"):
    return notices.amount(hellers, separator)


def fio(payment, balance, **options):
    return notices.fio(payment.hellers, payment.symbol, outgoing=payment.outgoing,
                       account=payment.account or "", message=payment.message, balance=balance,
                       **options)


def csas(payment, balance, **options):
    return notices.csas(payment.hellers, payment.symbol, outgoing=payment.outgoing,
                        account=payment.account or "", message=payment.message, balance=balance,
                        **options)


def csob_block(payment, balance):
    own, currency = payment.own.split("/")[0], payment.currency
    day = moment(payment)
    sign = "-" if payment.outgoing else "+"
    kind = {"fee": "Poplatek", "card": "Platba kartou"}.get(
        payment.kind, "Odchozí platba" if payment.outgoing else "Došlá platba")
    what = ("zaúčtována transakce platební kartou." if payment.kind == "card"
            else f"zaúčtovaná transakce typu: {kind}.")
    lines = [f"Dne {day.day}.{day.month}.{day.year} byla na účtu {own} {what}", "",
             "Název smlouvy: Ukázková papírna s.r.o.", "Číslo smlouvy: 29180586",
             "Majitel smlouvy: Ukázková papírna s.r.o.",
             f"Účet: {own}, {currency}, UKAZKOVA PAPIRNA",
             f"Částka: {sign}{written(payment.hellers, ' ')} {currency}"]
    rest = [("Účet protistrany", payment.account), ("Název protistrany", payment.name),
            ("Variabilní symbol", payment.symbol), ("Zpráva příjemci", payment.message)]
    lines += [f"{label}: {value}" for label, value in rest if value]
    lines += ["", f"Zůstatek na účtu po zaúčtování transakce: +{written(balance, ' ')} {currency}."]
    return "\n".join(lines)


def csob(payments, balances, **options):
    """One mail about several movements, as ČSOB sends them."""
    blocks = [csob_block(payment, balance) for payment, balance in zip(payments, balances)]
    body = "\n\n".join(["Vážený kliente,",
                        "toto je automaticky generovaný e-mail ze služby ČSOB CEB, "
                        "neodpovídejte na něj.", *blocks, "S přáním krásného dne\nVaše ČSOB\n"])
    return notices.mail(body, notices.encoded_word("CEB Info: Zaúčtování platby"),
                        sender="CSOB Notification <notification@csob.cz>", **options)


def unicredit(payment, _balance, **options):
    hellers = -payment.hellers if payment.outgoing else payment.hellers
    day = moment(payment)
    body = "<br/>\n".join([
        "<html>Dobrý den,",
        f"na Vašem účtu č. {payment.own.split('/')[0]} ({payment.currency}) Ukazkova papirna právě"
        " proběhla transakce s následujícími údaji:", "",
        f"Částka: {hellers / 100:,.2f} {payment.currency}",
        f"Číslo účtu protistrany: {payment.account or ''}",
        f"Název účtu protistrany: {payment.name}",
        f"Variabilní symbol: {payment.symbol}",
        "Specifický symbol: ",
        f"Detaily transakce: {payment.message}",
        f"Datum: {day:%d.%m.%Y %H:%M:%S}", "", "S pozdravem,", "Vaše UniCredit Bank", "</html>"])
    return notices.mail(body + "\n", notices.encoded_word("Informace_o_pohybu_na_účtu"),
                        sender="UniCredit Bank <unicreditbank@unicreditgroup.cz>",
                        content_type="text/html; charset=UTF-8", **options)


def kb(payment, _balance, number, **options):
    theirs = payment.account or "/"
    sides = (payment.own, theirs) if payment.outgoing else (theirs, payment.own)
    body = (f"Oznamujeme Vam provedeni platby z uctu cislo {sides[0]} na ucet cislo {sides[1]} "
            f"castka {written(payment.hellers, ' ')} {payment.currency} , datum splatnosti "
            f"{moment(payment):%d.%m.%Y}, variabilni symbol platby {payment.symbol or '0'}, "
            "specificky symbol 0. Typ transakce: Uhrada.\n\nVase Komercni banka, a.s.\n")
    return notices.mail(body, f"Oznameni ID: {140000000 + number}", sender="info@kb.cz", **options)


WRITERS = {FIO: fio, CSAS: csas, UNICREDIT: unicredit}


class Postman:
    """Writes the movements of a day as mails; knows the balance of each of our accounts."""

    def __init__(self, rng):
        self.rng = rng
        self.balances = {own: 10**9 for own in OWN_ACCOUNTS}
        self.stated = 10**9  # the balance at the end of Fio's last statement
        self.count = 0

    def forgets(self, payment):
        """Some mails never come; the statement of the account tells of their payments."""
        return payment.own == FIO and self.rng.random() < 0.05

    def statement(self, payments, number, first_day, last_day):
        """The name and bytes of Fio's statement of some days; tells each payment where it stands."""
        name = f"fio-{number:03d}.gpc"
        rows = []
        for payment in (payment for payment in payments if payment.own == FIO):
            payment.told_by.append((name, len(rows)))
            rows.append(statements.row(
                payment.hellers, payment.symbol, f"{moment(payment):%d%m%y}",
                code="1" if payment.outgoing else "2", counter=payment.account or "",
                name=payment.name, message=payment.message))
        first, last = (f"{FIRST_DAY + datetime.timedelta(days=day):%d%m%y}"
                       for day in (first_day, last_day))
        opening = self.stated
        self.stated += sum(hellers for _, hellers, _ in rows)
        return name, statements.gpc(rows, opening=opening, number=number, first=first, last=last)

    def _balance_after(self, payment):
        change = -payment.hellers if payment.outgoing else payment.hellers
        self.balances[payment.own] += change
        return self.balances[payment.own]

    def mails(self, payments):
        """Yields (mail, its payments); tells each payment by which mail it comes."""
        at = 0
        while at < len(payments):
            payment = payments[at]
            told = [payment]
            if payment.own.endswith("/0300"):
                most = self.rng.choice((1, 1, 2, 4))
                while (len(told) < most and at + len(told) < len(payments)
                       and payments[at + len(told)].own == payment.own):
                    told.append(payments[at + len(told)])
            at += len(told)
            yield self._mail(told), told

    def _mail(self, told):
        self.count += 1
        first = told[0]
        balances = [self._balance_after(payment) for payment in told]
        for index, payment in enumerate(told):
            payment.told_by.append((f"company-{self.count}", index))
        options = {"when": int(moment(first).timestamp()), "message_id": f"company-{self.count}"}
        if first.own.endswith("/0300"):
            return csob(told, balances, **options)
        if first.own == KB:
            return kb(first, balances[0], self.count, **options)
        return WRITERS[first.own](first, balances[0], **options)
