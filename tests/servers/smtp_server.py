#!/usr/bin/python3
"""A mail server that keeps what it is given, on a free port of this machine, which it prints first.

usage: smtp_server.py FOLDER [--certificate PEM KEY] [--implicit] [--login NAME PASSWORD]
                      [--token-key PUBLIC_PEM]

Mails lie in FOLDER as 0001.eml and on, each with a 0001.json that tells how it came: envelope,
login, TLS. With a certificate STARTTLS is offered and demanded, or TLS from the start
(--implicit). With --login or --token-key nothing is taken without PLAIN, LOGIN or XOAUTH2.

FOLDER/answers.json, read anew at every command, says what to answer in place of the usual, by the
beginning of the command ("MAIL", "RCPT a@b.cz", "DATA"): a reply, "close" or "hang".
"""

import argparse
import asyncio
import base64
import json
import pathlib
import ssl
import subprocess
import tempfile
import time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Server(SMTP):
    line_length_limit = 65536  # an access token is one long line


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--certificate", nargs=2)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--login", nargs=2)
    parser.add_argument("--token-key")
    return parser.parse_args()


def is_good_token(token, key, user):
    """A token of the token service: signed (RS256), of this user, not expired."""
    def decoded(text):
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    try:
        head, claims, signature = token.split(".")
        with tempfile.NamedTemporaryFile() as file:
            file.write(decoded(signature))
            file.flush()
            valid = subprocess.run(
                ["openssl", "dgst", "-sha256", "-verify", key, "-signature", file.name],
                input=f"{head}.{claims}".encode(), capture_output=True).returncode == 0
        told = json.loads(decoded(claims))
        return valid and told["upn"] == user and told["exp"] > time.time()
    except (ValueError, KeyError):
        return False


class Keeper:
    """What aiosmtpd asks at every command."""

    def __init__(self, options):
        self.options = options
        self.count = len(list(options.folder.glob("*.eml")))

    async def answer(self, server, command):
        path = self.options.folder / "answers.json"
        answers = json.loads(path.read_text()) if path.exists() else {}
        for beginning in sorted(answers, key=len, reverse=True):
            if command.startswith(beginning):
                if answers[beginning] == "hang":
                    await asyncio.sleep(3600)
                if answers[beginning] == "close":
                    server.transport.abort()
                return answers[beginning]
        return None

    async def handle_MAIL(self, server, session, envelope, address, options):
        refusal = await self.answer(server, f"MAIL {address}")
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = await self.answer(server, f"RCPT {address}")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        refusal = await self.answer(server, "DATA")
        if refusal:
            return refusal
        self.count += 1
        how = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": bool(session.ssl) or self.options.implicit,
               "login": session.auth_data, "peer": list(session.peer)}
        base = self.options.folder / f"{self.count:04d}"
        base.with_suffix(".json").write_text(json.dumps(how))
        base.with_suffix(".part").write_bytes(envelope.original_content)
        base.with_suffix(".part").rename(base.with_suffix(".eml"))
        return f"250 2.0.0 kept as {self.count}"


class TokenKeeper(Keeper):
    async def auth_XOAUTH2(self, server, args):
        given = args[1] if len(args) > 1 else None
        blob = base64.b64decode(given) if given else await server.challenge_auth("")
        fields = dict(field.split("=", 1) for field in blob.decode().split("\1") if "=" in field)
        user, token = fields.get("user", ""), fields.get("auth", "")[len("Bearer "):]
        if is_good_token(token, self.options.token_key, user):
            return AuthResult(success=True, auth_data=user)
        await server.challenge_auth('{"status":"401","schemes":"bearer","scope":"smtp"}')
        return AuthResult(success=False, handled=False)


def authenticator(options):
    def check(server, session, envelope, mechanism, data):
        good = (options.login and isinstance(data, LoginPassword) and
                [data.login.decode(), data.password.decode()] == options.login)
        return AuthResult(success=bool(good), handled=False,
                          auth_data=options.login[0] if good else None)
    return check


async def main():
    options = arguments()
    options.folder.mkdir(parents=True, exist_ok=True)
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.certificate)
    settings = {"hostname": "localhost", "decode_data": False}
    if options.login or options.token_key:
        settings.update(authenticator=authenticator(options), auth_required=True,
                        auth_require_tls=bool(context) and not options.implicit)
        if not options.login:
            settings.update(auth_exclude_mechanism=["PLAIN", "LOGIN"])
    if context and not options.implicit:
        settings.update(tls_context=context, require_starttls=True)
    keeper = TokenKeeper(options) if options.token_key else Keeper(options)
    server = await asyncio.get_running_loop().create_server(
        lambda: Server(keeper, **settings), "127.0.0.1", 0,
        ssl=context if options.implicit else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
