"""Whatever stands in an interview, a contact or a thread: a sound mail, or a refusal."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.drafts import Draft, Refused, compose, draft_bytes
from agent.drafts.names import greeting_name
from agent.interviews.interview import Contact
from agent.interviews.status import Status
from agent.messages.message import Address
from agent.policy.policy import TO_USER
from agent.policy.verdict import DraftKind
from tests.drafts.scene import INTERVIEW, NOW, ROUND, USER, candidacy, due, letter, message, state, templates

ODD = st.sampled_from(
    [
        "{{ role }}",
        "{% if x %}",
        "[Name]",
        "<b>",
        "a\r\nBcc: x@y.example",
        "\x00",
        "\ud800",
        "é" * 70,
        '"',
        "=?utf-8?q?x?=",
        "\u2028",
        "Ms. X",
        "…",
        "XXX",
    ]
)
TEXT = st.one_of(ODD, st.text(max_size=60), st.lists(st.one_of(ODD, st.text(max_size=12)), max_size=4).map(" ".join))
EMAILS = st.sampled_from(
    ["dana@acme.example", "no-reply@acme.example", "x", "dä@acme.example", "robin@home.example", "o'neil+x@acme.example"]
)
MSG_IDS = st.one_of(st.sampled_from(["<a@b.example>", "<" + "x" * 400 + "@b.example>", "<é@x>", "", "<a b@c>"]), TEXT)
TO_THE_EMPLOYER = [kind for kind in DraftKind if kind not in TO_USER]


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(DraftKind),
    company=TEXT,
    role=TEXT,
    notes=TEXT.map(lambda text: f"topic: {text}"),
    zone=st.sampled_from([None, "Europe/Berlin", "Nowhere/Else", "../x", "", "\x00"]),
    via=st.one_of(st.none(), TEXT),
    name=TEXT,
    address=EMAILS,
    subject=TEXT,
    ids=st.lists(MSG_IDS, max_size=30),
    strengths=TEXT,
    occasion=TEXT,
    promised=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    fresh=TEXT,
    threaded=st.booleans(),
)
def test_the_mail_is_sound_or_refused(
    kind: DraftKind,
    company: str,
    role: str,
    notes: str,
    zone: str | None,
    via: str | None,
    name: str,
    address: str,
    subject: str,
    ids: list[str],
    strengths: str,
    occasion: str,
    promised: date | None,
    fresh: str,
    *,
    threaded: bool,
) -> None:
    interview = replace(
        INTERVIEW,
        company=company,
        role=role,
        notes=notes,
        timezone=zone,
        via=via,
        contacts=(Contact(name=name, email="dana@acme.example"),),
    )
    parent = replace(message(fresh, subject=subject), message_id=ids[0] if ids else "<a@b.example>", references=tuple(ids[1:]))
    made = compose(
        due(kind, to=(Address(name=name, email=address),), parent=letter(parent) if threaded else None, occasion=occasion),
        candidacy(interview, at=state(Status.AWAITING, promised_by=promised)),
        user=replace(USER, strengths=strengths),
        templates=templates(),
        earlier=(fresh,),
        now=NOW,
    )
    if isinstance(made, Refused):
        assert made.check
        assert made.reason
        return
    raw = draft_bytes(made, date=NOW)
    assert raw == draft_bytes(made, date=NOW)
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    wanted = [b"Date", b"From", b"To", b"Subject", b"Message-ID", b"X-Draft-Ref", b"Content-Type", b"Content-Transfer-Encoding"]
    assert set(names) - {b"In-Reply-To", b"References"} == {*wanted, b"MIME-Version"}
    assert len(names) == len(set(names))
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert re.sub(rb"\r\n", b"", raw).find(b"\n") == -1
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read.get_content().replace("\r\n", "\n") == made.body
    assert tuple((read["References"] or "").split()) == made.references
    assert not re.search(r"\{\{|\}\}|\{%|\[[^\]\n]*\]|<[^>\n]*>|\bXXX\b", made.body)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_a_name_in_a_greeting_is_made_of_letters(display: str) -> None:
    name = greeting_name(display, templates().languages["en"].forms.names, ("Acme",))
    assert name is None or re.fullmatch(r"[^\W\d_][\w .'’-]*", name)


@settings(max_examples=100, deadline=None)
@given(occasion=st.text(max_size=30), days=st.integers(0, 400), kind=st.sampled_from(TO_THE_EMPLOYER))
def test_the_same_due_gives_the_same_bytes(occasion: str, days: int, kind: DraftKind) -> None:
    now = datetime(2026, 3, 11, 9, tzinfo=UTC) + timedelta(days=days)
    wanted = due(kind, occasion=occasion)
    found = candidacy(at=state(rounds=(ROUND,)))
    one, two = (compose(wanted, found, user=USER, templates=templates(), earlier=(), now=now) for _ in range(2))
    assert isinstance(one, Draft)
    assert isinstance(two, Draft)
    assert one.message_id == two.message_id
    assert draft_bytes(one, date=now) == draft_bytes(two, date=now)
