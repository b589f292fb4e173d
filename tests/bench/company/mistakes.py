"""What people do wrong when they pay: one function a mistake, and how often each happens.

A function gets the company, an invoice and the day on which it is to be paid, and writes the
payments with what they were meant for; False when the mistake does not fit this invoice. `clear`
says that the rules could settle a payment: nothing is missing that they need.
"""

import bank_mails
from company import DAYS, LONGEST_WAIT, NEVER_PAID, Invoice

NOISE = ("platba", "dekujeme", "uhrada dle dohody", "za 08/2026", "objednavka 45", "")


def as_it_should_be(company, invoice, day):
    company.payment(invoice, day, message=company.rng.choice(NOISE))


def zeros_before_the_symbol(company, invoice, day):
    company.payment(invoice, day, symbol=invoice.pays_with.zfill(10))


def from_a_strange_account(company, invoice, day):
    company.payment(invoice, day, account=company.stranger())


def from_another_partners_account(company, invoice, day):
    other = company.rng.choice(company.customers)
    company.payment(invoice, day, account=other.account, name=other.name)


def to_another_account_of_ours(company, invoice, day):
    if invoice.currency != "CZK":
        return False
    company.payment(invoice, day, own=company.rng.choice(bank_mails.OWN_ACCOUNTS[:5]))


def no_symbol(company, invoice, day):
    """Only the account can tell."""
    if invoice.partner.flat_rate:
        return False
    company.payment(invoice, day, symbol="", message=company.rng.choice(NOISE),
                    clear=invoice.partner.known)


def never_a_symbol(company, invoice, day):
    """A partner who owes the same every time and never says for what: the one due first is paid."""
    company.payment(invoice, day, symbol="", clear=invoice.partner.known)


def symbol_in_the_message(company, invoice, day):
    named = company.rng.choice((f"faktura {invoice.number}", f"VS{invoice.pays_with}",
                                f"fa c. {invoice.pays_with}, dekujeme"))
    payment = company.payment(invoice, day, symbol="", message=named)
    return say(payment, company)


def number_as_symbol(company, invoice, day):
    """Somebody types the number of a document that has another symbol."""
    digits = "".join(filter(str.isdigit, invoice.number))
    if not invoice.symbol or not 0 < len(digits) <= 10:
        return False
    company.payment(invoice, day, symbol=digits, clear=invoice.partner.known)


def slip(rng, symbol):
    """One finger wrong: a digit replaced, two swapped, one lost, one doubled."""
    at = rng.randrange(len(symbol) - 1)
    return rng.choice((
        symbol[:at] + str((int(symbol[at]) + rng.randint(1, 9)) % 10) + symbol[at + 1:],
        symbol[:at] + symbol[at + 1] + symbol[at] + symbol[at + 2:],
        symbol[:at] + symbol[at + 1:],
        (symbol[:at] + symbol[at] + symbol[at:])[:10]))


def has_paid_before(company, invoice, day):
    """When somebody's symbol comes from an account that nobody has ever seen, no rule can know."""
    return invoice.partner.known or any(
        payment.mistake in EXACT and payment.day < day - 7 and payment.symbol
        and payment.account == invoice.partner.account for payment in company.payments_of(invoice))


def mistyped_symbol(company, invoice, day):
    wrong = slip(company.rng, invoice.pays_with)
    if wrong.lstrip("0") == invoice.pays_with or not has_paid_before(company, invoice, day):
        return False
    company.payment(invoice, day, symbol=wrong, clear=False)


def symbol_of_anothers_invoice(company, invoice, day):
    other = company.rng.choice(company.invoices)
    if (other.partner is invoice.partner or other.outgoing != invoice.outgoing
            or not has_paid_before(company, invoice, day)):
        return False
    company.payment(invoice, day, symbol=other.pays_with, clear=False)


def symbol_of_another_own_invoice(company, invoice, day):
    other = company.rng.choice(company.by_partner[invoice.partner.ico])
    if other.hellers == invoice.hellers or other.outgoing != invoice.outgoing:
        return False
    company.payment(invoice, day, symbol=other.pays_with, clear=False)


def rounded(company, invoice, day):
    hellers = (invoice.hellers + 50) // 100 * 100
    if hellers == invoice.hellers:
        return False
    company.payment(invoice, day, hellers)


def a_part(company, invoice, day):
    company.payment(invoice, day, part_of(company, invoice, 0.2, 0.8))


def two_instalments(company, invoice, day):
    first = part_of(company, invoice, 0.3, 0.7)
    company.payment(invoice, day, first)
    company.payment(invoice, day + 3, invoice.hellers - first)


def third_overpays(company, invoice, day):
    part = part_of(company, invoice, 0.3, 0.4)
    company.payment(invoice, day, part)
    company.payment(invoice, day + 2, part)
    company.payment(invoice, day + 4, invoice.hellers - 2 * part + company.rng.randint(200, 99999))


def too_much(company, invoice, day):
    company.payment(invoice, day, invoice.hellers + company.rng.randint(200, 999999))


def twice(company, invoice, day):
    if invoice.by_contract:
        return False  # it is the next month's then
    first = company.payment(invoice, day)
    company.payment(invoice, day + company.rng.randint(0, 3), meant=[], clear=False,
                    minute=first.minute + 5)


def before_the_invoice_came(company, invoice, day):
    invoice.shown = day + company.rng.randint(1, 8)
    company.payment(invoice, day)


