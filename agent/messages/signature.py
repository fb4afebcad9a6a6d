"""Where a letter ends and its signature begins, for the many that are not set off by `-- `.

A closing formula on a line of its own, a name, and then only short lines that are no sentences: company, address, telephone,
links, slogans. Formula and name stay, the rest is no part of what was written today.
"""

import re

LONGEST_SIGNATURE = 18
"""Lines with text behind the name; where more follow it is no signature."""
_LONGEST_LINE = 110
_LONGEST_FORMULA = 70
_FORMULA = re.compile(
    r"(?:"
    r"(?:with )?(?:(?:kind(?:est)?|best|warm(?:est)?|many|sincere|cordial) )?(?:regards|wishes|thanks)|best|cheers"
    r"|thank you|many thanks|sincerely|yours(?: (?:sincerely|truly|faithfully))?|respectfully|warmly|cordially"
    r"|all the best|take care|talk soon|speak soon"
    r"|(?:mit )?(?:freundlich|herzlich|best|lieb|schön|viel|sonnig)(?:en|e|er|em)(?: und \w+)? gr(?:ü|ue)(?:ß|ss)en?.{0,20}"
    r"|gr(?:ü|ue)(?:ß|ss)e.{0,20}|mfg|lg|vg|hochachtungsvoll|herzlichst"
    r"|(?:bien |très )?(?:cordialement|sincèrement|respectueusement)|(?:meilleures |sincères )?salutations(?: distinguées)?"
    r"|bien à (?:vous|toi)|à bientôt|belle journée|bonne journée"
    r"|(?:un )?(?:cordial |afectuoso )?saludos?(?: cordial(?:es)?)?|atentamente|muchas gracias|un abrazo|reciba un cordial saludo"
    r"|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|att|abraços?|obrigad[oa]|cordialmente"
    r"|(?:(?:cordiali|distinti|un cordiale) )?salut[io]|cordialità|a presto|un saluto|grazie"
    r"|(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en|jes)?|groet(?:en|jes)?|mvg|hartelijks"
    r"|(?:med )?(?:vänlig(?:a)?|bästa) h[äa]lsning(?:ar)?|hälsningar|mvh|allt gott"
    r"|z poważaniem|pozdrawiam(?: serdecznie)?|(?:serdecznie )?pozdrawiam|z wyrazami szacunku|pozdrowienia"
    r"|敬具|以上|以上、?よろしくお願い(?:いた|致)します|此致|敬礼|敬禮|祝好|顺祝商祺|順頌時祺|商祺"
    r")[\s,.!，。！]*",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"\W{0,2}p\.? ?s\b\.?", re.IGNORECASE)
_SENTENCE = re.compile(r"[^\W\d_]{2,}[.?!][\"')]?$|[。！？]$")
_ENOUGH_ABOVE = 40
"""Characters that a letter has above its closing formula; a mail with less may be all in what looks like a signature."""


def without_signature(paragraphs: list[list[str]]) -> list[list[str]]:
    """Return the paragraphs (lists of lines) up to the name below the closing formula, and a postscript if there is one."""
    lines = [(number, line) for number, paragraph in enumerate(paragraphs) for line in paragraph]
    at = next((index for index in range(len(lines) - 1, -1, -1) if is_closing(lines[index][1])), None)
    if at is None or sum(len(line) for _, line in lines[:at]) < _ENOUGH_ABOVE:
        return paragraphs
    end = min(at + 2, len(lines))
    below = lines[end:]
    after = next((index for index, (_, line) in enumerate(below) if _POSTSCRIPT.match(line)), len(below))
    if after > LONGEST_SIGNATURE or any(_is_prose(line) for _, line in below[:after]):
        return paragraphs
    kept: list[list[str]] = [[] for _ in paragraphs]
    for number, line in (*lines[:end], *below[after:]):
        kept[number].append(line)
    return [paragraph for paragraph in kept if paragraph]


def is_closing(line: str) -> bool:
    """Return whether `line` is a closing formula and nothing else."""
    line = line.strip()
    return 2 <= len(line) <= _LONGEST_FORMULA and _FORMULA.fullmatch(line) is not None


def _is_prose(line: str) -> bool:
    line = line.strip()
    return len(line) > _LONGEST_LINE or (_SENTENCE.search(line) is not None and line.count(" ") >= 4) or line.endswith("?")
