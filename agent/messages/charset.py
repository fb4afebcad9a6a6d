"""Bytes of a text part to text, whatever the sender said the charset was."""

import codecs

from agent.messages.cleaning import one_line

_UNSAFE = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs of Python that are no charset of mail; two of them take quadratic time."""

_WIDER = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
"""Charset as declared -> the superset that senders really use (WHATWG Encoding, section 4.2)."""

_ALIASES = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "x-gbk": "gbk",
    "cp-850": "cp850",
    "x-sjis": "shift_jis",
    "utf8mb4": "utf-8",
}


def decode_text(data: bytes, charset: str | None) -> tuple[str, str]:
    """Return the text of `data` and what was wrong with its charset, empty when nothing was.

    An unknown or failing charset is read as UTF-8 where the bytes are valid UTF-8, else as Windows-1252.
    """
    named = (charset or "us-ascii").strip().strip("\"'").lower()
    named = _ALIASES.get(named, named)
    shown = one_line(named)[:40]
    problem = ""
    try:
        codec = codecs.lookup(named).name
        usable = codec not in _UNSAFE and codec.replace("-", "_") not in _UNSAFE
    except (LookupError, ValueError, TypeError):
        codec, usable = "", False
    if usable and codec not in _WIDER and codec != "utf-8":
        try:
            return data.decode(codec), ""
        except (LookupError, ValueError):
            problem = f"text is not valid {shown}"
    if charset and not usable:
        problem = f"unknown charset {shown}"
    try:
        return data.decode("utf-8"), problem
    except UnicodeDecodeError:
        if codec == "utf-8":
            problem = "text is not valid utf-8"
        elif codec in ("", "ascii") and not problem:
            problem = "text is not ASCII and names no charset"
    wider = _WIDER.get(codec, "cp1252")
    try:
        return data.decode(wider), problem
    except ValueError:
        return data.decode(wider, "replace"), problem or f"text is not valid {shown}"
