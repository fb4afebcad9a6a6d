"""The tree of a message's parts by BODYSTRUCTURE (RFC 3501 section 7.4.2), and which of its leaves can matter."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.mailbox.rows import Value, number

_MOST_PARTS = 40
"""Parts of one container that are looked at."""
_DEEPEST = 20
"""Containers within containers."""
_CALENDARS = {"text/calendar", "text/x-vcalendar", "application/ics"}
_REPORTS = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/global-headers",
    "text/rfc822-headers",
}
_TEXTS = {"text/plain", "text/html"}
_NO_TEXT = ("image/", "audio/", "video/", "application/", "message/", "multipart/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One node of the tree of parts."""

    number: str
    """As in FETCH: `1.2`; empty for the message itself when it has several parts."""
    kind: str
    """`text/plain`, in lower case; `multipart/...` for a node with children."""
    children: tuple["Part", ...] = ()
    charset: str = ""
    encoding: str = ""
    """The transfer encoding, in lower case."""
    size: int | None = None
    """Octets as they are transferred."""
    name: str = ""
    """The file name, as far as it is ASCII without quotes."""
    attached: bool = False
    """Whether it is an attachment, or has a file name."""

    @property
    def is_calendar(self) -> bool:
        """Return whether it holds an invitation."""
        return self.kind in _CALENDARS or self.name.lower().endswith((".ics", ".vcs"))


def tree_of(structure: Value, place: str = "", depth: int = 0) -> Part | None:
    """Return the tree of parts of a BODYSTRUCTURE, or None when it makes no sense."""
    if not isinstance(structure, list) or len(structure) < 2 or depth > _DEEPEST:
        return None
    if not isinstance(structure[0], list):
        return _leaf(structure, place or "1")
    inner = []
    for n, value in enumerate(structure[:_MOST_PARTS], 1):
        if not isinstance(value, list):
            break
        inner.append(tree_of(value, f"{place}.{n}" if place else str(n), depth + 1))
    # Without its extension data (RFC 3501: BODY) the subtype is what stands after the last child.
    subtype = next((value for value in structure if not isinstance(value, list)), None)
    return Part(number=place, kind=f"multipart/{_word(subtype)}", children=tuple(part for part in inner if part is not None))


def leaves(part: Part) -> Iterator[Part]:
    """Yield the parts without parts in them, in order."""
    if part.children or part.kind.startswith("multipart/"):
        for child in part.children:
            yield from leaves(child)
    else:
        yield part


def wanted(tree: Part) -> tuple[list[Part], list[tuple[Part, list[Part]]]]:
    """Return the leaves that can matter, and those of HTML that may, each list with the text/plain part that decides on it.

    Never an attachment, unless it is an invitation or the only text.
    """
    later = _beside_plain(tree)
    put_off = {part.number for _, parts in later for part in parts}
    needed = [part for part in leaves(tree) if part.is_calendar or part.kind in _REPORTS or part.kind == "message/rfc822"]
    texts = [part for part in leaves(tree) if part.kind in _TEXTS and not part.is_calendar]
    if tree.number == "1" and not tree.kind.startswith(_NO_TEXT) and tree not in needed:
        texts = [tree]
    bodies = [part for part in texts if not part.attached] or texts[:1]
    needed += [part for part in bodies if part.number not in put_off]
    return sorted(needed, key=_place), later


def _beside_plain(part: Part) -> list[tuple[Part, list[Part]]]:
    """Return the HTML parts that stand beside a text/plain part as another form of it."""
    if part.kind != "multipart/alternative":
        return [pair for child in part.children for pair in _beside_plain(child)]
    bodies = [leaf for leaf in leaves(part) if not leaf.attached]
    plain = [leaf for leaf in bodies if leaf.kind == "text/plain"]
    html = [leaf for leaf in bodies if leaf.kind == "text/html"]
    return [(plain[0], html)] if len(plain) == 1 and html else []


def _leaf(structure: list[Value], place: str) -> Part:
    kind = f"{_word(structure[0])}/{_word(structure[1])}"
    parameters = _parameters(structure[2] if len(structure) > 2 else None)
    # MD5, disposition, language and location stand after the fields of the kind.
    after = 9 if kind.startswith("text/") else 11 if kind in {"message/rfc822", "message/global"} else 8
    disposition = structure[after] if len(structure) > after else None
    details: list[Value] = disposition if isinstance(disposition, list) else []
    given = _parameters(details[1] if len(details) > 1 else None)
    name = _name(given, "filename") or _name(parameters, "name")
    return Part(
        number=place,
        kind=kind,
        charset=parameters.get("charset", ""),
        encoding=_word(structure[5] if len(structure) > 5 else None),
        size=number(structure[6] if len(structure) > 6 else None),
        name=name,
        attached=bool(name) or _word(details[0] if details else None) == "attachment",
    )


def _parameters(value: Value) -> dict[str, str]:
    pairs: list[Value] = value if isinstance(value, list) else []
    return {_word(key): _text(text) for key, text in zip(pairs[::2], pairs[1::2], strict=False)}


def _name(parameters: dict[str, str], wanted_name: str) -> str:
    """Return a parameter that may be written in pieces or with its charset (RFC 2231)."""
    found = sorted(key for key in parameters if key.partition("*")[0] == wanted_name)
    whole = "".join(parameters[key] for key in found)
    return "".join(character if character.isalnum() or character in " .-_" else "_" for character in whole)[:200]


def _place(part: Part) -> list[int]:
    return [int(piece) for piece in part.number.split(".")]


def _word(value: Value) -> str:
    return _text(value).lower() or "unknown"


def _text(value: Value) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else ""
