"""Time zones and countries as the tz database knows them, and which of them this machine is set to."""

import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

_ZONES = "zoneinfo/"
_SOLD_ABROAD = frozenset({"AC", "AI", "CC", "CO", "FM", "GG", "IO", "LA", "LY", "ME", "SH", "SO", "TO", "TV", "VC", "WS"})
"""Whose domains are mostly held by people elsewhere."""


@cache
def countries() -> dict[str, str]:
    """Return the name of each country by its two letters (ISO 3166)."""
    return dict(_rows("iso3166.tab"))


def country_of_zone(zone: str) -> str | None:
    """Return the country in which a time zone lies, or None where it is that of several or of none."""
    for code, _, name, *_ in _rows("zone.tab"):
        if name == zone:
            return code
    return None


def country_of_domain(domain: str) -> str | None:
    """Return the country by the end of a mail domain (`.de`, `.co.uk`), or None."""
    last = domain.rpartition(".")[2].upper()
    code = "GB" if last == "UK" else last
    return code if code in countries() and code not in _SOLD_ABROAD else None


def zone_of_system(localtime: Path = Path("/etc/localtime")) -> str | None:
    """Return the time zone of this machine: of TZ, else of the link that /etc/localtime is, else of /etc/timezone."""
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = str(localtime.resolve()).rpartition(_ZONES)[2] if localtime.is_symlink() else ""
    for zone in (named, linked, _line(localtime.with_name("timezone"))):
        if zone and _is_zone(zone):
            return zone
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _rows(name: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
