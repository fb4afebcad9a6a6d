"""Headers: what is read without a library is what the library would read."""

from email.parser import HeaderParser

import pytest
from mailparser import MailParser

from agent.messages.header import read_header

PLAIN = [
    "Dana Cole <dana@acme.example>",
    '"Cole, Dana (Acme)" <Dana.Cole+jobs@jobs.acme.example>',
    "<no-reply@acme.example>",
    "Karin Möhring <k.moehring@stadtwerke.example>",
    "Acme & Sons | Jobs <jobs@acme.example>",
    "山田太郎 <yamada@acme.example>",
    "Jean-Luc d'Arc <jl@acme.example>",
]
OTHERS = [
    "dana@acme.example",
    "Dana (recruiting) <dana@acme.example>",
    '"Dana \\"D\\" Cole" <dana@acme.example>',
    "=?utf-8?q?Karin_M=C3=B6hring?= <k@acme.example>",
    "Dana <dana@acme.example>, Li <li@acme.example>",
]


@pytest.mark.parametrize("value", [*PLAIN, *OTHERS])
def test_addresses_are_read_as_the_library_reads_them(value: str) -> None:
    header = read_header(f"From: {value}\nTo: {value}\nSubject: x".encode())
    expected = MailParser(HeaderParser().parsestr(f"From: {value}\n\n")).from_
    assert header.sender.email == expected[0][1].lower()
    assert header.sender.name == expected[0][0]
    assert [address.email for address in header.to] == [email.lower() for _, email in expected]
    assert not [defect for defect in header.defects if "From" in defect]
