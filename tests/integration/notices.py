"""Bank notices for tests and benchmarks: the wording is the banks', everything in them is invented.

Amounts are whole hellers (Kč × 100); `number` makes account numbers that pass modulo 11.
"""

import base64
import email.utils
import hashlib
import quopri
import random

OWN_FIO = "2052601819"  # our account at Fio
OWN_CSAS = "6066176030"  # our account at Česká spořitelna
WHEN = 1786518900  # 12 August 2026, 09:15 in Prague

FOOTER = (
    "\nTento e-mail je generován automaticky, prosíme, neodpovídejte na něj. Pokud si již nepřejete"
    " dostávat tato oznámení, změňte nastavení v internetovém bankovnictví v části Nastavení –"
    " Zasílání zpráv.\n\nBanka Vás nikdy nebude žádat o sdělení přihlašovacích údajů, hesel ani"
    " čísel platebních karet prostřednictvím e-mailu nebo SMS. V případě podezření nás neprodleně"
    " kontaktujte na lince 800 000 000 (nonstop).\n\nS pozdravem\nVaše banka\n"
)


def number(rng):
    """An account number of ten digits that passes modulo 11."""
    weights = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
    while True:
        digits = str(rng.randint(10**9, 10**10 - 1))
        if sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11 == 0:
            return digits


def amount(hellers, thousands="\u00a0"):
    return f"{hellers / 100:,.2f}".replace(",", thousands).replace(".", ",")


def mail(body, subject, sender="automat@fio.cz", when=WHEN, message_id=None, headers=(),
         content_type="text/plain; charset=utf-8", charset="utf-8"):
    """A whole mail with `body` in quoted-printable. Lines end with CRLF."""
    encoded = quopri.encodestring(body.encode(charset))
    if message_id is None:
        message_id = hashlib.sha1(encoded + subject.encode() + str(when).encode()).hexdigest()
    domain = sender.rsplit("@", 1)[-1].rstrip(">")
    lines = [
        *headers,
        "Date: " + email.utils.formatdate(when, localtime=False).replace("-0000", "+0000"),
        f"From: {sender}",
        "To: platby@papirna.test",
        f"Subject: {subject}",
        f"Message-ID: <{message_id}@{domain}>",
        "MIME-Version: 1.0",
        f"Content-Type: {content_type}",
        "Content-Transfer-Encoding: quoted-printable",
        "",
    ]
    return "\r\n".join(lines).encode() + b"\r\n" + encoded.replace(b"\n", b"\r\n")


def fio(hellers, symbol="", *, outgoing=False, account="131-1126906048/0100", message="",
        balance=5731245, specific="", constant="0308", own=OWN_FIO, footer="", **mail_options):
    """fio-classic: plain text, direction by its first word."""
    word, label = ("Výdaj", "US") if outgoing else ("Příjem", "Zpráva příjemci")
    body = "\n".join([
        f"{word} na kontě: {own}",
        f"Částka: {amount(hellers)}",
        f"VS: {symbol}",
        f"{label}: {message}",
        f"Aktuální zůstatek: {amount(balance)}",
        f"Protiúčet: {account}",
        f"SS: {specific}",
        f"KS: {constant}",
    ]) + "\n" + footer
    subject = "Fio banka - " + ("vydaj" if outgoing else "prijem") + " na konte"
    return mail(body, subject, **mail_options)


