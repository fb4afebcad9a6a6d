"""`interview-agent replay`: messages played back on a simulated clock, touching no mailbox and no state."""

import argparse
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.accounts.locations import rules_folder
from agent.cli.endings import UsageProblem
from agent.cli.opening import rules_only
from agent.cli.printing import print_json, print_table, shown_day, shown_time
from agent.cli.sources import SourceMessage, read_sources
from agent.daemon.replaying import Played, PlayedMail, replay
from agent.interviews.candidacy import Candidacy
from agent.mailbox import FolderRole
from agent.plan.intention import DraftRecord, DraftState
from agent.rulebook.tracked import read_interviews

_SHOWN_STATE = {
    DraftState.QUEUED: "queued",
    DraftState.EDITED: "queued",
    DraftState.SENT: "sent",
    DraftState.WITHDRAWN: "withdrawn",
    DraftState.DELETED: "withdrawn",
}
"""State of a draft → the contract's word for it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `replay`."""
    parser.add_argument(
        "source", nargs="+", metavar="SOURCE", help=".eml, mbox, Maildir or .jsonl (- for .jsonl on standard input)"
    )
    parser.add_argument(
        "--interviews", required=True, type=Path, metavar="FILE", help="what is tracked, as `interviews export` writes it"
    )
    parser.add_argument("--me", required=True, metavar="ADDRESS", help="your address, or 'Name <address>'; mail from it is yours")
    parser.add_argument("--as-of", required=True, metavar="TIME", help="when the clock stops, such as 2026-03-20T12:00+01:00")
    parser.add_argument("--policy", default="default", metavar="PRESET")
    parser.add_argument("--rules", type=Path, metavar="FOLDER", help="your own rules, laid over the shipped ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Play the messages back and print how everything stood at the end."""
    as_of = _moment(arguments.as_of)
    name, address = parseaddr(arguments.me)
    if "@" not in address:
        raise UsageProblem(f"--me {arguments.me!r} is no mail address")
    try:
        text = arguments.interviews.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{arguments.interviews}: cannot be read ({error}); check the path") from error
    interviews = read_interviews(text, str(arguments.interviews))
    sources = list(read_sources(arguments.source, now=as_of))
    mail = [_played(source, address.lower()) for source in sources]
    account = rules_only(
        me=(address.lower(),),
        name=name or _own_name(sources, address.lower()),
        zone=_zone_of(as_of),
        preset=arguments.policy,
        folder=arguments.rules or rules_folder(),
    )
    played = replay(mail, interviews, account, as_of=as_of)
    if arguments.json:
        print_json(played_as_json(played, as_of))
    else:
        _show(played, as_of)
    return 0


def played_as_json(played: Played, as_of: datetime) -> dict[str, object]:
    """Return what was played with the keys of the contract."""
    return {
        "as_of": as_of,
        "interviews": [candidacy_as_json(each) for each in played.candidacies],
        "drafts": [draft_as_json(draft) for draft in played.drafts if draft.queued_at],
        "held": [
            {
                "interview": each.interview,
                "kind": each.kind,
                "due_at": each.due_at,
                "reason": each.reason,
                "requirements": list(each.requirements),
            }
            for each in played.held
        ],
        "review": [
            {
                "message_id": review.question.message_id,
                "reason": review.question.reason,
                "candidates": list(review.question.candidates),
            }
            for review in played.reviews
        ],
    }


def candidacy_as_json(candidacy: Candidacy) -> dict[str, object]:
    """Return one interview with the keys of the contract."""
    interview, state = candidacy.interview, candidacy.state
    return {
        "id": interview.id,
        "company": interview.company,
        "role": interview.role,
        "status": state.status,
        "round": state.round,
        "next_at": state.next_at,
        "promised_by": state.promised_by,
        "turn": state.turn,
        "messages": [letter.message.message_id for letter in candidacy.letters],
        "history": [
            {
                "at": entry.at,
                "status": entry.status,
                "message_id": entry.message_id,
                "label": entry.label,
                "rule": entry.rule,
                "quote": entry.quote,
            }
            for entry in state.history
        ],
    }


def draft_as_json(draft: DraftRecord) -> dict[str, object]:
    """Return one draft with the keys of the contract."""
    return {
        "interview": draft.interview,
        "kind": draft.kind,
        "queued_at": draft.queued_at,
        "state": _SHOWN_STATE[draft.state],
        "to": list(draft.to),
        "subject": draft.subject,
        "in_reply_to": draft.in_reply_to,
        "references": list(draft.references),
        "body": draft.body,
        "requirements": list(draft.requirements),
    }


def _played(source: SourceMessage, me: str) -> PlayedMail:
    raw = source.as_bytes()
    own = source.message().sender.email == me
    return PlayedMail(raw=raw, at=source.received_at, role=FolderRole.SENT if own else FolderRole.INBOX)


def _own_name(sources: list[SourceMessage], me: str) -> str:
    """Return the display name that the user's own mail bears, else the local part: a signature must not be blank."""
    names = (source.message().sender for source in sources)
    found = next((sender.name for sender in names if sender.email == me and sender.name), "")
    return found or me.partition("@")[0].replace(".", " ").title()


def _zone_of(as_of: datetime) -> ZoneInfo:
    """Return a zone with the offset of `--as-of`: the nearest there is to the user's own, for interviews that name none."""
    hours = round((as_of.utcoffset() or timedelta()).total_seconds() / 3600)
    return ZoneInfo(f"Etc/GMT{-hours:+d}" if hours else "UTC")


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"--as-of {text!r} is no time; write it like 2026-03-20T12:00+01:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _show(played: Played, as_of: datetime) -> None:
    zone = as_of.tzinfo or UTC
    print_table(
        ("interview", "company", "role", "status", "round", "turn", "next", "promised by"),
        [
            (
                each.interview.id,
                each.interview.company,
                each.interview.role,
                each.state.status,
                str(each.state.round or ""),
                each.state.turn,
                shown_time(each.state.next_at, zone),
                shown_day(each.state.promised_by),
            )
            for each in played.candidacies
        ],
    )
    print("\nDrafts")
    for draft in played.drafts:
        if draft.queued_at:
            print(
                f"  {shown_time(draft.queued_at, zone)}  {draft.interview}: {draft.kind} to {', '.join(draft.to)}, {draft.state}"
            )
            print(f"      {draft.reason} ({', '.join(draft.requirements)})")
    print("\nHeld")
    for held in played.held:
        print(f"  {held.interview}: {held.kind}, due {shown_time(held.due_at, zone)}: {held.reason}")
    print("\nReview")
    for review in played.reviews:
        print(f"  {review.question.message_id or ''} {review.question.reason}")
