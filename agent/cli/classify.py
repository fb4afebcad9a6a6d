"""`interview-agent classify SOURCE…`: what messages say, without a mailbox or a configuration."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from agent.cli.given import address, rules
from agent.cli.printing import print_json_line, print_paragraph, shown_day, shown_time
from agent.cli.progress import shown
from agent.cli.sources import read_sources
from agent.learned import LearnedModel
from agent.messages.message import Message
from agent.rulebook.phrases import load_phrasebook
from agent.signals import Reading, read_message, read_own_message


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `classify`."""
    parser.add_argument(
        "source", nargs="+", metavar="SOURCE", help=".eml, mbox, Maildir or .jsonl (- for .jsonl on standard input)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line and message")
    parser.add_argument(
        "--me", metavar="ADDRESS", action="append", default=[], help="your own address: mail from it is read as yours"
    )
    parser.add_argument("--rules", type=Path, metavar="FOLDER", help="your own rules, laid over the shipped ones")


def run(arguments: argparse.Namespace) -> int:
    """Print what each message says, in order."""
    own = {address(text)[1] for text in arguments.me}
    phrasebook, model = load_phrasebook(rules(arguments.rules)), LearnedModel()
    # On a terminal the lines themselves show how far it is.
    with shown("Reading messages", quiet=arguments.json or sys.stdout.isatty()) as tell:
        for number, source in enumerate(read_sources(arguments.source, now=datetime.now(UTC)), start=1):
            message = source.message()
            if message.sender.email in own:
                reading = read_own_message(message, phrasebook)
            else:
                reading = read_message(message, phrasebook, model)
            if arguments.json:
                print_json_line(reading_as_json(source.id or message.message_id, reading))
            else:
                _show(message, reading)
            tell(number, None)
    return 0


def _show(message: Message, reading: Reading) -> None:
    unsure = " (unsure)" if reading.abstained else ""
    print(f"{reading.label}{unsure}: {message.subject or 'no subject'}")
    primary = reading.primary
    if primary and primary.quote:
        print_paragraph(f"“{primary.quote}”  {primary.rule}", indent=4)
    beside = [signal.label for signal in reading.signals if signal.label != reading.label]
    facts = {
        "says also": ", ".join(dict.fromkeys(beside)),
        "company": reading.company,
        "role": reading.role,
        "round": reading.round,
        "interview at": reading.interview_at and shown_time(reading.interview_at, reading.interview_at.tzinfo or UTC),
        "news by": shown_day(reading.promised_by),
        "back on": shown_day(reading.returns_on),
    }
    known = [f"{name}: {value}" for name, value in facts.items() if value]
    if known:
        print_paragraph("; ".join(known), indent=4)


def reading_as_json(identity: str, reading: Reading) -> dict[str, object]:
    """Return one reading with the keys of the contract."""
    return {
        "id": identity,
        "label": reading.label,
        "abstained": reading.abstained,
        "signals": [
            {
                "label": signal.label,
                "confidence": round(signal.confidence, 3),
                "rule": signal.rule,
                "quote": signal.quote,
                "start": signal.start,
                "end": signal.end,
            }
            for signal in reading.signals
        ],
        "company": reading.company,
        "role": reading.role,
        "round": reading.round,
        "interview_at": reading.interview_at,
        "promised_by": reading.promised_by,
        "returns_on": reading.returns_on,
    }
