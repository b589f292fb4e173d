"""Bank statements in ABO/GPC for tests and benchmarks; everything in them is invented.

Amounts are whole hellers, days are texts DDMMYY.
"""

OWN = "2052601819/2010"


def account(text):
    """Sixteen digits and the bank's code of "131-1126906048/0100"; nothing is zeros."""
    number, _, bank = text.partition("/")
    prefix, _, rest = number.rpartition("-")
    return prefix.rjust(6, "0") + rest.rjust(10, "0"), bank or "0000"


def row(hellers, symbol="", day="120826", *, code="2", counter="131-1126906048/0100", document=0,
        constant="308", specific="", name="Odberatel", message=""):
    """A movement: code 2 is a credit, 1 a debit, 5 and 4 take them back."""
    digits, bank = account(counter)
    line = (f"075{account(OWN)[0]}{digits}{document:013d}{hellers:012d}{code}{symbol:>010}00{bank}"
            f"{constant:>04}{specific:>010}{day}{name:<20.20}00203{day}")
    return (line, hellers if code in "24" else -hellers,
            f"078{message:<35.35}".rstrip() if message else None)


def gpc(rows, *, opening=0, number=1, first="010826", last="310826", closing=None):
    """The bytes of a statement with `rows`."""
    total = opening + sum(amount for _, amount, _ in rows)
    if closing is None:
        closing = total
    sign = {True: "-", False: "+"}
    lines = [f"074{account(OWN)[0]}{'PAPIRNA':<20}{first}{abs(opening):014d}{sign[opening < 0]}"
             f"{abs(closing):014d}{sign[closing < 0]}{0:014d}0{0:014d}0{number:03d}{last}"
             f"{'':14}"]
    for line, _, text in rows:
        lines += [line] if text is None else [line, text]
    return ("\r\n".join(lines) + "\r\n").encode("windows-1250")


def camt(rows, *, iban, opening=0, number=1, first="2026-08-01", last="2026-08-31"):
    """The same rows as gpc(), in camt.053, each with the bank's reference."""
    def money(hellers):
        return (f'<Amt Ccy="CZK">{abs(hellers) / 100:.2f}</Amt>'
                f"<CdtDbtInd>{'DBIT' if hellers < 0 else 'CRDT'}</CdtDbtInd>")

    def balance(code, hellers, day):
        return (f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{money(hellers)}"
                f"<Dt><Dt>{day}</Dt></Dt></Bal>")

    entries = []
    for index, (line, hellers, _) in enumerate(rows):
        day = f"20{line[126:128]}-{line[124:126]}-{line[122:124]}"
        entries.append(
            f"<Ntry>{money(hellers)}<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>"
            f"2600000{number:03d}{index:05d}</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>/VS"
            f"{line[61:71]}/SS/KS</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>")
    closing = opening + sum(amount for _, amount, _ in rows)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
            f"<ElctrncSeqNb>{number}</ElctrncSeqNb><FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>"
            f"{last}T23:59:59</ToDtTm></FrToDt><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
            + balance("OPBD", opening, first) + balance("CLBD", closing, last)
            + "\n".join(entries) + "</Stmt></BkToCstmrStmt></Document>\n").encode()
