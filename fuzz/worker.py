"""Fuzzes one target in a process of its own, led by what code each input reaches: `python -m fuzz.worker TARGET FINDS ...`.

The rest of the arguments are libFuzzer's. An input that makes a find is kept under the name of the find, and fuzzing goes on.
"""

import hashlib
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["agent", "email", "mailparser", "icalendar", "flufl"]):
    import flufl.bounce  # noqa: F401 (imported by its user when first needed, and then not seen into)
    import icalendar  # noqa: F401
    import mailparser  # noqa: F401

    from fuzz.targets import TARGETS

from fuzz.finds import find
from fuzz.mutating import mutated

_ODD = 4
"""One mutation in so many is one of ours."""


def main() -> None:
    """Fuzz until libFuzzer ends the process."""
    name, finds = sys.argv[1], Path(sys.argv[2])
    target = TARGETS[name]

    def one_input(data: bytes) -> None:
        if what := find(target.run, data):
            file = finds / f"{name}-{hashlib.sha256(what.encode()).hexdigest()[:12]}"
            if not file.exists() or file.stat().st_size > len(data):
                file.write_bytes(data)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        if seed % _ODD == 0:
            return mutated(data, target.words, longest, seed)
        return bytes(atheris.Mutate(data, longest))

    atheris.Setup([sys.argv[0], *sys.argv[3:]], one_input, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
