"""`interview-agent replay`: messages played back on a simulated clock, touching no mailbox and no state."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from agent.cli.as_json import entry_as_json, state_as_json
from agent.cli.endings import UsageProblem
from agent.cli.given import address, moment, rules, text_of
from agent.cli.opening import rules_only
from agent.cli.printing import print_json, print_paragraph, print_table, shown_day, shown_time
from agent.cli.progress import shown
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
    parser.add_argument("--interviews", required=True, metavar="FILE", help="what is tracked, as `interviews export` writes it")
    parser.add_argument("--me", required=True, metavar="ADDRESS", help="your address, or 'Name <address>'; mail from it is yours")
    parser.add_argument(
        "--as-of",
        required=True,
        metavar="TIME",
        help="when the clock stops, such as 2026-03-20T12:00+01:00; without an offset in UTC",
    )
    parser.add_argument("--policy", default="default", metavar="PRESET", help="a policy of the rules; `default` without")
    parser.add_argument("--rules", type=Path, metavar="FOLDER", help="your own rules, laid over the shipped ones")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Play the messages back and print how everything stood at the end."""
    as_of = moment(arguments.as_of)
    zone = _zone_of(as_of)
    name, me = address(arguments.me)
    folder = rules(arguments.rules)
    interviews = read_interviews(text_of(arguments.interviews), arguments.interviews)
    sources = list(read_sources(arguments.source, now=as_of))
    mail = [_played(source, me) for source in sources]
    account = rules_only(me=(me,), name=name or _own_name(sources, me), zone=zone, preset=arguments.policy, folder=folder)
    lacking = [told for each in interviews if (told := account.policies.lacking(each))]
    if lacking:
        raise UsageProblem("\n".join(f"{arguments.interviews}: {told}" for told in lacking))
    with shown("Playing mail back", quiet=arguments.json) as tell:
        played = replay(mail, interviews, account, as_of=as_of, progress=tell)
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
    return {
        **{key: value for key, value in state_as_json(candidacy).items() if key != "since"},
        "messages": [letter.message.message_id for letter in candidacy.letters],
        "history": [entry_as_json(entry) for entry in candidacy.state.history],
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
    offset = as_of.utcoffset() or timedelta()
    hours, rest = divmod(offset, timedelta(hours=1))
    if not offset:
        return ZoneInfo("UTC")
    if not rest and -12 <= hours <= 14:
        return ZoneInfo(f"Etc/GMT{-hours:+d}")
    zones = (ZoneInfo(name) for name in sorted(available_timezones()) if "/" in name)
    found = next((zone for zone in zones if as_of.astimezone(zone).utcoffset() == offset), None)
    if found is None:
        raise UsageProblem(f"--as-of: no time zone is {as_of:%z} from UTC; write it like 2026-03-20T12:00+01:00")
    return found


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
        may_go=("role", "company"),
    )
    drafts = [draft for draft in played.drafts if draft.queued_at]
    if drafts:
        print("\nDRAFTS")
    for draft in drafts:
        print(f"  {draft.interview}: {draft.kind} to {', '.join(draft.to)}")
        print(f"    put into Drafts {shown_time(draft.queued_at, zone)}; now {_SHOWN_STATE[draft.state]}")
        print_paragraph(f"{draft.reason} ({', '.join(draft.requirements)})", indent=4, hanging=0)
    if played.held:
        print("\nHELD")
    for held in played.held:
        print_paragraph(f"{held.interview}: {held.kind}, due {shown_time(held.due_at, zone)}: {held.reason}", indent=2)
    if played.reviews:
        print("\nIN REVIEW")
    for review in played.reviews:
        question = review.question
        print_paragraph(f"{', '.join(question.candidates)}: {question.reason}", indent=2)
        if question.message_id:
            print(f"    {question.message_id}")
