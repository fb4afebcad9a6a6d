"""Calendar parts of a mail: what is being asked, moved or called off (RFC 5545, RFC 5546).

Recurrences are never expanded: an invitation to every second for ever is read as its first second.
"""

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agent.messages.cleaning import one_line
from agent.messages.message import Address, CalendarEvent

if TYPE_CHECKING:
    from icalendar.cal import Component

MOST_EVENTS = 50

_UNFOLD = re.compile(r"\n[ \t]")
_EVENT = re.compile(
    r"^BEGIN:VEVENT[ \t]*$(.*?)(?=^END:VEVENT[ \t]*$|^BEGIN:VEVENT[ \t]*$|\Z)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
_LINE = re.compile(r"^([A-Za-z-]{1,40})((?:;(?:\"[^\"\n]*\"|[^\":;\n])*)*):(.*)$", re.MULTILINE)
_ZONE = re.compile(r";TZID=(\"[^\"\n]*\"|[^;:\n]*)", re.IGNORECASE)
_STAMP = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?")
_OFFSET_IN_NAME = re.compile(r"(?:UTC|GMT)\s*([+-−])\s*(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_METHOD = re.compile(r"^METHOD(?:;[^:\n]*)?:\s*([A-Za-z-]+)", re.IGNORECASE | re.MULTILINE)


def read_calendar(text: str, *, sender_offset: dt.tzinfo) -> tuple[tuple[CalendarEvent, ...], tuple[str, ...]]:
    """Return the events of one calendar part and what was wrong with it. Never raises.

    `sender_offset` is the zone of the mail's Date: it stands in for a floating time or a zone that nobody can name, and the
    event then says `zone_certain=False`, as it does for a whole day, which begins at midnight of that offset.
    """
    from icalendar import Calendar  # most mail has no calendar part, and it takes long to import

    defects: list[str] = []
    text = text.lstrip()
    if re.search(r"^END:VCALENDAR", text, re.IGNORECASE | re.MULTILINE) is None:
        defects.append("calendar part is cut off")
        text = _closed(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of zones that it guesses by their last words, as everybody does
            calendars: list[Component] = list(Calendar.from_ical(text, multiple=True))
    except Exception as problem:  # noqa: BLE001 - the library lets through errors of every value type it parses
        defects.append(f"calendar part read line by line ({type(problem).__name__})")
        return _line_by_line(text, sender_offset), tuple(defects)
    events: list[CalendarEvent] = []
    written = _method_of(text)
    raw_events = [_fields(block) for block in _EVENT.findall(_UNFOLD.sub("", text))]
    position = 0
    for calendar in calendars:
        method = one_line(_text(calendar, "METHOD")).upper() or written or "REQUEST"
        for component in _events(calendar):
            raw = raw_events[position] if position < len(raw_events) else {}
            position += 1
            if len(events) < MOST_EVENTS:
                events.append(_event(component, raw, method, sender_offset))
    return tuple(dict.fromkeys(events)), tuple(defects)


def _closed(text: str) -> str:
    """Return `text` with the END lines that are missing."""
    if re.search(r"^BEGIN:VEVENT", text, re.IGNORECASE | re.MULTILINE) is None:
        return text
    text = text.rstrip("\n") + "\n"
    opened = re.findall(r"^(BEGIN|END):([A-Za-z]+)[ \t]*$", text, re.IGNORECASE | re.MULTILINE)[:2000]
    stack: list[str] = []
    for word, name in opened:
        if word.upper() == "BEGIN":
            stack.append(name.upper())
        elif stack and stack[-1] == name.upper():
            stack.pop()
    return text + "".join(f"END:{name}\n" for name in reversed(stack))


def _events(calendar: "Component") -> "Iterator[Component]":
    """Yield the VEVENTs of a calendar, or the component itself when it stands without one."""
    if calendar.name == "VEVENT":
        yield calendar
    else:
        yield from (component for component in calendar.subcomponents if component.name == "VEVENT")


def _event(component: "Component", raw: dict[str, tuple[str, str]], method: str, sender_offset: dt.tzinfo) -> CalendarEvent:
    """Return one VEVENT; each property that the library cannot read is read from its line."""
    starts_at, certain = _time(component, raw, "DTSTART", sender_offset)
    ends_at, _ = _time(component, raw, "DTEND", sender_offset)
    if ends_at is None and starts_at is not None:
        ends_at = _after(starts_at, component)
    return CalendarEvent(
        method=method,
        uid=one_line(_text(component, "UID")),
        sequence=_number(_text(component, "SEQUENCE")),
        status=one_line(_text(component, "STATUS")).upper(),
        starts_at=starts_at,
        ends_at=ends_at,
        zone_certain=certain,
        summary=one_line(_text(component, "SUMMARY")),
        organizer=_mailbox(_text(component, "ORGANIZER")),
        attendees=_attendees(component),
        location=one_line(_text(component, "LOCATION")),
        named=_named(component),
        recurrence_id=raw.get("RECURRENCE-ID", ("", ""))[1].strip(),
    )


def _text(component: "Component", name: str) -> str:
    """Return a property as text, the first where it stands twice, the empty string where it is missing."""
    value = component.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return str(value) if value is not None else ""


def _number(text: str) -> int:
    """Return a SEQUENCE; 0 when it is missing or no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _mailbox(text: str) -> str:
    """Return the address of a cal-address in lower case, without its `mailto:`."""
    address = "".join(text.split()).lower().strip("<>\"'")
    return address.removeprefix("mailto:").strip("<>\"'")


def _attendees(component: "Component") -> tuple[str, ...]:
    """Return the addresses of the attendees, each once."""
    value = component.get("ATTENDEE")
    if value is None:
        return ()
    every = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(address for address in (_mailbox(str(one)) for one in every[:500]) if "@" in address))


def _named(component: "Component") -> tuple[Address, ...]:
    """Return organizer and attendees with the names that they are listed under."""
    found: dict[str, str] = {}
    for value in (component.get("ORGANIZER"), component.get("ATTENDEE")):
        for one in (value if isinstance(value, list) else [value])[:500]:
            name = one_line(str(getattr(one, "params", {}).get("CN", "")))
            if name and "@" not in name:
                found.setdefault(_mailbox(str(one)), name)
    return tuple(Address(name=name, email=email) for email, name in found.items() if "@" in email)


def _time(
    component: "Component", raw: dict[str, tuple[str, str]], name: str, sender_offset: dt.tzinfo
) -> tuple[dt.datetime | None, bool]:
    """Return a DTSTART or DTEND as an aware time, and whether its zone is certain."""
    value = None
    try:
        held: Any = component.get(name)
        value = held.dt if held is not None and not isinstance(held, list) else None
    except Exception:  # noqa: BLE001 - a broken property raises on access, with an error of its own for each kind of damage
        value = None
    if isinstance(value, dt.datetime):
        try:
            if value.tzinfo is not None and value.utcoffset() is not None and _has_named_zone(raw.get(name, ("", ""))):
                return value.astimezone(dt.timezone(value.utcoffset() or dt.timedelta())), True
        except (OverflowError, ValueError):
            return None, False
    parameters, text = raw.get(name, ("", ""))
    return _stamp(parameters, text, sender_offset)


def _has_named_zone(line: tuple[str, str]) -> bool:
    """Return whether the line itself names a zone; the library may put one in where the line has none."""
    parameters, text = line
    return (
        not text
        or text.strip().upper().endswith("Z")
        or _ZONE.search(parameters) is not None
        or re.search(r"[+-]\d{2}:?\d{2}\s*$", text) is not None
    )


def _stamp(parameters: str, text: str, sender_offset: dt.tzinfo) -> tuple[dt.datetime | None, bool]:
    """Return the time of a DTSTART line by its digits, and whether its zone is certain."""
    found = _STAMP.search(text)
    if found is None:
        return None, False
    year, month, day, hour, minute, second, suffix = found.groups()
    zone: dt.tzinfo = sender_offset
    certain = False
    if suffix == "Z":
        zone, certain = dt.UTC, True
    elif suffix:
        sign = -1 if suffix[0] == "-" else 1
        zone, certain = _offset(sign, suffix[1:3], suffix[-2:]) or sender_offset, True
    else:
        named = _ZONE.search(parameters)
        offset = _OFFSET_IN_NAME.search(named.group(1)) if named is not None else None
        if offset is not None:
            zone = _offset(1 if offset.group(1) == "+" else -1, offset.group(2), offset.group(3) or "0") or sender_offset
    try:
        read = dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), min(int(second or 0), 59), tzinfo=zone
        )
        offset_then = read.utcoffset() or dt.timedelta()
        read.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None, False
    return read.replace(tzinfo=dt.timezone(offset_then)), certain


def _offset(sign: int, hours: str, minutes: str) -> dt.timezone | None:
    """Return a fixed offset, or None when there is no such one."""
    delta = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return dt.timezone(sign * delta) if delta < dt.timedelta(hours=24) else None


def _after(starts_at: dt.datetime, component: "Component") -> dt.datetime | None:
    """Return the end that a DURATION gives, or None."""
    try:
        held: Any = component["DURATION"]
        value = held.dt
        return (
            starts_at + value if isinstance(value, dt.timedelta) and dt.timedelta() <= value <= dt.timedelta(days=366) else None
        )
    except Exception:  # noqa: BLE001 - a broken DURATION raises on access, with an error of its own for each kind of damage
        return None


def _fields(block: str) -> dict[str, tuple[str, str]]:
    """Return property name -> (parameters, value) of an unfolded VEVENT without its alarms; the first of a name counts."""
    own = re.split(r"^BEGIN:", block, maxsplit=1, flags=re.IGNORECASE | re.MULTILINE)[0]
    found: dict[str, tuple[str, str]] = {}
    for name, parameters, value in _LINE.findall(own):
        found.setdefault(name.upper(), (parameters, value))
    return found


def _method_of(text: str) -> str:
    """Return the METHOD line's word in upper case, or the empty string."""
    found = _METHOD.search(text)
    return found.group(1).upper() if found is not None else ""


def _line_by_line(text: str, sender_offset: dt.tzinfo) -> tuple[CalendarEvent, ...]:
    """Return the events of a calendar that the library refused, read from its lines."""
    method = _method_of(text) or "REQUEST"
    events = []
    for block in _EVENT.findall(_UNFOLD.sub("", text))[:MOST_EVENTS]:
        fields = _fields(block)
        value = {name: one_line(_unescaped(line[1])) for name, line in fields.items()}
        starts_at, certain = _stamp(*fields.get("DTSTART", ("", "")), sender_offset)
        ends_at, _ = _stamp(*fields.get("DTEND", ("", "")), sender_offset)
        events.append(
            CalendarEvent(
                method=method,
                uid=value.get("UID", ""),
                sequence=_number(value.get("SEQUENCE", "")),
                status=value.get("STATUS", "").upper(),
                starts_at=starts_at,
                ends_at=ends_at,
                zone_certain=certain,
                summary=value.get("SUMMARY", ""),
                organizer=_mailbox(value.get("ORGANIZER", "")),
                attendees=tuple(
                    dict.fromkeys(
                        _mailbox(line[2]) for line in _LINE.findall(block) if line[0].upper() == "ATTENDEE" and "@" in line[2]
                    )
                ),
                location=value.get("LOCATION", ""),
                recurrence_id=value.get("RECURRENCE-ID", ""),
            )
        )
    return tuple(dict.fromkeys(events))


def _unescaped(text: str) -> str:
    """Return a TEXT value without its escapes (RFC 5545 section 3.3.11)."""
    return re.sub(r"\\([nN,;\\])", lambda found: "\n" if found.group(1) in "nN" else found.group(1), text)
