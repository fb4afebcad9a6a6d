"""Questions on the terminal: one line each, Enter takes what stands in brackets; answers may come from a pipe as well."""

import getpass
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from agent.cli.endings import UsageProblem
from agent.cli.printing import print_paragraph


def say(text: str) -> None:
    """Print a paragraph of plain words; in a pipe it stays one line."""
    print_paragraph(text, hanging=0)


Check = Callable[[str], str]
"""Returns the answer as it is kept; raises `UsageProblem` with what is wrong with it, in words for the user."""

_YES = frozenset({"y", "yes", "j", "ja", "o", "oui", "s", "si", "sí"})
_NO = frozenset({"n", "no", "nein", "non"})


def ask(
    question: str, *, default: str | None = None, option: str = "", check: Check | None = None, may_be_empty: bool = False
) -> str:
    """Return the answer to a question, without blanks around it.

    Enter takes the default; without one the question is asked again, unless the answer `may_be_empty`. An answer that `check`
    refuses is explained and asked again. Raises `UsageProblem` where there is nobody to answer; it names the `option` that would.
    """
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while True:
        answer = _line(shown, question, option) or default or ""
        if not answer and not may_be_empty:
            print("  Something is needed here.")
            continue
        if (taken := _checked(answer, check)) is not None:
            return taken


def ask_secret(question: str, *, option: str = "", may_be_empty: bool = False) -> str:
    """Return a secret as it was typed, without showing it; in a pipe it is one line like any other."""
    while True:
        if sys.stdin.isatty():
            with _no_end(question, option):
                answer = getpass.getpass(f"{question} (it is not shown): ")
        else:
            answer = _line(f"{question}: ", question, option, strip=False)
        if answer or may_be_empty:
            return answer
        print("  Something is needed here.")


def choose(question: str, choices: Sequence[tuple[str, str]], *, default: str | None = None, option: str = "") -> str:
    """Show the choices (name, what it means) with numbers and return the name of the chosen one; number and name both count."""
    widest = max(len(name) for name, _ in choices)
    for number, (name, meaning) in enumerate(choices, start=1):
        lead = f"  {number:>2}  {name.ljust(widest)}  "
        print_paragraph(meaning, lead=lead if meaning else lead.rstrip(), hanging=len(lead))
    names = [name for name, _ in choices]
    by_name = {name.casefold(): name for name in names}

    def check(answer: str) -> str:
        if answer.isdecimal() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        if (meant := by_name.get(answer.casefold())) is not None:
            return meant
        raise UsageProblem(f"that is none of them; answer with a number from 1 to {len(names)}, or a name")

    return ask(question, default=default, option=option, check=check)


def choose_some(question: str, most: int, *, default: str = "all", option: str = "") -> list[int]:
    """Return which of `most` numbered things are meant, counted from 0: `all`, `none`, or numbers such as `1 3-5`."""

    def check(answer: str) -> str:
        _numbers(answer, most)
        return answer

    return _numbers(ask(question, default=default, option=option, check=check), most)


def confirm(question: str, *, default: bool, option: str = "") -> bool:
    """Return whether the answer is yes."""

    def check(answer: str) -> str:
        word = answer.lower()
        if word in _YES or word in _NO:
            return "yes" if word in _YES else "no"
        raise UsageProblem("please answer yes or no")

    return ask(question, default="yes" if default else "no", option=option, check=check) == "yes"


def _checked(answer: str, check: Check | None) -> str | None:
    """Return the answer as it is kept, or None after saying what is wrong with it."""
    if check is None or not answer:
        return answer
    try:
        return check(answer)
    except UsageProblem as problem:
        text = str(problem)
        print(f"  {text[:1].upper()}{text[1:]}.")
        return None


def _line(shown: str, question: str, option: str, *, strip: bool = True) -> str:
    if sys.stdin.isatty():
        with suppress(ImportError):
            import readline  # noqa: F401 (with it the line can be edited)
    sys.stdout.flush()
    with _no_end(question, option):
        answer = input(shown)
    if not sys.stdin.isatty():
        print()  # nobody pressed Enter
    return answer.strip() if strip else answer


class _no_end:  # noqa: N801 (used as a statement)
    """Turns the end of the input into one clear line."""

    def __init__(self, question: str, option: str) -> None:
        self._question, self._option = question, option

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, EOFError):
            print()
            how = f"give it with {self._option}, or run this on a terminal" if self._option else "run this on a terminal"
            raise UsageProblem(f"there is nobody to answer {self._question!r}; {how}") from None


def _numbers(answer: str, most: int) -> list[int]:
    words = answer.lower().replace(",", " ").split()
    if words == ["all"]:
        return list(range(most))
    if words in (["none"], ["0"], ["no"]):
        return []
    found: set[int] = set()
    for word in words:
        first, dash, last = word.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise UsageProblem(f"{word!r} is no number; answer `all`, `none` or numbers such as `1 3-5`")
        begin, end = int(first), int(last if dash else first)
        if not 1 <= begin <= end <= most:
            raise UsageProblem(f"{word!r} is not in the list; the numbers go from 1 to {most}")
        found.update(range(begin - 1, end))
    return sorted(found)
