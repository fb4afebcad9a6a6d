"""The new part of a text: without quotes, forwarded mail, signature, banners and footers.

One walk over the lines, linear in their number. Text below a quote stays (bottom posting, answers between quotes) where the
quote is marked line by line; below a mark that runs to the end (`-----Original Message-----`, a copied header block) nothing
stays.
"""

from dataclasses import dataclass

from agent.messages import quotation
from agent.messages.footers import without_notices
from agent.messages.markup import CUT, QUOTE
from agent.messages.signature import without_signature

LONGEST_SIGNATURE = 20
"""Lines with text below `--`; where more follow, it was a rule between two parts of the mail."""
_HEADER_BLOCK = 14
"""Lines in which a copied header block must be complete."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fresh:
    """What is new in a text."""

    text: str
    quoted: bool
    """Whether older text was found and left out."""
    signature: str
    """What was left out as the writer's signature, its lines as they stand."""


def fresh_part(text: str) -> Fresh:
    r"""Return the new part of `text` (lines ended by `\n`, cleaned, perhaps with the marks of `markup.py`). Never raises."""
    walk = _Walk(text.split("\n"))
    walk.run()
    kept = [line.rstrip() for line, keep in zip(walk.lines, walk.keep, strict=True) if keep]
    whole = without_notices(_paragraphs(kept))
    paragraphs = without_signature(whole)
    said = {id(line) for lines in paragraphs for line in lines}
    signature = [*(line for lines in whole for line in lines if id(line) not in said), *walk.signature]
    return Fresh(
        text="\n\n".join("\n".join(lines) for lines in paragraphs).strip("\n"), quoted=walk.quoted, signature="\n".join(signature)
    )


def _paragraphs(lines: list[str]) -> list[list[str]]:
    """Return runs of lines that say something; empty lines and drawn rules stand between them."""
    out: list[list[str]] = [[]]
    for line in lines:
        if line.strip(" \t_-=*~#"):
            out[-1].append(line)
        elif out[-1]:
            out.append([])
    return [lines for lines in out if lines]


