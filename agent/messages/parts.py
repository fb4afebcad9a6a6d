"""The MIME tree of a mail, cut into what the reader needs: body sections, calendar parts, enclosed mails, delivery reports.

The tree is the standard library's with its `compat32` policy; `policy.default` raises on mail that exists.
"""

import binascii
import email
import re
from dataclasses import dataclass, field
from email.message import Message as Part

from agent.messages.charset import decode_text
from agent.messages.cleaning import clean

MOST_CONTAINERS = 32
"""Multipart and message/* parts that are opened; each level of nesting costs the parser time on every line below it."""
LONGEST_TEXT = 300_000
"""Characters of one text/plain part that are read."""
MOST_LINES_OVER_LEVELS = 2_000_000
"""Lines of the mail times the containers in it that are opened."""
MOST_BOUNDARIES = 3000
"""Boundary lines after which the rest of the mail is left out."""
MOST_LINES = 20_000
"""Lines of one text part that are read."""
LONGEST_HTML = 1_000_000
"""Characters of one text/html part that are read."""
LONGEST_CALENDAR = 200_000
"""Characters of one calendar part that are read."""
MOST_SECTIONS = 30
"""Text parts, and calendar parts, that are read."""

_FOLDED_FIELD = re.compile(
    rb"^(content-[a-z-]{1,30}:[^\n]{0,2000}(?:\n[ \t][^\n]{0,200}){0,30})(?:[^\n]*)(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_BOUNDARY = re.compile(rb"^--[^\s]", re.MULTILINE)
_CONTAINER = re.compile(rb"^content-type:[ \t]*(?:\n[ \t]+)*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class BodySection:
    """One stretch of the body: the alternatives of it that the sender gave."""

    plain: str | None
    html: str | None


@dataclass(kw_only=True, slots=True)
class Parts:
    """What a walk over the MIME tree found, in order."""

    root: Part
    body: list[BodySection] = field(default_factory=list)
    attached_text: list[BodySection] = field(default_factory=list)
    """Text parts that are attachments; they are the body only where there is no other."""
    calendars: list[str] = field(default_factory=list)
    enclosed: list[Part] = field(default_factory=list)
    """message/* and text/rfc822-headers parts, not opened."""
    defects: list[str] = field(default_factory=list)

    def is_report(self) -> bool:
        """Return whether the whole mail is a delivery report (RFC 6522)."""
        return self.root.get_content_type() == "multipart/report"


def open_parts(raw: bytes) -> Parts:
    r"""Return the parts of a whole mail whose line ends are `\n`. Never raises."""
    defects: list[str] = []
    raw = _bounded(raw, defects)
    parts = Parts(root=email.message_from_bytes(raw), defects=defects)
    _walk(parts.root, parts, enclosed=False)
    if not parts.body:
        parts.body = parts.attached_text[:1]
    return parts


def _bounded(raw: bytes, defects: list[str]) -> bytes:
    """Return the mail without what would cost the standard library's parser more than linear time."""
    if b"\n " in raw or b"\n\t" in raw or len(raw) > 2000:
        raw = _FOLDED_FIELD.sub(rb"\1", raw)
    containers = [found.start() for found in _CONTAINER.finditer(raw)]
    allowed = min(MOST_CONTAINERS, max(6, MOST_LINES_OVER_LEVELS // (raw.count(b"\n") + 1)))
    if len(containers) > allowed:
        raw = raw[: containers[allowed]]
        defects.append(f"more than {allowed} nested or enclosed parts, the rest is left out")
    if containers and raw.count(b"\n--") > MOST_BOUNDARIES:
        boundaries = [found.start() for found in _BOUNDARY.finditer(raw)]
        if len(boundaries) > MOST_BOUNDARIES:
            raw = raw[: boundaries[MOST_BOUNDARIES]]
            defects.append(f"more than {MOST_BOUNDARIES} parts, the rest is left out")
    return raw


def text_of(part: Part, longest: int, defects: list[str]) -> str:
    """Return the decoded, cleaned text of a leaf part, at most `longest` characters; what was wrong is added to `defects`."""
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError, AttributeError):
        charset = None
    data = payload(part)
    text, problem = decode_text(data[: longest * 4], charset)
    if problem:
        defects.append(problem)
    if "\0" in text:
        defects.append("NUL in the text")
    if len(text) > longest:
        text = text[:longest]
        defects.append(f"text cut at {longest} characters")
    return clean(text)


def few_lines(text: str, defects: list[str]) -> str:
    """Return the first 20,000 lines of `text`; that it was longer is added to `defects`."""
    if text.count("\n") < MOST_LINES:
        return text
    defects.append(f"text cut at {MOST_LINES} lines")
    return "\n".join(text.split("\n", MOST_LINES)[:MOST_LINES])


def payload(part: Part) -> bytes:
    """Return the bytes of a leaf part with its transfer encoding taken off as far as it goes; empty for a container."""
    try:
        data = part.get_payload(decode=True)
    except (binascii.Error, ValueError, LookupError, AttributeError, AssertionError):
        part.del_param("charset")  # the library decodes and encodes again by it, and some names of charsets raise
        try:
            data = part.get_payload(decode=True)
        except (binascii.Error, ValueError, LookupError, AttributeError, AssertionError):
            data = None
    return data if isinstance(data, bytes) else b""


def _walk(part: Part, parts: Parts, *, enclosed: bool) -> None:
    """Sort one part and those in it into `parts`."""
    kind = part.get_content_type()
    parts.defects += [_phrase(defect) for defect in part.defects]
    children = part.get_payload() if part.is_multipart() else None
    if kind.startswith("message/") or kind == "text/rfc822-headers":
        parts.enclosed.append(part)
        return
    if not isinstance(children, list):
        _leaf(part, kind, parts)
        return
    inner = [child for child in children if isinstance(child, Part)]
    if kind == "multipart/digest" or (enclosed and kind == "multipart/report"):
        parts.enclosed += inner
    elif kind == "multipart/alternative":
        _alternative(inner, parts)
    else:
        for child in inner:
            _walk(child, parts, enclosed=True)


def _alternative(inner: list[Part], parts: Parts) -> None:
    """Make one section of the alternatives; calendar and enclosed parts among them go where they belong."""
    mine = Parts(root=parts.root)
    for child in inner:
        _walk(child, mine, enclosed=True)
    plain = "\n\n".join(section.plain for section in mine.body if section.plain is not None) or None
    html = "\n".join(section.html for section in mine.body if section.html is not None) or None
    if (plain is not None or html is not None) and len(parts.body) < MOST_SECTIONS:
        parts.body.append(BodySection(plain=plain, html=html))
    parts.attached_text += mine.attached_text
    parts.calendars += mine.calendars
    parts.enclosed += mine.enclosed
    parts.defects += mine.defects


def _leaf(part: Part, kind: str, parts: Parts) -> None:
    """Sort a part without parts in it: calendar, text, or nothing that is read."""
    try:
        filename = str(part.get_filename() or "")
        disposition = part.get_content_disposition()
    except (LookupError, ValueError, AttributeError, TypeError):
        filename, disposition = "", None
    if kind in ("text/calendar", "application/ics", "text/x-vcalendar") or filename.lower().endswith((".ics", ".vcs")):
        if len(parts.calendars) < MOST_SECTIONS:
            parts.calendars.append(text_of(part, LONGEST_CALENDAR, parts.defects))
        return
    if kind not in ("text/plain", "text/html"):
        if part is not parts.root or kind.startswith(("image/", "audio/", "video/", "application/")):
            return
        kind = "text/plain"
    attached = disposition == "attachment" or bool(filename)
    target = parts.attached_text if attached else parts.body
    if len(target) >= MOST_SECTIONS:
        parts.defects.append(f"more than {MOST_SECTIONS} text parts, the rest is left out")
        return
    if kind == "text/html":
        target.append(BodySection(plain=None, html=text_of(part, LONGEST_HTML, parts.defects)))
        return
    text = few_lines(text_of(part, LONGEST_TEXT, parts.defects), parts.defects)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflow(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    target.append(BodySection(plain=text, html=None))


def unflow(text: str, *, delete_space: bool) -> str:
    r"""Return format=flowed text (RFC 3676) with its soft line breaks joined and its space stuffing gone, `>` marks kept."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        signature = bare in ("-- ", "--")
        if open_depth == depth and not signature:
            out.append(bare)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + bare)
        if bare.endswith(" ") and not signature:
            open_depth = depth
            if delete_space:
                out[-1] = out[-1][:-1]
        else:
            open_depth = -1
    return "".join(out)


def _phrase(defect: object) -> str:
    """Return the name of a defect of the standard library's parser as words."""
    name = type(defect).__name__.removesuffix("Defect")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
