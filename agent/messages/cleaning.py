"""Text made safe to hold: no NUL, no lone surrogate, one kind of line end, one kind of space."""

import re

_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_JOINER_PADDING = re.compile("(?:(?<=[\\s\u200c\u200d])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\\s\u200c\u200d]|$)", re.MULTILINE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Return `text` with `\n` line ends and plain spaces, without control, zero-width and direction characters.

    Preheaders are padded with zero-width joiners; those beside white space go, those inside words (Persian, emoji) stay.
    A lone surrogate becomes U+FFFD, so that the result can always be written as UTF-8.
    """
    text = _LINE_END.sub("\n", text)
    text = _UNWANTED.sub("", text)
    text = _SPACE.sub(" ", text)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINER_PADDING.sub("", text)
    return _SURROGATE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return `text` cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())