class _Walk:
    """The walk over the lines: which of them to keep."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.keep = [True] * len(lines)
        self.quoted = False
        self.signature: list[str] = []
        self.bare = [line.strip() for line in lines]
        self.is_quote = [bare.startswith(">") or bare == QUOTE for bare in self.bare]
        self.next_text = [len(lines)] * (len(lines) + 1)
        for index in range(len(lines) - 1, -1, -1):
            self.next_text[index] = index if self.bare[index] else self.next_text[index + 1]
        self.has_kept = False
        self.adopted: set[str] = set()
        self.kind = [quotation.field_kind(line) if ":" in line or "：" in line else "" for line in self.bare]
        self.announces: dict[int, bool] = {}

    def run(self) -> None:
        """Decide on every line."""
        index = 0
        while index < len(self.lines):
            bare = self.bare[index]
            if not bare:
                index += 1
            elif bare == CUT:
                self._cut(index)
                return
            elif self.is_quote[index]:
                self.keep[index] = False
                self.quoted = True
                index += 1
                if self._is_torn_off(index):
                    self.keep[index] = False
                    index += 1
            elif self._announces_old_mail(index):
                after = self._end_of_announcement(index)
                if not self._above_quote(after):
                    self._cut(index)
                    return
                self._drop(index, after)
                index = after
            elif (start := self._attribution_start(index)) is not None:
                self._adopt_mark(index + 1)
                if not self._above_quote(index + 1):
                    self._cut(start)
                    return
                self._drop(start, index + 1)
                index += 1
            elif quotation.is_signature_delimiter(self.lines[index]) and (end := self._signature_end(index)) is not None:
                self.signature += [bare for bare in self.bare[index + 1 : end] if bare]
                self._drop(index, end)
                index = end
            elif quotation.is_mobile_footer(bare):
                self.keep[index] = False
                index += 1
            else:
                self.has_kept = True
                index += 1

    def _drop(self, start: int, end: int) -> None:
        """Leave the lines from `start` up to `end` out."""
        self.keep[start:end] = [False] * (end - start)

    def _cut(self, start: int) -> None:
        """Leave everything from `start` on out."""
        self._drop(start, len(self.lines))
        self.quoted = True

    def _above_quote(self, index: int) -> bool:
        """Return whether the next line with text at or after `index` is marked as quoted."""
        following = self.next_text[min(index, len(self.lines))]
        return following < len(self.lines) and self.is_quote[following]

    def _adopt_mark(self, index: int) -> None:
        """Take `|`, `)` or `:` for a quote mark from here on where the line below an attribution begins with it."""
        following = self.next_text[min(index, len(self.lines))]
        mark = self.bare[following][0] if following < len(self.lines) else ""
        if mark and mark in "|):" and mark not in self.adopted:
            self.adopted.add(mark)
            for at in range(following, len(self.lines)):
                self.is_quote[at] = self.is_quote[at] or self.bare[at].startswith(mark)

    def _is_torn_off(self, index: int) -> bool:
        """Return whether the line is the tail of the quoted line above it, broken off by a client without a mark."""
        if not 0 < index < len(self.lines) - 1 or not self.bare[index] or self.is_quote[index] or not self.is_quote[index + 1]:
            return False
        tail = self.bare[index]
        return len(self.bare[index - 1]) >= 60 and len(tail) <= 30 and not tail[0].isupper()

    def _announces_old_mail(self, index: int) -> bool:
        """Return whether an old mail's mark or copied header block begins here; asked once a line."""
        if index not in self.announces:
            self.announces[index] = self._looks_like_old_mail(index)
        return self.announces[index]

    def _looks_like_old_mail(self, index: int) -> bool:
        """Return the answer to the question above."""
        bare = self.bare[index]
        if quotation.is_old_mail_mark(bare):
            return True
        if len(bare) >= 5 and bare[0] in "_-=*" and bare[-1] in "_-=*":  # a rule, perhaps with words in it, above a header block
            following = self.next_text[index + 1]
            ruled = len(bare) <= 160 and bare.startswith("---") and bare.endswith("---")
            return following < len(self.lines) and self._is_header_block(following, enough=2 if ruled else 3)
        return self._is_header_block(index)

    def _is_header_block(self, index: int, *, enough: int = 3) -> bool:
        """Return whether `enough` of From, Date, To and Subject stand together from here, From among them."""
        first = self.kind[index]
        if not first:
            return False
        if quotation.is_header_in_one_line(self.bare[index]):
            return True
        kinds = {first}
        address = False
        strange = 0
        for at in range(index, min(index + _HEADER_BLOCK, len(self.lines))):
            kind, line = self.kind[at], self.bare[at]
            if kind:
                kinds.add(kind)
                address = address or "@" in line
                strange = 0
            elif line:
                strange += 1
                if strange > 2:
                    break
        if "from" not in kinds or len(kinds) < enough:
            return False
        return "subject" in kinds or address or (first == "from" and quotation.names_somebody(self.bare[index]))

    def _end_of_announcement(self, index: int) -> int:
        """Return the first line below the mark and the header block that may follow it."""
        end = index + 1
        for at in range(index + 1, min(index + _HEADER_BLOCK, len(self.lines))):
            if self.kind[at]:
                end = at + 1
            elif self.is_quote[at]:
                break
        return end

    def _attribution_start(self, index: int) -> int | None:
        """Return the first line of the attribution that ends at `index`, or None when none does."""
        above_quote = self._above_quote(index + 1)
        if not quotation.may_end_attribution(self.bare[index]) and not (above_quote and self.bare[index].endswith(":")):
            return None
        joined = ""
        found: int | None = None
        for start in range(index, max(-1, index - 4), -1):
            if not self.bare[start] or not self.keep[start] or len(joined) > quotation.LONGEST_LINE:
                break
            joined = f"{self.bare[start]} {joined}" if joined else self.bare[start]
            if quotation.is_attribution(joined, above_quote=above_quote):
                if found is None or quotation.opens_attribution(joined):
                    found = start
                if quotation.opens_attribution(joined):
                    break
        return found

    def _signature_end(self, index: int) -> int | None:
        """Return the line below the signature that begins at `index`, or None when it is no signature."""
        if not self.has_kept:
            return None
        count = 0
        for at in range(index + 1, len(self.lines)):
            bare = self.bare[at]
            if not bare:
                continue
            if bare == CUT or self.is_quote[at] or self._announces_old_mail(at):
                return at
            if (start := self._attribution_start(at)) is not None:
                return max(start, index + 1)
            count += 1
            if count > LONGEST_SIGNATURE:
                return None
        return len(self.lines)
