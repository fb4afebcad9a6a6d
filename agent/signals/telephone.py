"""The direct number that a person gives in a mail: in the signature, or in so many words."""

import re

from agent.messages.message import Message

_NUMBER = r"(\(?\+?\(?[0-9][0-9 ()./\u2010-\u2013-]{5,24}[0-9](?:\s?(?:x|ext\.?)\s?[0-9]{1,6})?)"
_DIRECT = re.compile(
    r"(?<!\w)(?:direct(?: line| dial)?|durchwahl|dw|ligne directe|directo|diretto|doorkiesnummer"
    r"|mobile?|mob|cell|mobil|handy|portable|m[óo]vil|celular|telem[óo]vel|cellulare|mobiel|mobiltelefon|m|d)"
    r"\s?[.:)\]]*\s*(?:is\s*:?\s*)?" + _NUMBER,
    re.IGNORECASE,
)
_ANY = re.compile(
    r"(?<!\w)(?:tel(?:e(?:phone|fon|fono|foon))?|t[ée]l[ée]phone|phone|fon|t|p|☎|📞"
    r"|(?:call|ring|reach) me (?:directly )?(?:on|at|by phone at))\s?[.:)\]]*\s*" + _NUMBER,
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*(\+[0-9][0-9 ()./\u2010-\u2013-]{7,24}[0-9])\s*")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15


def direct_number(message: Message) -> str:
    """Return the number at which the writer can be called, as it is written; empty where none is given.

    A mobile or direct line comes before any other; a fax is none. Mail of machines and to many gives none (A11).
    """
    if message.auto_submitted or message.list_mail:
        return ""
    lines = [line for text in (message.signature, message.fresh) for line in text.split("\n") if any(map(str.isdigit, line))]
    for kind in (_DIRECT, _ANY):
        for line in lines:
            for found in kind.finditer(line):
                if _is_number(found[1]):
                    return _tidy(found[1])
    bare = (_BARE.fullmatch(line) for line in message.signature.split("\n"))
    return next((_tidy(found[1]) for found in bare if found and _is_number(found[1])), "")


def _is_number(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return _FEWEST_DIGITS <= digits <= _MOST_DIGITS and not re.fullmatch(
        r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}", text.strip()
    )


def _tidy(text: str) -> str:
    return " ".join(re.sub("[\u2010-\u2013]", "-", text).split())
