"""A shipped rules file as the beginning of one's own: by which names it is found, what it is for, what a copy says of itself."""

import difflib
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from agent.rulebook.extending import EXTENDS
from agent.rulebook.layers import rule_files, shipped_rules
from agent.rulebook.marked_yaml import read_yaml
from agent.rulebook.problems import RuleProblem, RulesRefused

SCHEMAS = "schemas"
"""Folder beside the rules, from which an editor completes."""
_POLICIES = "policies/"
_HEAD_LINES = 8
"""Lines of a copy in which it says what it was copied from."""
_MARK = re.compile(r"# .*\bshipped text (?P<digest>[0-9a-f]{16})\b")
_CLOSE = 3


def shipped_names() -> tuple[str, ...]:
    """Return the shipped rules files by their paths below the rules folder: `signals/de/rejection.yaml`."""
    return tuple(file.name for folder in _parts() for file in rule_files(folder, None))


def _parts() -> list[str]:
    """Return the files and folders of the shipped rules, without the schemas."""
    return sorted(path.name for path in shipped_rules().iterdir() if path.suffix == ".yaml" or path.is_dir())


def meant(word: str) -> list[str]:
    """Return the shipped files that a name may stand for, in whatever way it is written; several where it is not clear.

    `default`, `policies/default`, `rules/policies/default.yaml` and `Default` are one name; `rejection` is one of each language.
    """
    wanted = _plain(word)
    names = shipped_names()
    for fits in (wanted.__eq__, lambda plain: plain.endswith(f"/{wanted}")):
        if found := [name for name in names if fits(_plain(name))]:
            return found
    return []


def inside(word: str) -> list[str]:
    """Return the shipped files in the folder of this name; none where there is no such folder."""
    wanted = _plain(word)
    return [name for name in shipped_names() if wanted in {_plain(str(above)) for above in PurePosixPath(name).parents}]


def alike(word: str) -> list[str]:
    """Return the shipped files whose names look like the one given."""
    plain = {_plain(name): name for name in reversed(shipped_names())}
    last = {name.rpartition("/")[2]: name for name in plain}
    close = difflib.get_close_matches(_plain(word), [*plain, *last], n=_CLOSE)
    return list(dict.fromkeys(plain[last.get(each, each)] for each in close))


def _plain(name: str) -> str:
    path = name.strip().casefold().replace("\\", "/").replace("_", "-").removeprefix("./").strip("/")
    return path.removeprefix("rules/").removesuffix(".yaml").removesuffix(".yml")


def purpose(name: str) -> str:
    """Return what a shipped file is for: the first sentence of its comment."""
    _, comment, _ = _split((shipped_rules() / name).read_text(encoding="utf-8"))
    text = " ".join(line.removeprefix("#").strip() for line in comment).split(". ")[0]
    return text.rstrip(".")


def digest(text: str) -> str:
    """Return by what a copy knows the shipped text again."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def whole_copy(name: str, version: str) -> str:
    """Return a shipped file as a file of the user's own that takes its place."""
    text = (shipped_rules() / name).read_text(encoding="utf-8")
    schema, _, _ = _split(text)
    head = [
        f"# Your own {name}: while this file is here, the shipped one is not read. Delete it to have that back.",
        f"# Copied from interview-agent {version}, {_known_by(text)}",
        "#",
    ]
    return "\n".join([*schema, *head, text.removeprefix("".join(f"{line}\n" for line in schema))])


def extension(name: str, version: str) -> str:
    """Return a policy of the user's own that extends a shipped one, with the shipped text as comments to copy from."""
    text = (shipped_rules() / name).read_text(encoding="utf-8")
    preset = PurePosixPath(name).stem
    schema, _, _ = _split(text)
    head = [
        f"# Your own changes to the policy `{preset}`: write below only what differs, all else is as shipped.",
        f"# Made for interview-agent {version}, {_known_by(text)}",
        "#",
        "# An entry of the same name is laid over the shipped one, key by key; `off` takes an entry or a key away:",
        "#",
        "#   rules:",
        "#     status-check: {after: 5 business days}",
        "#     final-note: off",
        "",
        f"{EXTENDS}: {preset}",
        "",
        "# What it says as shipped, to look at and to copy from:",
        "#",
    ]
    body = [f"# {line}".rstrip() for line in text.splitlines()[len(schema) :]]
    return "\n".join([*schema, *head, *body, ""])


def _known_by(text: str) -> str:
    return f"shipped text {digest(text)}; `interview-agent rules check` tells when that has changed."


def _split(text: str) -> tuple[list[str], list[str], str]:
    """Return the line that names the schema, the comment after it up to the first paragraph, and the rest."""
    lines = text.splitlines()
    schema = [line for line in lines[:1] if "yaml-language-server" in line]
    comment = []
    for line in lines[len(schema) :]:
        if not line.startswith("#") or line.strip() == "#":
            break
        comment.append(line)
    return schema, comment, "\n".join(lines[len(schema) + len(comment) :])


def outdated(user_folder: Path) -> Iterator[RuleProblem]:
    """Yield the user's copies whose shipped file has changed since they were made: they hide what is new in it."""
    for name in shipped_names():
        own = user_folder / name
        if own.is_file():
            yield from _outdated(own, name)
    for own in sorted((user_folder / _POLICIES).glob("*.yaml")):
        below = _extended(own)
        name = f"{_POLICIES}{below}.yaml"
        if below and below != own.stem and (shipped_rules() / name).is_file():
            yield from _outdated(own, name)


def _outdated(own: Path, name: str) -> Iterator[RuleProblem]:
    try:
        lines = own.read_text(encoding="utf-8").splitlines()[:_HEAD_LINES]
    except (OSError, UnicodeDecodeError):
        return  # the check says so in other words
    now = digest((shipped_rules() / name).read_text(encoding="utf-8"))
    for number, line in enumerate(lines, 1):
        mark = _MARK.match(line)
        if mark and mark["digest"] != now:
            what = (
                f"the shipped {name} has changed since this was made from it"
                if _extended(own)
                else f"the shipped {name} has changed since this copy was made, and the copy hides that"
            )
            mend = (
                f"`interview-agent rules new {name.removesuffix('.yaml')} --force` makes a new one and keeps yours beside it, "
                f"for you to bring over what is yours; or write {now} here to leave it as it is"
            )
            yield RuleProblem(file=str(own), line=number, column=mark.start("digest") + 1, what=what, mend=mend)


def _extended(own: Path) -> str:
    """Return the policy that a file of the user's extends; empty where it extends none, or cannot be read."""
    try:
        data = read_yaml(own).data
    except RulesRefused:
        return ""
    return str(data.get(EXTENDS) or "") if isinstance(data, dict) else ""