def unpaid_of_partner(company, invoice, day):
    """Others of his documents that are not decided yet."""
    return [other for other in company.by_partner[invoice.partner.ico]
            if not other.touched and other.outgoing == invoice.outgoing and other.issued <= day]


def several(company, invoice, day):
    """Documents of one partner that he pays together."""
    found = [invoice] + unpaid_of_partner(company, invoice, day)[:company.rng.randint(1, 3)]
    return found if len(found) > 1 else None


def pay_together(company, together, day, symbol, message, clear):
    for each in together:
        each.touched = True
    return company.payment(together[0], day, sum(each.hellers for each in together), symbol=symbol,
                           message=message, meant=[(each, each.hellers) for each in together],
                           clear=clear)


def several_named(company, invoice, day):
    together = several(company, invoice, day)
    if not together:
        return False
    names = ", ".join(each.pays_with for each in together)
    payment = pay_together(company, together, day, "", f"fa {names}", invoice.partner.known)
    return say(payment, company)


def several_without_a_word(company, invoice, day):
    together = several(company, invoice, day)
    if not together:
        return False
    pay_together(company, together, day, "", "vyrovnani", False)


def several_under_one_symbol(company, invoice, day):
    together = several(company, invoice, day)
    if not together:
        return False
    pay_together(company, together, day, invoice.pays_with, "", False)


def other_currency(company, invoice, day):
    if invoice.currency != "EUR":
        return False
    payment = company.payment(invoice, day, currency="CZK", clear=False)
    payment.own = bank_mails.FIO


def returned(company, invoice, day):
    """What we paid comes back: the supplier's account was wrong."""
    if not invoice.outgoing:
        return False
    company.payment(invoice, day)
    company.payment(invoice, day + 2, outgoing=False, meant=[], clear=False)


def credit_note(company, invoice, day):
    """A supplier takes something back and sends money; his paper is numbered by him."""
    if invoice.kind != "received_invoice" or not invoice.symbol:
        return False
    note = Invoice("issued_invoice", "D" + invoice.number, str(4 * 10**9 + len(company.payments)),
                   invoice.partner, part_of(company, invoice, 0.1, 0.5), day - 1, day + 10,
                   day - 1, negative=True, touched=True)
    company.invoices.append(note)
    company.payment(invoice, day)
    company.payment(note, day + 2)


def strangers_money(company, invoice, day):
    """Not for us at all, but the amount is one that somebody owes."""
    wrong = str(company.rng.randint(9 * 10**9, 10**10 - 1))
    company.payment(invoice, day, symbol=wrong, account=company.stranger(), meant=[], clear=False,
                    outgoing=False)
    company.payment(invoice, day + 1)


def fee(company, invoice, day):
    company.payment(invoice, day)
    company.payment(invoice, day, company.rng.choice((500, 900, 4900, invoice.hellers)), symbol="",
                    account=None, name="", kind="fee", outgoing=True, meant=[], clear=False,
                    own=bank_mails.CSOB, currency="CZK", message="")


def card(company, invoice, day):
    """The last digits of a card stand where the symbol stands."""
    other = company.rng.choice(company.invoices)
    company.payment(invoice, day)
    company.payment(invoice, day, symbol=other.pays_with, account=None, name="", kind="card",
                    outgoing=True, meant=[], clear=False, own=bank_mails.CSOB, currency="CZK")


def part_of(company, invoice, least, most):
    return max(100, int(invoice.hellers * company.rng.uniform(least, most)))


def say(payment, company):
    """By a bank whose notices have the message."""
    if payment.currency == "CZK" and payment.own not in bank_mails.WITH_MESSAGE:
        payment.own = company.rng.choice(bank_mails.WITH_MESSAGE)


HOW_OFTEN = {  # of 1,000 invoices; all others are paid as they should be
    zeros_before_the_symbol: 40, from_a_strange_account: 15, from_another_partners_account: 10,
    to_another_account_of_ours: 15, no_symbol: 25, symbol_in_the_message: 25, number_as_symbol: 10,
    mistyped_symbol: 20, symbol_of_anothers_invoice: 10, symbol_of_another_own_invoice: 10,
    rounded: 20, a_part: 20, two_instalments: 15, third_overpays: 5, too_much: 15, twice: 10,
    before_the_invoice_came: 25, several_named: 10, several_without_a_word: 5,
    several_under_one_symbol: 5, other_currency: 100, returned: 8, credit_note: 8,
    strangers_money: 5, fee: 10, card: 10,
}


EXACT = ("as it should be", "zeros before the symbol")


def pay(company):
    """Every invoice is paid once, some never, some with a mistake; in the order of the days."""
    rng = company.rng
    mistakes, weights = list(HOW_OFTEN), list(HOW_OFTEN.values())
    usual = 1000 - sum(weights)
    for invoice in list(company.invoices):
        if invoice.touched:
            continue
        invoice.touched = True
        if rng.random() < NEVER_PAID:
            continue
        day = min(invoice.issued + rng.randint(1, LONGEST_WAIT), DAYS - 9)
        act = rng.choices([as_it_should_be, *mistakes], [usual, *weights])[0]
        if invoice.partner.wordless:
            act = never_a_symbol
        before = len(company.payments)
        if act(company, invoice, day) is False:
            as_it_should_be(company, invoice, day)
            continue
        for payment in company.payments[before:]:
            payment.mistake = act.__name__.replace("_", " ")
    company.payments.sort(key=lambda payment: (payment.day, payment.minute))
