"""Where rules come from: the shipped folder, with the user's folder laid over it file by file."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

SHIPPED = "rules/"
"""How problems begin the name of a shipped file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleFile:
    """One rules file that is in force."""

    name: str
    """Path below the rules folder with forward slashes, such as `signals/en/rejection.yaml`."""
    path: Path
    """Where it really lies."""
    own: bool
    """True when it comes from the user's folder."""

    @property
    def shown(self) -> str:
        """The file as problems name it: a user's file by its path, a shipped one by its place below `rules/`."""
        return str(self.path) if self.own else f"{SHIPPED}{self.name}"


def shipped_rules() -> Path:
    """Return the folder of the shipped rules: inside the installed package, else `rules/` beside it in a checkout."""
    package = Path(str(files("agent")))
    inside = package / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def rule_files(below: str, user_folder: Path | None, *, suffix: str = ".yaml") -> list[RuleFile]:
    """Return the files in force below e.g. `signals/en`, by name; a user's file replaces the shipped one of the same name."""
    found: dict[str, RuleFile] = {}
    for root, own in ((shipped_rules(), False), (user_folder, True)):
        if root is None or not (root / below).exists():
            continue
        start = root / below
        for path in sorted([start] if start.is_file() else start.rglob(f"*{suffix}")):
            name = path.relative_to(root).as_posix()
            if own and passed_over(Path(name)):
                continue
            found[name] = RuleFile(name=name, path=path, own=own)
    return [found[name] for name in sorted(found)]


def passed_over(name: Path) -> bool:
    """Whether a file of the user's folder is no rules file by its name: a hidden one, or what an editor puts beside a file."""
    return any(part.startswith((".", "#")) or part.endswith(("~", "#")) for part in name.parts)
