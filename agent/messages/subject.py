"""The base subject: what is left of a Subject once answers and forwards took their prefixes off (RFC 5256 section 2.1)."""

import re

_PREFIXES = (
    "re|fw|fwd"  # RFC 5256
    "|aw|antw|antwort|wg|wtr"  # German
    "|sv|vs|vb|vl|svar|vidarebefordrat|videresend"  # Swedish, Danish, Norwegian, Finnish
    "|tr|rép|rep"  # French
    "|rv|reenv"  # Spanish
    "|res|enc"  # Portuguese
    "|rif|inoltra"  # Italian
    "|antwoord|doorst"  # Dutch
    "|odp|pd"  # Polish
    "|ynt|ilt|vá|továbbítás|înt|πρθ|σχετ|απ|отв|пересл|השב|הועבר"
    "|回复|答复|轉寄|转发|回覆|返信|転送|답장|전달"
)
_LEADER = re.compile(
    rf"\s*(?:\[[^\[\]]*\]\s*)*(?:(?i:{_PREFIXES})|[RI])"  # `R:` and `I:` are Italian, in capitals only
    r"\s*(?:\[[^\[\]]{0,20}\]|\(\d{1,3}\)|\^?\d{1,3})?\s*[:：]\s*"
)
_FORWARD = re.compile(
    r"\s*(?:\[[^\[\]]*\]\s*)*(?:(?i:fwd?|wg|wtr|tr|rv|reenv|vb|vl|vidarebefordrat|videresend|enc|inoltra|doorst|pd|ilt)|I|转发|轉寄|転送|전달)"
    r"\s*[:：]|\s*\[fwd:",
)
_BLOB = re.compile(r"\s*\[[^\[\]]*\]\s*")
_TRAILER = re.compile(r"\(fwd\)\s*$", re.IGNORECASE)
_WRAPPED = re.compile(r"\[fwd:(.*)\]$", re.IGNORECASE | re.DOTALL)

LONGEST_SUBJECT = 2000
"""Characters that are looked at; a longer Subject is cut."""


def base_subject(subject: str) -> str:
    """Return `subject` without `Re:`, `Fwd:`, their cousins in other languages, list tags in front and `(fwd)` behind.

    The case of what is left is kept; compare with `str.casefold`. White space is one space. Never raises.
    """
    text = " ".join(subject[:LONGEST_SUBJECT].split())
    while True:
        before = text
        while (trailer := _TRAILER.search(text)) is not None:
            text = text[: trailer.start()].rstrip()
        while (leader := _LEADER.match(text)) is not None:
            text = text[leader.end() :]
        blob = _BLOB.match(text)
        if blob is not None and text[blob.end() :]:
            text = text[blob.end() :]
        wrapped = _WRAPPED.match(text)
        if wrapped is not None:
            text = wrapped.group(1).strip()
        if text == before:
            return text


def without_prefixes(subject: str) -> str:
    """Return `subject` on one line without prefixes of answers and forwards, and the list tags before them. Never raises.

    A tag that no prefix follows stays, other than in `base_subject`: it may be all that names the employer.
    """
    text = " ".join(subject[:LONGEST_SUBJECT].split())
    while (leader := _LEADER.match(text)) is not None:
        text = text[leader.end() :]
    return text


def is_forward(subject: str) -> bool:
    """Return whether `subject` begins with a forward's prefix; `Re: Fwd:` is an answer."""
    return _FORWARD.match(" ".join(subject[:LONGEST_SUBJECT].split())) is not None


def is_answer(subject: str) -> bool:
    """Return whether `subject` begins with an answer's or forward's prefix."""
    return _LEADER.match(" ".join(subject[:LONGEST_SUBJECT].split())) is not None
