"""From a display name to the name in a greeting: never a guess of gender, and no name rather than a wrong one."""

import re

from agent.drafts.templates import NameForms

_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]|<[^>]*>")
_CUT = re.compile(r"\s+[-–—|@/·•:]\s+|\s*[|@/·•:]\s*")
_TOKEN = re.compile(r"(?:(?:[^\W\d_]\.)+[^\W\d_]?|[^\W\d_]+(?:['’-][^\W\d_]+)*\.?)\Z")
_ADDRESS = re.compile(r"\S@\S")
_WORD = re.compile(r"[^\W\d_]+")
_INITIAL = re.compile(r"(?:[^\W\d_]\.?){1,2}\Z")
_MOST_WORDS = 4
"""Words of a name that is believed to be one, particles not counted."""
_PARTICLES = frozenset(
    {"da", "das", "de", "del", "den", "der", "di", "do", "dos", "la", "las", "los", "ten", "ter", "van", "von"}
)
"""Small words inside a last name. `y` and `e` are not among them: they may stand between two people."""
_LATIN = re.compile(r"[A-Za-zÀ-ɏ'’.-]+\Z")


def greeting_name(display: str, forms: NameForms, organisations: tuple[str, ...] = ()) -> str | None:
    """Return how to address the person behind a display name after 'Dear', or None when it names no person for certain.

    'Cole, Dana', 'DANA COLE', 'Dana from Acme' and 'Dana Cole via Greenhouse' give 'Dana'; 'Dr. Dana Cole' gives 'Dr. Cole'.
    Where it is not clear which name is the first one, and in languages that greet with the name in full, the whole name is given.
    """
    text = _person_part(display, forms)
    if not text or _ADDRESS.search(display) or text.casefold() in {name.casefold() for name in organisations}:
        return None
    tokens, title, honorific = _without_titles(_in_order(text, forms, organisations).split(), forms)
    if not 1 <= sum(token.casefold() not in _PARTICLES for token in tokens) <= _MOST_WORDS:
        return None
    if any(not _TOKEN.match(token) for token in tokens):
        return None
    if any(token.casefold().strip(".") in forms.not_a_person for token in tokens):
        return None
    tokens = _cased(tokens)
    if not any(len(token.strip(".")) > 1 for token in tokens):
        return None
    if title:
        return f"{title} {_last(tokens)}"
    if honorific:
        return f"{honorific} {tokens[0]}" if len(tokens) == 1 else " ".join(tokens)
    return tokens[0] if _first_name_leads(tokens) and not forms.in_full else " ".join(tokens)


def names_a_person(display: str, forms: NameForms, organisations: tuple[str, ...] = ()) -> str | None:
    """Return the full name behind a display name as it is written in running text, or None when it is no person's."""
    if greeting_name(display, forms, organisations) is None:
        return None
    tokens, title, honorific = _without_titles(_in_order(_person_part(display, forms), forms, organisations).split(), forms)
    tokens = _cased(tokens)
    front = title or (honorific if len(tokens) == 1 else "")
    return " ".join([front, *tokens] if front else tokens)


def _person_part(display: str, forms: NameForms) -> str:
    text = " ".join(_BRACKETED.sub(" ", display).split()).strip("\"'‘’“”«» ")
    text = _CUT.split(text)[0]
    joint = "|".join(re.escape(word) for word in forms.joints)
    return re.split(rf"\s+(?:{joint})\s+", text, flags=re.IGNORECASE)[0].strip(" ,;") if joint else text.strip(" ,;")


def _in_order(text: str, forms: NameForms, organisations: tuple[str, ...]) -> str:
    """Return 'Dana Cole' for 'Cole, Dana' without degrees behind it; empty where the comma may mean something else."""
    parts = [part for part in (part.strip() for part in text.split(",")) if part]
    while len(parts) > 1 and all(_folded(word) in forms.suffixes for word in parts[-1].split()):
        parts.pop()
    if len(parts) == 2:
        last, first = parts
        employers = {word for name in organisations for word in name.casefold().split()}
        swapped = len(last.split()) == 1 or last.split()[0].islower()
        if not swapped or any(word.casefold() in employers for word in first.split()):
            return ""
        parts = [f"{first} {last}"]
    words = parts[0].split() if len(parts) == 1 else []
    while len(words) > 1 and _folded(words[-1]) in forms.suffixes:
        words.pop()
    return " ".join(words)


def _folded(word: str) -> str:
    return word.casefold().replace(".", "")


def _without_titles(tokens: list[str], forms: NameForms) -> tuple[list[str], str, str]:
    titles = {title.casefold().strip("."): title for title in forms.titles}
    title = honorific = ""
    rest = list(tokens)
    while len(rest) > 1:
        word = rest[0].casefold().strip(".")
        if word in titles:
            title = title or titles[word]
        elif word in forms.honorifics:
            honorific = honorific or rest[0]
        else:
            break
        rest.pop(0)
    return rest, title, honorific


def _cased(tokens: list[str]) -> list[str]:
    """Return the name with capitals set where it is written in one case only, particles left small."""
    written = "".join(tokens)
    if written.islower() or (written.isupper() and len(written.replace(".", "")) > 2):
        small = {token for token in tokens[1:-1] if token.casefold() in _PARTICLES}
        return [token.lower() if token in small else _WORD.sub(_capitalized, token) for token in tokens]
    return tokens


def _capitalized(word: re.Match[str]) -> str:
    return word.group().capitalize()


def _last(tokens: list[str]) -> str:
    """Return the last name with its particles: 'van der Berg' of 'Jan van der Berg'."""
    start = next((index for index, token in enumerate(tokens) if index and token.islower()), len(tokens) - 1)
    return " ".join(tokens[start:])


def _first_name_leads(tokens: list[str]) -> bool:
    """Whether the first word is surely the first name: a Latin name in mixed case that does not begin with an initial."""
    first = tokens[0]
    return (
        all(_LATIN.match(token) for token in tokens)
        and not (len(tokens) > 1 and _INITIAL.match(first))
        and not first.islower()
        and not (len(tokens) > 1 and first.isupper())
    )