def csas(hellers, symbol="", *, outgoing=False, account="2059083014/2010", message="",
         balance=7144809, constant="0308", own=OWN_CSAS, **mail_options):
    """csas-george: one HTML part, labels and values spread over elements."""
    kc = amount(hellers).replace("\u00a0", "&nbsp;") + " Kč"
    rest = amount(balance).replace("\u00a0", "&nbsp;") + " Kč"
    if outgoing:
        intro = f"z účtu <b>{own}/0800</b> odešla platba ve výši <b>{kc}.</b>"
        left = f"Na účtu zůstává k dispozici <b>{rest}.</b>"
        sides = [("Směr platby", "odchozí"), ("Z účtu", f"{own}/0800"), ("Na účet", account)]
    else:
        intro = f"na účet <b>{own}/0800</b> právě dorazila platba ve výši <b>{kc}.</b>"
        left = f"Na účtu je nově k dispozici <b>{rest}.</b>"
        sides = [("Směr platby", "příchozí"), ("Číslo účtu", f"{own}/0800"),
                 ("Číslo účtu protistrany", account)]
    rows = sides + [("Částka v měně transakce", kc), ("Částka v měně účtu", kc),
                    ("Variabilní symbol", symbol), ("Konstantní symbol", constant)]
    if message:
        rows.append(("Zpráva pro příjemce", message))
    body = "\n".join(
        ["<html><body>", "<div>Dobrý den,</div>", f"<div>{intro}</div>", f"<div>{left}</div>",
         "<div>Vaše Česká spořitelna</div>", "<div><b>Informace o transakci</b></div>"] +
        [f"<div>{label}: <b>{value}</b></div>" for label, value in rows if value] +
        ["</body></html>", ""])
    subject = encoded_word("Odešla platba" if outgoing else "Přišla platba")
    mail_options.setdefault("sender", encoded_word("Česká spořitelna") + " <ceskasporitelna@csas.cz>")
    mail_options.setdefault("content_type", "text/html; charset=UTF-8")
    return mail(body, subject, **mail_options)


def encoded_word(text):
    return "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="


def travelled(rng, when):
    """Headers as they gather on the way: with them a notice has the 3 to 4 KB of a real one."""
    def noise(size):
        return base64.b64encode(rng.randbytes(size)).decode()

    def fold(text):
        return "\r\n\t".join(text[at:at + 70] for at in range(0, len(text), 70))

    date = email.utils.formatdate(when, localtime=False)
    key = rng.randbytes(15).hex()
    return [
        "Return-Path: <automat@fio.cz>",
        "Delivered-To: firma@posta.example",
        f"Received: from mx1.posta.example ([192.0.2.11])\r\n\tby be7.posta.example with LMTP id "
        f"{key[:20]}\r\n\t(envelope-from <automat@fio.cz>)\r\n\tfor <firma@posta.example>; {date}",
        "Received: from smtp3.fio.cz (smtp3.fio.cz [198.51.100.23])\r\n\t(using TLSv1.3 with cipher"
        " TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange X25519 server-signature RSA-PSS"
        " (2048 bits) server-digest SHA256)\r\n\t(No client certificate requested)\r\n\tby"
        f" mx1.posta.example (Postfix) with ESMTPS id {key[20:].upper()}\r\n\tfor"
        f" <firma@posta.example>; {date}",
        "Authentication-Results: mx1.posta.example;\r\n\tdkim=pass (2048-bit key; unprotected)"
        " header.d=fio.cz header.i=@fio.cz header.a=rsa-sha256 header.s=s2025;\r\n\tspf=pass"
        " smtp.mailfrom=automat@fio.cz; dmarc=pass (policy=reject)",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=fio.cz;\r\n\ts=s2025;"
        f" t={when};\r\n\th=from:to:subject:date:message-id:mime-version:content-type;\r\n\tbh="
        f"{noise(32)};\r\n\tb={fold(noise(256))}",
        "X-Mailer: AvizoGen 4.2",
        "Auto-Submitted: auto-generated",
    ]


PEOPLE = ("Jiří Novák", "Jana Dvořáková", "Petr Černý", "Růžena Žáková", "Zdeněk Říha",
          "Věra Šimková", "Tomáš Procházka", "Lenka Křížová")
CAUSES = ("faktura", "záloha na elektřinu", "nájem", "splátka č. 12", "členský příspěvek",
          "doplatek vyúčtování služeb", "příspěvek na obědy")


def many(count, seed=1):
    """`count` fio-classic notices of 3 to 4 KB, each with what it tells; the same for a seed.

    Yields (mail, symbol, hellers). Symbols are 1000000001 and on, so every one is different.
    """
    rng = random.Random(seed)
    for index in range(count):
        when = WHEN + 61 * index
        hellers = rng.randint(100, 9_999_999)
        symbol = str(1_000_000_001 + index)
        text = f"{rng.choice(CAUSES)} {rng.randint(1, 9999)} {rng.choice(PEOPLE)}"
        account = f"{number(rng)}/{rng.choice(('0100', '0300', '0800', '3030', '5500'))}"
        yield fio(hellers, symbol, account=account, message=text, footer=FOOTER * 2,
                  balance=rng.randint(10**5, 10**9), when=when, headers=travelled(rng, when),
                  message_id=f"{seed}.{index}"), symbol, hellers
