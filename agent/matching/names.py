"""Names of employers, roles and agencies as words that can be compared: folded, whole, without legal forms."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"[\u30a0-\u30ff]+"  # a run of Katakana is one word
    r"|[\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"  # where no spaces are written each character is one
    r"|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_GENDER = re.compile(
    r"\( ?(?:(?:[mwfdxihn]|div|gn|all genders)\b[ /|,*.:-]{0,3}){1,6}\)|(?<=\w)[:*_/]-?in(?:nen)?\b", re.IGNORECASE
)
_DISPLAY_PARTS = re.compile(r" (?:from|at|via|von|bei|de|chez|van|da|@|-|–|\|) |[,:()/\[\]|]+", re.IGNORECASE)


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of `text` as a set: long lists stay readable."""
    return frozenset(text.split())


LEGAL_FORMS = vocabulary(
    "gmbh mbh ag se kg kgaa ohg gbr ug eg ev inc incorporated llc llp lp ltd limited plc corp corporation co company "
    "sa sas sarl sasu srl spa sl slu snc bv nv oy oyj ab as asa aps kft zrt sro spzoo doo dd pte pty pvt kk gk cie ltda eireli"
)
"""Words at the end of a company's name that tell nothing."""

GENERIC = vocabulary(
    "team teams jobs job career careers karriere recruiting recruitment recruiter talent acquisition hiring hr human resources "
    "people group holding holdings international global digital software systems solutions services technologies technology labs "
    "consulting application applications interview interviews bank company employer the and of via from "
    "no reply noreply notification notifications support info hello candidate candidates experience bewerbung "
    "bewerbungen personal personalabteilung work "
    "empresa firma entreprise startup"
)
"""Words that name nobody, alone or together."""

PLACEHOLDERS = frozenset(
    {
        ("unknown",),
        ("unknown", "employer"),
        ("unknown", "company"),
        ("n", "a"),
        ("na",),
        ("none",),
        ("tbd",),
        ("confidential",),
        ("undisclosed",),
        ("anonymous",),
        ("stealth",),
        ("client",),
        ("unbekannt",),
        ("vertraulich",),
        ("inconnu",),
        ("desconocido",),
        ("desconocida",),
    }
)
"""What people write where they do not know the employer: it matches nothing."""

SENIORITY = vocabulary(
    "senior junior staff principal lead head chief associate graduate intern trainee working student werkstudent praktikant "
    "director vp mid expert distinguished deputy assistant"
)
"""Words before a title that make it another role."""

LEVELS = vocabulary("i ii iii iv v 1 2 3 4 5 intern internship manager lead")
"""Words after a title that make it another role."""

_SHORT_FORMS = {"sr": "senior", "jr": "junior", "eng": "engineer", "mgr": "manager", "dev": "developer"}
_FEMININE = (
    # German
    (re.compile(r"(?<=[a-z]{3}(?:er|ar|nt|st|ur|or|og))in(?:nen)?$"), ""),
    (re.compile(r"(?<=[a-z]{3})frau$"), "mann"),
    # French, Italian, Spanish and Portuguese, accents folded
    (re.compile(r"(?<=[a-z]{2})euse$"), "eur"),
    (re.compile(r"(?<=[a-z]{2}t)trice$"), "tore"),
    (re.compile(r"(?<=[a-z]{2})trice$"), "teur"),
    (re.compile(r"(?<=[a-z]{2}i)ere$"), "er"),
    (re.compile(r"(?<=[a-z]{2}i)enne$"), "en"),
    (re.compile(r"(?<=[a-z]{3}dor)a$"), ""),
    (re.compile(r"(?<=[a-z]{3}nier)a$"), "o"),
)
"""Feminine form → the masculine one, as a word alone; vacancies write one, letters to the candidate the other."""

_ROLE_FILLERS = vocabulary("and und et y e of the a an for in de der die das fur du des la le en di del da do to oraz och")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A text as folded words, with the words as written beside them."""

    folded: tuple[str, ...]
    written: tuple[str, ...]

    def find(self, name: tuple[str, ...]) -> list[int]:
        """Return where the words of `name` stand in a row."""
        first, length = name[0], len(name)
        return [
            index
            for index, word in enumerate(self.folded)
            if word == first and (length == 1 or self.folded[index : index + length] == name)
        ]


def words(text: str) -> Words:
    """Return the words of `text`: case, accents and compatibility forms folded, `S.A.` one word, CJK characters one each."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    joined = _INITIALS.sub(lambda found: found.group().replace(".", ""), plain)
    written = tuple(_WORD.findall(joined))
    if joined.isascii():
        return Words(folded=tuple(_WORD.findall(joined.lower())), written=written)
    return Words(folded=tuple(fold(word) for word in written), written=written)


def fold(word: str) -> str:
    """Return one word without case and accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in plain if not _is_accent(char)))


def _is_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def company_name(text: str) -> tuple[str, ...]:
    """Return the words of a company's name without its legal form; empty when it names nobody ('Unknown employer', 'Careers')."""
    name = words(text).folded
    while len(name) > 1 and name[-1] in LEGAL_FORMS:
        name = name[:-1]
    if name[:4] == tuple("株式会社"):
        name = name[4:]
    elif name[-4:] == tuple("株式会社"):
        name = name[:-4]
    if not name or name in PLACEHOLDERS or name[0] == "unknown" or all(word in GENERIC for word in name):
        return ()
    return name


def display_names(text: str) -> list[tuple[str, ...]]:
    """Return the names in a display name, without 'Careers', 'Hiring Team' and the like; 'Dana Cole from Acme' has two."""
    found = []
    for part in _DISPLAY_PARTS.split(" ".join(text.split())):
        name = list(words(part).folded)
        for filler in (GENERIC, LEGAL_FORMS, GENERIC):
            while name and name[-1] in filler:
                name.pop()
        while name and name[0] in GENERIC:
            name.pop(0)
        if name:
            found.append(tuple(name))
    return found


def role_words(text: str) -> Words:
    """Return the words of a text in which a role is looked for: `(m/w/d)` and `:in` are left out, `Sr.` is `senior`."""
    found = words(_GENDER.sub(" ", text))
    return Words(folded=tuple(_plain_form(_SHORT_FORMS.get(word, word)) for word in found.folded), written=found.written)


@lru_cache(maxsize=10_000)
def _plain_form(word: str) -> str:
    """Return the masculine form of a title's word, as letters use either."""
    if len(word) < 7:
        return word
    for ending, plain in _FEMININE:
        shorter = ending.sub(plain, word)
        if shorter != word:
            return shorter
    return word


def role_name(text: str) -> tuple[str, ...]:
    """Return the words of a role's title."""
    return role_words(text).folded


def role_at(text: Words, role: tuple[str, ...]) -> int | None:
    """Return where `role` stands in `text` as a whole title: 'Senior Backend Engineer' does not hold 'Backend Engineer'."""
    if not role:
        return None
    for index in text.find(role):
        before = text.folded[index - 1] if index else ""
        after = text.folded[index + len(role)] if index + len(role) < len(text.folded) else ""
        if before not in SENIORITY and after not in LEVELS:
            return index
    return None


def is_filler(word: str) -> bool:
    """Whether a word of a title only joins others ('of', 'und')."""
    return word in _ROLE_FILLERS


def telling_words(role: tuple[str, ...], others: list[tuple[str, ...]]) -> frozenset[str]:
    """Return the words of `role` that none of the other roles has and that are more than a filler."""
    shared = {word for other in others for word in other}
    return frozenset(word for word in role if word not in shared and word not in _ROLE_FILLERS and len(word) > 1)
