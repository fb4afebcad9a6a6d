"""A mailbox as people have one, made by a seeded chance: the same seed and moment give the same bytes.

Of 20,000 messages 5% are about some 60 tracked candidacies (`bench.mailbox_search`). The others: 24% mailing lists, 18% notices
of services, 18% newsletters, 14% shop mail, 10% personal conversations with the user's own answers in Sent, 5% receipts, 3.5% job
alerts, 2.5% spam; in six folders, over the last 85 days. About half is multipart/alternative, a tenth multipart/mixed with
attachments, the rest plain; quoted-printable, base64, 8bit and windows-1252; Received, DKIM and ARC fields of real length;
about 45% are answers.
"""

import base64
import random
import re
from binascii import b2a_qp
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from itertools import pairwise
from math import exp, log

from bench import mailbox_words as words
from bench.mailbox_search import dressed, letters

DAYS = 85
"""How far back the oldest mail lies."""
ME = "Robin Hale <robin.hale@mailbox.example>"
PROVIDER = "mx.mailbox.example"
SIXTH = "Trash"
"""The folder that the program does not read."""

_NEWEST = timedelta(minutes=20)
_CANDIDACIES = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One message and where it lies."""

    kind: str
    folder: str
    at: datetime
    seen: bool
    structure: str
    """`plain`, `alternative`, `mixed`; for mail about candidacies `candidacy`."""
    raw: bytes = field(repr=False)
    """With CRLF."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One kind of everyday mail."""

    share: float
    sentences: tuple[str, ...]
    alternative: float
    """Part that has an HTML part."""
    mixed: float
    """Part that has an attachment."""
    answers: float
    """Part that answers another of its kind."""
    folders: tuple[tuple[str, float], ...]
    seen: float


_KINDS = {
    "list": _Kind(
        share=0.24,
        sentences=words.LIST,
        alternative=0.06,
        mixed=0.08,
        answers=0.88,
        folders=(("INBOX", 0.6), ("Archive", 0.4)),
        seen=0.7,
    ),
    "notice": _Kind(
        share=0.18,
        sentences=words.NOTICE,
        alternative=0.45,
        mixed=0.06,
        answers=0.8,
        folders=(("INBOX", 0.75), ("Archive", 0.25)),
        seen=0.8,
    ),
    "newsletter": _Kind(
        share=0.18,
        sentences=words.NEWSLETTER,
        alternative=0.97,
        mixed=0.0,
        answers=0.0,
        folders=(("INBOX", 0.85), ("Archive", 0.05), (SIXTH, 0.1)),
        seen=0.5,
    ),
    "shop": _Kind(
        share=0.14,
        sentences=words.SHOP,
        alternative=0.97,
        mixed=0.0,
        answers=0.0,
        folders=(("INBOX", 0.85), ("Junk", 0.05), (SIXTH, 0.1)),
        seen=0.4,
    ),
    "personal": _Kind(
        share=0.1,
        sentences=words.PERSONAL,
        alternative=0.3,
        mixed=0.22,
        answers=0.85,
        folders=(("INBOX", 1.0),),
        seen=0.95,
    ),
    "receipt": _Kind(
        share=0.05,
        sentences=words.RECEIPT,
        alternative=0.3,
        mixed=0.55,
        answers=0.0,
        folders=(("INBOX", 0.5), ("Archive", 0.5)),
        seen=0.9,
    ),
    "alert": _Kind(
        share=0.035,
        sentences=words.ALERT,
        alternative=1.0,
        mixed=0.0,
        answers=0.0,
        folders=(("INBOX", 1.0),),
        seen=0.6,
    ),
    "spam": _Kind(
        share=0.025,
        sentences=words.SPAM,
        alternative=0.6,
        mixed=0.05,
        answers=0.0,
        folders=(("Junk", 1.0),),
        seen=0.1,
    ),
}
_SIZES = {
    "plain": ((0.0, 5_200), (0.5, 7_600), (0.9, 14_000), (0.99, 46_000), (1.0, 110_000)),
    "alternative": ((0.0, 8_000), (0.5, 24_500), (0.9, 72_000), (0.99, 135_000), (1.0, 190_000)),
    "mixed": ((0.0, 14_000), (0.5, 50_000), (0.9, 150_000), (0.99, 270_000), (1.0, 323_000)),
}
"""Part of the messages of a structure → octets that they stay under."""
_BULK = frozenset({"newsletter", "shop", "alert"})


