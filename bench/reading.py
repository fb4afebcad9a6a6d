"""Prints how well messages are read: `make bench-reading`, or `python -m bench.reading --help`."""

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.cli.printing import print_table
from agent.learned import LearnedModel
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.problems import RulesRefused
from agent.signals import Label, read_message, read_own_message
from agent.signals.opinion import Asked, Opinion, SentenceModel
from agent.signals.patterns import BadPattern
from agent.signals.phrasebook import Phrasebook
from bench.figures import Found, Scored, Unsafe, abstention, macro_f1, of_dates, of_labels, of_names, unsafe_errors
from bench.records import Record, corpus, read_records

_PARTS = ("dev", "open", "sealed")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables that are asked for; return 0."""
    options = _options(argv)
    phrasebook = opened_phrasebook()
    model = None if options.without_model else LearnedModel()
    print(f"{'with' if model else 'without'} the model")
    for part in options.part or _PARTS:
        records = _records(part, options)
        if records:
            _report(part, run(records, phrasebook, model), options)
    print(f"\npeak memory: {_peak()} MB")
    return 0


def opened_phrasebook() -> Phrasebook:
    """Return the shipped rules, every language compiled; one whose rules are in the making and cannot be read is left out."""
    shipped = load_phrasebook(None)
    books = []
    for book in shipped.languages:
        try:
            book.index  # noqa: B018 (compiled here, so that the times are those of reading)
        except (RulesRefused, BadPattern) as problem:
            print(f"{book.language} is left out: {str(problem).splitlines()[0]}", file=sys.stderr)
        else:
            books.append(book)
    return Phrasebook(languages=tuple(books), senders=shipped.senders)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.reading", description="How well messages are read.", allow_abbrev=False
    )
    parser.add_argument("part", nargs="*", metavar="PART", help="dev, open or sealed; all three without")
    parser.add_argument("--dev", type=Path, metavar="FILE", help="other mail with labels, a .jsonl file as `classify` takes it")
    parser.add_argument("--language", metavar="CODE", help="only messages in this language, such as de")
    parser.add_argument("--without-model", action="store_true", help="read with the rules alone")
    parser.add_argument("--mistakes", action="store_true", help="list the mistakes, but not those of the sealed part")
    parser.add_argument(
        "--sealed-mistakes", action="store_true", help="list those too, by id: whoever writes rules must not look"
    )
    options = parser.parse_args(argv)
    if unknown := [part for part in options.part if part not in _PARTS]:
        parser.error(f"{unknown[0]!r} is no part; write dev, open or sealed")
    return options


def _records(part: str, options: argparse.Namespace) -> list[Record]:
    if part != "dev":
        return corpus(part, options.language)
    if options.dev is None or not options.dev.is_file():
        print(f"\ndev: skipped, {f'there is no file {options.dev}' if options.dev else 'no file was named (DEV=FILE)'}")
        return []
    return [each for each in read_records(options.dev) if options.language in (None, each.language)]


@dataclass(kw_only=True, slots=True)
class Run:
    """What was read in a set of messages, and how long it took."""

    scored: list[Scored]
    seconds: dict[bool, list[float]]
    """By whether the model was asked: the time that each message took, from its bytes on."""


class _Watched:
    """A model that notes whether it was asked."""

    def __init__(self, model: SentenceModel) -> None:
        self.model = model
        self.asked = False

    def opinion(self, asked: Asked) -> Opinion | None:
        self.asked = True
        return self.model.opinion(asked)


def run(records: Sequence[Record], phrasebook: Phrasebook, model: SentenceModel | None) -> Run:
    """Read all records as `classify` would."""
    watched = _Watched(model) if model else None
    found = Run(scored=[], seconds={False: [], True: []})
    for record in records:
        if watched:
            watched.asked = False
        begun = time.perf_counter()
        message = record.source.message()
        reading = read_own_message(message, phrasebook) if record.own else read_message(message, phrasebook, watched)
        taken = time.perf_counter() - begun
        found.seconds[watched is not None and watched.asked].append(taken)
        found.scored.append(Scored(record=record, reading=reading))
    return found


def _report(part: str, done: Run, options: argparse.Namespace) -> None:
    received = [each for each in done.scored if not each.record.own]
    print(f"\n=== {part}: {len(done.scored)} messages ===")
    _labels(received)
    _unsafe(received)
    _languages(received)
    own = [each for each in done.scored if each.record.own]
    if own:
        print(f"\nown mail: {sum(each.is_right for each in own)} of {len(own)} right")
    facts = [each for each in (*of_names(received), *of_dates(received)) if each.there]
    if facts:
        _facts(facts)
    _speed(done)
    if options.mistakes and part != "sealed":
        _mistakes(done.scored)
    if options.sealed_mistakes and part == "sealed":
        _mistakes(done.scored)


def _labels(scored: Sequence[Scored]) -> None:
    rows = [
        (each.label.value, str(each.there), str(each.said), f"{each.precision:.3f}", f"{each.recall:.3f}", f"{each.f1:.3f}")
        for each in of_labels(scored)
    ]
    print_table(("label", "there", "said", "precision", "recall", "F1"), rows)
    print(f"macro-F1 over {sum(row[1] != '0' for row in rows)} labels: {macro_f1(scored):.3f}")


def _unsafe(scored: Sequence[Scored]) -> None:
    found = unsafe_errors(scored)
    total = found.total()
    print(f"\nunsafe errors: {total}, {1000 * total / max(len(scored), 1):.1f} in 1,000")
    for kind in Unsafe:
        print(f"  {kind}: {found[kind]}")
    print(f"abstained: {abstention(scored):.1%} of all, {abstention(scored, that_matters=True):.1%} of what matters")


def _languages(scored: Sequence[Scored]) -> None:
    rows = []
    for language in sorted({each.record.language for each in scored}):
        ours = [each for each in scored if each.record.language == language]
        rejected = [each for each in ours if each.record.label is Label.REJECTION]
        found = sum(each.is_right for each in rejected) / len(rejected) if rejected else None
        right = sum(each.is_right for each in ours) / len(ours)
        rows.append(
            (
                language,
                str(len(ours)),
                f"{macro_f1(ours):.3f}",
                f"{right:.3f}",
                "-" if found is None else f"{found:.3f}",
                str(unsafe_errors(ours).total()),
                f"{abstention(ours, that_matters=True):.1%}",
            )
        )
    print()
    print_table(("language", "messages", "macro-F1", "right", "rejections found", "unsafe", "abstained"), rows)


def _facts(facts: Sequence[Found]) -> None:
    rows = [
        (
            each.fact,
            str(each.there),
            f"{each.found / each.there:.3f}",
            f"{each.right / each.there:.3f}",
            str(each.false),
        )
        for each in facts
    ]
    print()
    print_table(("fact", "there", "found", "exact", "found where none is"), rows)


def _speed(done: Run) -> None:
    for asked, words in ((False, "settled by rules"), (True, "with the model")):
        times = done.seconds[asked]
        if times:
            print(
                f"{words}: {len(times)} messages, {len(times) / sum(times):.0f} a second, the slowest {1000 * max(times):.0f} ms"
            )


def _mistakes(scored: Sequence[Scored]) -> None:
    rows = []
    for each in scored:
        if each.is_right:
            continue
        said = f"({each.reading.label})" if each.reading.abstained else each.reading.label.value
        primary = each.reading.primary
        rows.append(
            (each.record.id, each.record.label.value, said, "unsafe" if each.unsafe else "", primary.rule if primary else "")
        )
    print("\nmistakes; a guess that was abstained on stands in brackets")
    print_table(("message", "is", "read as", "", "by"), rows)


def _peak() -> int:
    """Return the most memory that this process has taken, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1_000_000 if sys.platform == "darwin" else 1_000)


if __name__ == "__main__":
    sys.exit(main())
