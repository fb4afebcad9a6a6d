"""What can be wrong with a rules file, as values with a place."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleProblem:
    """One mistake in one rules file."""

    file: str
    line: int
    """1-based; 1 when the place is the file as a whole."""
    column: int
    """1-based."""
    what: str
    mend: str

    @property
    def place(self) -> str:
        """File, line and column, as editors and other tools read them."""
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.mend}"


class RulesRefused(Exception):
    """Rules that cannot be used; its text is one line a problem."""

    def __init__(self, problems: list[RuleProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