def mailbox(messages: int, *, seed: int, now: datetime) -> Iterator[Mail]:
    """Yield the mail of the mailbox, oldest first; `now` is aware."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    about = letters(now, round(messages * _CANDIDACIES), chance)
    moments: list[tuple[datetime, str]] = []
    for kind, facts in _KINDS.items():
        moments += [(_moment(now, chance), kind) for _ in range(round(messages * facts.share))]
    while len(moments) + len(about) < messages:
        moments.append((_moment(now, chance), "list"))
    moments = sorted(moments)[: messages - len(about)]
    writer = _Writer(chance)
    waiting = iter(about)
    letter = next(waiting, None)
    for at, kind in moments:
        while letter is not None and letter.at <= at:
            yield writer.about(letter.at, letter.raw, own=letter.own)
            letter = next(waiting, None)
        yield writer.mail(at, kind)
    while letter is not None:
        yield writer.about(letter.at, letter.raw, own=letter.own)
        letter = next(waiting, None)


def _moment(now: datetime, chance: random.Random) -> datetime:
    span = timedelta(days=DAYS) - _NEWEST
    return (now - _NEWEST - span * chance.random()).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What an answer needs of the mail that it answers."""

    subject: str
    ids: tuple[str, ...]
    text: str
    sender: str


class _Writer:
    """Writes mail and remembers what may be answered."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._stocks = {kind: words.stock(facts.sentences, chance) for kind, facts in _KINDS.items()}
        self._last: dict[str, list[_Said]] = {kind: [] for kind in _KINDS}
        self._number = 0

    def about(self, at: datetime, raw: bytes, *, own: bool) -> Mail:
        """Return a mail about a candidacy with the fields of a long way before it."""
        chance = self._chance
        raw = dressed(raw, chance)
        head, line, rest = raw.partition(b"From: ")
        domain = re.match(rb"[^\r\n]*@([\w.-]+)", rest)
        # What the provider says of the sender stays as it is, and above all else.
        way = b"" if own else self._way(at, domain[1].decode() if domain else "unknown.example", vouched=False).encode()
        folder = "Sent" if own else chance.choices(("INBOX", "Archive", "Junk"), (0.85, 0.13, 0.02))[0]
        raw = b"".join((head, way, line, rest))
        return Mail(kind="candidacy", folder=folder, at=at, seen=chance.random() < 0.9, structure="candidacy", raw=raw)

    def mail(self, at: datetime, kind: str) -> Mail:
        """Return one everyday mail."""
        chance, facts = self._chance, _KINDS[kind]
        self._number += 1
        structure = chance.choices(
            ("alternative", "mixed", "plain"), (facts.alternative, facts.mixed, 1 - facts.alternative - facts.mixed)
        )[0]
        before = self._last[kind]
        parent = chance.choice(before) if before and chance.random() < facts.answers else None
        own = kind == "personal" and chance.random() < (0.7 if parent and parent.sender != ME else 0.1)
        sender = ME if own else self._sender(kind)
        to = (parent.sender if parent and parent.sender != ME else self._sender(kind)) if own else self._to(kind)
        subject = f"Re: {parent.subject}" if parent else words.subject(kind, chance)
        message_id = f"<{chance.getrandbits(96):024x}.{self._number}@{sender.rpartition('@')[2].rstrip('>')}>"
        head = "" if own else self._way(at, sender.rpartition("@")[2].rstrip(">"))
        head += f"From: {_encoded(sender)}\r\nTo: {to}\r\nSubject: {_encoded(subject)}\r\nDate: {format_datetime(at)}\r\n"
        head += f"Message-ID: {message_id}\r\n"
        if parent:
            head += f"In-Reply-To: {parent.ids[-1]}\r\nReferences: {(chr(13) + chr(10) + ' ').join(parent.ids)}\r\n"
        head += self._fields(kind, sender) + "MIME-Version: 1.0\r\n"
        text, content = self._content(kind, structure, parent, _size(structure, chance) - len(head))
        ids = (*(parent.ids if parent else ()), message_id)
        before.append(_Said(subject=parent.subject if parent else subject, ids=ids[-12:], text=text[:1500], sender=sender))
        del before[:-150]
        if own:
            folder = "Drafts" if chance.random() < 0.02 else "Sent"
        else:
            folder = chance.choices([name for name, _ in facts.folders], [part for _, part in facts.folders])[0]
        raw = head.encode() + content
        return Mail(kind=kind, folder=folder, at=at, seen=own or chance.random() < facts.seen, structure=structure, raw=raw)

    def _sender(self, kind: str) -> str:
        chance = self._chance
        if kind in ("personal", "list"):
            name = chance.choice(words.PEOPLE)
            local = re.sub(r"[^a-z]+", ".", name.lower())
            return f"{name} <{local}@{chance.choice(('post', 'mail', 'home', 'kernel-works', 'uni'))}.example>"
        number = chance.randint(1, 60)
        name = {
            "notice": "Service",
            "newsletter": "Letter",
            "shop": "Shop",
            "receipt": "Store",
            "alert": "Jobs",
            "spam": "Office",
        }[kind]
        local = {"notice": "notifications", "receipt": "orders", "alert": "alerts"}.get(kind, "news")
        return f"{name} {number} <{local}@{name.lower()}{number}.example>"

    def _to(self, kind: str) -> str:
        if kind == "list":
            number = self._chance.randint(1, 9)
            return f"tools-{number}@lists.project{number}.example"
        return ME

    def _fields(self, kind: str, sender: str) -> str:
        """Return the fields by which mail to many is known."""
        chance = self._chance
        domain = sender.rpartition("@")[2].rstrip(">")
        if kind == "list":
            number = chance.randint(1, 9)
            name = f"tools-{number}.lists.project{number}.example"
            return (
                f"List-Id: Tools {number} <{name}>\r\nPrecedence: list\r\nList-Post: <mailto:tools@{name}>\r\n"
                f"List-Unsubscribe: <https://lists.project{number}.example/options/tools>,\r\n"
                f" <mailto:tools-request@{name}?subject=unsubscribe>\r\n"
                f"List-Archive: <https://lists.project{number}.example/archives/tools/>\r\nErrors-To: tools-bounces@{name}\r\n"
            )
        if kind in _BULK:
            key = f"{chance.getrandbits(256):064x}"
            return (
                f"List-Unsubscribe: <https://click.{domain}/u/{key}>,\r\n <mailto:unsubscribe-{key[:24]}@{domain}>\r\n"
                f"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nFeedback-ID: {key[:12]}:{key[12:18]}:bulk\r\n"
                f"X-Campaign: {key[20:40]}\r\nX-Report-Abuse: please report to abuse@{domain} with {key[40:]}\r\n"
            ) + (f"List-ID: <{kind}.{domain}>\r\nPrecedence: bulk\r\n" if chance.random() < 0.6 else "")
        if kind == "notice":
            return f"Auto-Submitted: auto-generated\r\nX-Notification: {chance.getrandbits(64):016x}\r\n"
        return f"User-Agent: Mailer {chance.randint(60, 140)}.0\r\nContent-Language: en-GB\r\n" if kind == "personal" else ""

    def _way(self, at: datetime, domain: str, *, vouched: bool = True) -> str:
        """Return what servers write above a mail: Received, authentication, ARC (RFC 8617) and DKIM (RFC 6376) of real length."""
        chance = self._chance
        lines = [f"Return-Path: <bounce-{chance.getrandbits(80):020x}@{domain}>", f"Delivered-To: {ME.rpartition('<')[2][:-1]}"]
        hosts = [PROVIDER, "filter.mailbox.example", f"out{chance.randint(1, 40)}.{domain}", f"app.internal.{domain}"]
        lines += [
            f"Received: from {there} ({there} [192.0.2.{chance.randint(1, 254)}])\r\n"
            f"\tby {here} (Postfix) with ESMTPS id {chance.getrandbits(60):015X}\r\n"
            "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
            f"\tfor <robin.hale@mailbox.example>; {format_datetime(at)}"
            for here, there in list(pairwise(hosts))[: chance.randint(1, 3)]
        ]
        results = (
            f"{PROVIDER}; dkim=pass header.i=@{domain} header.s=s1 header.b=AbCd1234;\r\n"
            f" spf=pass smtp.mailfrom=bounce@{domain}; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from={domain}"
        )
        seal = f"ARC-Seal: i=1; a=rsa-sha256; t={int(at.timestamp())}; cv=none; d=mailbox.example; s=arc-2024;"
        arc = (
            "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=mailbox.example; s=arc-2024;\r\n"
            " h=list-unsubscribe:mime-version:message-id:date:subject:to:from:dkim-signature;\r\n"
        )
        dkim = (
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\r\n"
            " h=content-type:from:mime-version:subject:x-feedback-id:to:list-unsubscribe:cc:content-type;\r\n"
        )
        lines += [
            f"{seal}\r\n b={_base64(chance, 256)}",
            f"{arc} bh={_base64(chance, 32)};\r\n b={_base64(chance, 256)}",
            f"{dkim} bh={_base64(chance, 32)};\r\n b={_base64(chance, 256)}",
            f"X-Spam-Status: No, score=-{chance.random() * 5:.1f} required=5.0 tests=DKIM_SIGNED,DKIM_VALID,SPF_PASS",
        ]
        if vouched:
            lines += [f"ARC-Authentication-Results: i=1; {results}", f"Authentication-Results: {results}"]
        return "\r\n".join(lines) + "\r\n"

    def _content(self, kind: str, structure: str, parent: _Said | None, size: int) -> tuple[str, bytes]:
        """Return the plain text, and all from Content-Type on."""
        chance, stock = self._chance, self._stocks[kind]
        quoted = "".join(f"> {line}\n" for line in parent.text.splitlines()) if parent else ""
        if structure == "plain":
            text = _filled(stock.paragraphs, max(size - len(quoted) - 200, 300), chance)
            text = f"{text}\n\nOn an earlier day, {parent.sender} wrote:\n\n{quoted}" if parent else text
            return text, self._part(text, "plain")
        if structure == "alternative":
            text = _filled(stock.paragraphs, min(max(size // 8, 400), 9_000), chance) + ("\n\n" + quoted if quoted else "")
            return text, self._alternative(text, max(size - len(text) - 600, 1_500))
        text = _filled(stock.paragraphs, chance.randint(400, 3_000), chance) + ("\n\n" + quoted if quoted else "")
        body = self._alternative(text, 4_000) if chance.random() < 0.4 else self._part(text, "plain")
        boundary = f"=_mixed_{chance.getrandbits(96):024x}"
        octets = max((size - len(body)) * 74 // 100, 1_000)
        ending, media = chance.choice((("pdf", "application/pdf"), ("jpg", "image/jpeg"), ("zip", "application/zip")))
        attached = base64.encodebytes(chance.randbytes(octets)).replace(b"\n", b"\r\n")
        head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
        then = (
            f'\r\n--{boundary}\r\nContent-Type: {media}; name="file.{ending}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="file.{ending}"\r\n\r\n'
        )
        return text, b"".join((head.encode(), body, then.encode(), attached, f"--{boundary}--\r\n".encode()))

    def _alternative(self, text: str, size: int) -> bytes:
        chance = self._chance
        html = _filled(self._stocks["newsletter" if size > 6_000 else "personal"].blocks, size, chance)
        html = f'<html><head><meta charset="utf-8"></head><body><table width="600">\n{html}</table></body></html>\n'
        boundary = f"=_alt_{chance.getrandbits(96):024x}"
        return b"".join(
            (
                f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode(),
                self._part(text, "plain"),
                f"\r\n--{boundary}\r\n".encode(),
                self._part(html, "html"),
                f"\r\n--{boundary}--\r\n".encode(),
            )
        )

    def _part(self, text: str, subtype: str) -> bytes:
        encoding = self._chance.choices(("quoted-printable", "8bit", "base64", "windows-1252"), (0.5, 0.25, 0.15, 0.1))[0]
        charset = "windows-1252" if encoding == "windows-1252" else "utf-8"
        octets = text.encode(charset, "xmlcharrefreplace" if subtype == "html" else "replace")
        if encoding == "base64":
            octets = base64.encodebytes(octets)
        elif encoding != "8bit":
            octets = b2a_qp(octets, istext=True)
        transfer = "quoted-printable" if encoding == "windows-1252" else encoding
        head = f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n'
        return head.encode() + octets.replace(b"\n", b"\r\n") + b"\r\n"


def _filled(pieces: Sequence[str], size: int, chance: random.Random) -> str:
    """Return so many of the pieces that they come near the size; as encodings add a tenth, a little less."""
    chosen, length, wanted = [], 0, size * 0.93
    while length < wanted:
        piece = pieces[int(chance.random() * len(pieces))]
        chosen.append(piece)
        length += len(piece) + 2
    return "\n\n".join(chosen)


def _size(structure: str, chance: random.Random) -> int:
    curve = _SIZES[structure]
    at = chance.random()
    after = min(bisect([part for part, _ in curve], at), len(curve) - 1)
    (left, low), (right, high) = curve[after - 1], curve[after]
    return int(exp(log(low) + (log(high) - log(low)) * (at - left) / (right - left)))


def _base64(chance: random.Random, octets: int) -> str:
    text = base64.b64encode(chance.randbytes(octets)).decode()
    return "\r\n  ".join(text[start : start + 72] for start in range(0, len(text), 72))


def _encoded(text: str) -> str:
    name, bracket, address = text.partition(" <")
    return text if text.isascii() else Header(name, "utf-8").encode(linesep="\r\n") + bracket + address
