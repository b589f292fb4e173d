"""A DNS server that knows the TXT records a test gives it, on a free port of this machine."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

FAILS = object()  # the record of a name at which the server fails


class DnsServer:
    def __init__(self):
        self.records = {}  # name without the last dot: text, or FAILS; others do not exist
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                question, client = self.socket.recvfrom(4096)
            except OSError:
                return
            if question == b"end":
                return
            self.socket.sendto(self.answer(question), client)

    def answer(self, question):
        query = dns.message.from_wire(question)
        name = query.question[0].name
        text = self.records.get(name.to_text(omit_final_dot=True).lower())
        self.asked.append(name.to_text(omit_final_dot=True))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if text is FAILS:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif text is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            strings = " ".join(f'"{text[at:at + 200]}"' for at in range(0, len(text), 200))
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", strings))
        return answer.to_wire()

    def end(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", ("127.0.0.1", self.port))
        self.thread.join()
        self.socket.close()
