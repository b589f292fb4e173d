"""Mails signed by DKIM with somebody else's programs: python3-dkim and OpenDKIM."""

import base64
import os
import subprocess

import dkim
import nacl.encoding
import nacl.signing


class RsaKey:
    def __init__(self, folder, name, bits=2048):
        self.file = folder / f"{name}.pem"
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", self.file, str(bits)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        public = subprocess.run(["openssl", "rsa", "-in", self.file, "-pubout", "-outform", "DER"],
                                check=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout
        self.secret = self.file.read_bytes()
        self.record = "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


class Ed25519Key:
    algorithm = b"ed25519-sha256"

    def __init__(self):
        key = nacl.signing.SigningKey.generate()
        self.secret = key.encode(nacl.encoding.Base64Encoder)
        public = key.verify_key.encode(nacl.encoding.Base64Encoder).decode()
        self.record = "v=DKIM1; k=ed25519; p=" + public


COMPLETE = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
            b"content-transfer-encoding"]


def signed(mail, key, domain, selector="s1", how="relaxed/relaxed", headers=COMPLETE, **options):
    """`mail` with a signature by python3-dkim in front. `length=True` adds l=."""
    options.setdefault("signature_algorithm", getattr(key, "algorithm", b"rsa-sha256"))
    signature = dkim.sign(mail, selector.encode(), domain.encode(), key.secret,
                          canonicalize=tuple(part.encode() for part in how.split("/")),
                          include_headers=list(headers), **options)
    return signature + mail


def signed_by_opendkim(mail, key, domain, selector="s1"):
    os.chmod(key.file, 0o600)
    done = subprocess.run(["/usr/sbin/opendkim-testmsg", "-C", "-d", domain, "-s", selector, "-k",
                           key.file], input=mail, stdout=subprocess.PIPE, check=True)
    return done.stdout
