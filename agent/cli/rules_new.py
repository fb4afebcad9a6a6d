"""`interview-agent rules new`: a shipped rules file as the beginning of one's own; without a name, which there are."""

import argparse
import os
import tomllib
from contextlib import suppress
from pathlib import Path

from agent import __version__
from agent.accounts.locations import config_files, config_folder
from agent.cli.endings import UsageProblem, WorkFailed
from agent.cli.printing import print_json, print_paragraph, print_table
from agent.rulebook import copying
from agent.rulebook.layers import shipped_rules
from agent.rulebook.schemas import kind_of

_VARIABLE = "INTERVIEW_AGENT__RULES__FOLDER"
_MOST_NAMED = 6


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `rules new`."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="such as default, signals/de/rejection, or a folder to list")
    parser.add_argument("--as", dest="name", metavar="NAME", help="a policy of a name of your own that extends the shipped one")
    parser.add_argument("--whole", action="store_true", help="the whole policy, instead of one that names only what differs")
    parser.add_argument("--force", action="store_true", help="in the place of your file, which is kept beside it")
    parser.add_argument("--rules", type=Path, metavar="FOLDER", help="another folder for your own rules; made when it is missing")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Copy one file, or list what there is."""
    folder = own_folder(arguments.rules, arguments.config)
    word = arguments.file
    found = copying.meant(word) if word else []
    if not found:
        listed = copying.shipped_names() if not word else copying.inside(word)
        if not listed:
            close = copying.alike(word)
            meant = f"did you mean {' or '.join(map(_short, close))}? " if close else ""
            raise UsageProblem(f"there is no shipped rules file {word!r}; {meant}`interview-agent rules new` lists them")
        return _list(list(listed), folder, as_json=arguments.json)
    if len(found) > 1:
        named = ", ".join(map(_short, found[:_MOST_NAMED])) + (", ..." if len(found) > _MOST_NAMED else "")
        raise UsageProblem(f"{word!r} may be one of {len(found)} files; say which one: {named}")
    return _copy(found[0], folder, arguments)


def own_folder(named: Path | None, config: Path | None) -> Path:
    """Return the folder of the user's own rules, whether it is there or not.

    It is the one that is named, else that of the configuration, else the usual one. The configuration is read for this one key
    only: what else may be wrong with it is no matter here.
    """
    if named is not None:
        return named
    if given := os.environ.get(_VARIABLE):
        return Path(given).expanduser()
    for file in [config] if config is not None else config_files():
        with suppress(OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            table = tomllib.loads(file.read_text(encoding="utf-8")).get("rules")
            folder = table.get("folder") if isinstance(table, dict) else None
            if isinstance(folder, str) and folder:
                return Path(folder).expanduser()
            break
    return config_folder() / "rules"


def _short(name: str) -> str:
    return name.removesuffix(".yaml")


def _list(names: list[str], folder: Path, *, as_json: bool) -> int:
    rows = [(name, (folder / name).is_file(), copying.purpose(name)) for name in names]
    if as_json:
        print_json({"folder": str(folder), "files": [{"name": name, "own": own, "for": what} for name, own, what in rows]})
        return 0
    print_table(("file", "", "what it is for"), [(_short(name), "yours" if own else "", what) for name, own, what in rows])
    print()
    print_paragraph(f"`interview-agent rules new FILE` copies one of them into {folder}, for you to change.", hanging=0)
    return 0


def _copy(name: str, folder: Path, arguments: argparse.Namespace) -> int:
    policy = kind_of(name) == "policy"
    if (arguments.name or arguments.whole) and not policy:
        raise UsageProblem(f"--as and --whole are for policies; {_short(name)} is copied whole, under its own name")
    if arguments.name and (arguments.whole or not _is_word(arguments.name)):
        raise UsageProblem("--as takes one word of small letters, digits and hyphens, and goes with no --whole")
    target = folder / (f"policies/{arguments.name}.yaml" if arguments.name else name)
    if arguments.name and (shipped_rules() / f"policies/{arguments.name}.yaml").is_file():
        raise UsageProblem(
            f"a policy `{arguments.name}` is shipped already; choose another name, or leave --as out to change that one"
        )
    extends = policy and not arguments.whole
    text = copying.extension(name, __version__) if extends else copying.whole_copy(name, __version__)
    kept = None
    try:
        if target.exists():
            if not arguments.force:
                raise UsageProblem(
                    f"{target} is there already, and is left as it is; edit it, or say --force for a new one (yours is kept "
                    "beside it)"
                )
            kept = _kept(target)
        _write(target, text)
        _bring_schema(name, folder)
    except OSError as error:
        raise WorkFailed(
            f"{error.filename or target}: {error.strerror}; check who may write there, or name another --rules FOLDER"
        ) from error
    if arguments.json:
        print_json({"file": str(target), "shipped": name, "extends": extends, "kept": str(kept) if kept else None})
    else:
        _tell(target, name, kept, extends=extends, arguments=arguments)
    return 0


def _is_word(text: str) -> bool:
    return text.isascii() and text.replace("-", "").isalnum() and text == text.lower()


def _kept(target: Path) -> Path:
    """Put the user's file beside itself under the first name that is free; return that name."""
    number = 1
    while (beside := target.with_name(f"{target.name}.~{number}~")).exists():
        number += 1
    target.rename(beside)
    return beside


def _write(target: Path, text: str) -> None:
    """Write a new file in one step: a running service never sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(target)


def _bring_schema(name: str, folder: Path) -> None:
    """Lay the schema that the file names where it looks for it, so that an editor completes and checks while one types."""
    schema = f"{copying.SCHEMAS}/{kind_of(name)}.json"
    shipped = (shipped_rules() / schema).read_text(encoding="utf-8")
    mine = folder / schema
    if not mine.is_file() or mine.read_text(encoding="utf-8") != shipped:
        _write(mine, shipped)


def _tell(target: Path, name: str, kept: Path | None, *, extends: bool, arguments: argparse.Namespace) -> None:
    if kept:
        print_paragraph(f"Your file is kept as {kept}", hanging=0)
    if arguments.name:
        print_paragraph(f"{target}: a policy of your own that extends the shipped `{_stem(name)}`.", hanging=0)
    elif extends:
        print_paragraph(f"{target}: lays your changes over the shipped policy; until you write some, nothing changes.", hanging=0)
    else:
        print_paragraph(f"{target}: takes the place of the shipped file; until you edit it, nothing changes.", hanging=0)
    where = f" --rules {arguments.rules}" if arguments.rules else ""
    print("Next:")
    steps = [("edit it", "in any text editor"), (f"interview-agent rules check{where}", "is it well written?")]
    if kind_of(name) == "phrases":
        language = f" {name.split('/')[1]}"
        steps[1] = (f"interview-agent rules check{language}{where}", "is it well written?")
        steps.append((f"interview-agent rules test{language}{where}", "does it keep its examples?"))
    chosen = f" --policy {arguments.name}" if arguments.name else ""
    steps.append((f"interview-agent rules diff{where}{chosen}", "what would it change over the mail already read?"))
    width = max(len(command) for command, _ in steps)
    for command, why in steps:
        print(f"  {command:{width}}  {why}")
    if arguments.name:
        print_paragraph(f'Choose it with preset = "{arguments.name}" under [policy] in the configuration.', hanging=0)
    if not arguments.rules:
        print_paragraph("A running service takes it up by itself, once it can be loaded.", hanging=0)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".yaml")
