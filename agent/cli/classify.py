"""`interview-agent classify SOURCE…`: what messages say, without a mailbox or a configuration."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from agent.accounts.locations import rules_folder
from agent.cli.printing import print_json_line
from agent.cli.sources import read_sources
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
    phrasebook = load_phrasebook(arguments.rules or rules_folder())
    own = {address.lower() for address in arguments.me}
    for source in read_sources(arguments.source, now=datetime.now(UTC)):
        message = source.message()
        reading = read_own_message(message, phrasebook) if message.sender.email in own else read_message(message, phrasebook)
        if arguments.json:
            print_json_line(reading_as_json(source.id or message.message_id, reading))
        else:
            primary = reading.primary
            said = f"  “{' '.join(primary.quote.split())}”" if primary and primary.quote else ""
            unsure = " (unsure)" if reading.abstained else ""
            print(f"{reading.label}{unsure}  {message.subject[:60]}{said}")
    return 0


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
