"""Whether pyproject.toml and the lock files in requirements/ agree; run by `make check`, without a network."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
ASKED_BY_US = re.compile(r"interview-agent \(pyproject\.toml(?::\w+)?\)")


def declared(*, demo: bool = False, group: str | None = None) -> list[Requirement]:
    """Return what pyproject.toml asks for: the run-time dependencies, and with them the demo extra or a group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    if demo:
        asked += project["project"]["optional-dependencies"]["demo"]
    groups = project["dependency-groups"]
    waiting = [group] if group else []
    while waiting:
        for entry in groups[waiting.pop()]:
            if isinstance(entry, dict):
                waiting.append(entry["include-group"])
            else:
                asked.append(entry)
    return [Requirement(text) for text in asked]


def wanted() -> dict[str, list[Requirement]]:
    """Return by name of the lock file what it must hold."""
    return {
        "run.txt": declared(),
        "demo.txt": declared(demo=True, group="build"),
        "dev.txt": declared(demo=True, group="dev"),
    }


def disagreements(lock: str, requirements: list[Requirement]) -> Iterator[str]:
    """Yield one line for each way in which the text of a lock file does not answer the requirements."""
    pins = {canonicalize_name(name): Version(version) for name, version in PIN.findall(lock)}
    for requirement in requirements:
        pinned = pins.get(canonicalize_name(requirement.name))
        if pinned is None:
            yield f"{requirement} is not in it"
        elif not requirement.specifier.contains(pinned, prereleases=True):
            yield f"{requirement} is asked for, {pinned} is locked"
    named = {canonicalize_name(requirement.name) for requirement in requirements}
    for entry in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        pin = PIN.match(entry)
        if pin and ASKED_BY_US.search(entry) and canonicalize_name(pin[1]) not in named:
            yield f"{pin[1]} is locked, but pyproject.toml no longer asks for it"
        if pin and "--hash=sha256:" not in entry:
            yield f"{pin[1]} has no hash"


def main() -> int:
    """Print every disagreement with its file and return the exit status."""
    found = [
        f"requirements/{name}: {problem}"
        for name, requirements in wanted().items()
        for problem in disagreements((ROOT / "requirements" / name).read_text(), requirements)
    ]
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("Run `make lock` and commit what it writes.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
