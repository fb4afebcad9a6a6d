"""A table in a text file (RFC 4180 and what spreadsheets make of it): bytes to rows of cells, whatever wrote them."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.rulebook.problems import RuleProblem, RulesRefused

if TYPE_CHECKING:
    import _csv

DELIMITERS = ",;\t|"
_LONGEST_CELL = 10_000_000
_SAMPLE = 30
"""Rows by which the delimiter is told."""
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a spreadsheet of Excel, LibreOffice or Numbers"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of an old Excel"),
    (b"%PDF", "a PDF"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row of a table."""

    number: int
    """As a spreadsheet shows it: the first row is 1; a cell of several lines is one row."""
    cells: tuple[str, ...]
    """Without blanks around them."""

    @property
    def filled(self) -> bool:
        """Whether any cell holds anything."""
        return any(self.cells)


def read_rows(raw: bytes, file: str) -> list[Row]:
    """Return the rows of a table that hold anything; `file` is the name that problems show.

    UTF-8, UTF-16 and, where it is neither, Windows-1252 are read, with comma, semicolon, tab or bar between the cells. Raises
    `RulesRefused` with one problem for what is no table in a text file.
    """
    for magic, what in _OTHER_FORMATS:
        if raw.startswith(magic):
            raise _refused(file, 1, f"this is {what}", "open it there and save it as CSV")
    text = _decoded(raw, file)
    delimiter = _named_delimiter(text)
    if delimiter is not None:
        text = text.partition("\n")[2]
    rows = _parsed(text, delimiter or _delimiter(text), file)
    first = 2 if delimiter is not None else 1
    found = [Row(number=number, cells=tuple(_cell(cell) for cell in cells)) for number, cells in enumerate(rows, first)]
    return [row for row in found if row.filled]


def write_rows(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180); a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def _decoded(raw: bytes, file: str) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif raw[:200].count(b"\0") * 3 > len(raw[:200]):
        encoding = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise _refused(file, 1, "the text is cut off in the middle of a character", "save it as CSV in UTF-8 again") from None
        text = raw.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _named_delimiter(text: str) -> str | None:
    """Return the delimiter that Excel's own first line names (`sep=;`)."""
    line = text.partition("\n")[0].strip().strip('"').lower()
    return line[4] if line.startswith("sep=") and len(line) == 5 else None


def _delimiter(text: str) -> str:
    """Return the delimiter that gives the most rows of one width, of more than one cell."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(row) for _, row in zip(range(_SAMPLE), _reader(text, delimiter), strict=False) if any(row)]
        except csv.Error:
            return 0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) if usual > 1 else 0), usual

    return max(DELIMITERS, key=score)


def _parsed(text: str, delimiter: str, file: str) -> list[list[str]]:
    reader = _reader(text, delimiter)
    try:
        return list(reader)
    except csv.Error as error:
        what = f"this is no table from here on ({error})"
        raise _refused(file, reader.line_num, what, "look for a quotation mark that is never closed") from None


def _reader(text: str, delimiter: str) -> "_csv.Reader":
    csv.field_size_limit(_LONGEST_CELL)  # of the whole process; descriptions of jobs are longer than its default
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _cell(text: str) -> str:
    """Return what a cell holds: the text of a link, and what an apostrophe or `="..."` keeps a spreadsheet from reckoning."""
    text = text.replace("\xa0", " ").replace("\0", "").strip()
    if text[:1] == "'" and text[1:2] in tuple("=+-@'\t"):
        return text[1:].strip()
    if text.startswith('="') and text.endswith('"') and text.count('"') == 2:
        return text[2:-1].strip()
    if text[:11].upper() == "=HYPERLINK(":
        parts = [part for part in text.split('"')[1::2] if part.strip()]
        return parts[-1].strip() if parts else ""
    return text


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in tuple("=+-@'\t") else cell


def _refused(file: str, line: int, what: str, mend: str) -> RulesRefused:
    return RulesRefused([RuleProblem(file=file, line=line, column=1, what=what, mend=mend)])
