"""`interview-agent review`: what the agent would not decide alone."""

import argparse
from datetime import UTC, datetime, tzinfo

from agent.cli.endings import UsageProblem
from agent.cli.printing import print_json, print_paragraph, shown_time
from agent.cli.state import open_ledger, settings_of
from agent.daemon.answering import accept, dismiss
from agent.store import Ledger, Review


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `review`."""
    parser.add_argument("--json", action="store_true", help="print the open questions as JSON")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="show the open questions (also without an action)")
    listing.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    accepting = actions.add_parser("accept", help="yes: the message belongs there and says what was suspected")
    accepting.add_argument("number", type=int, metavar="N")
    accepting.add_argument("--interview", metavar="ID", help="give the message to this interview instead")
    dismissing = actions.add_parser("dismiss", help="no: nothing is done, and it is not asked again")
    dismissing.add_argument("number", type=int, metavar="N")


def run(arguments: argparse.Namespace) -> int:
    """List the open questions, or answer one."""
    settings = settings_of(arguments)
    now = datetime.now(UTC)
    with open_ledger(settings) as ledger:
        match arguments.action:
            case "accept":
                review = _open_review(ledger, arguments.number)
                interview = _chosen(ledger, review, arguments.interview)
                accept(ledger, review, interview, now=now)
                print(f"{review.number}: accepted for {interview}. The next pass goes on from there.")
            case "dismiss":
                review = _open_review(ledger, arguments.number)
                dismiss(ledger, review, now=now)
                print(f"{review.number}: dismissed. It is not asked again.")
            case _:
                _list(ledger.reviews(), ledger, settings.user.zone, as_json=arguments.json)
    return 0


def review_as_json(review: Review) -> dict[str, object]:
    """Return one open question for `--json`; the first three keys are those of `replay`."""
    question = review.question
    return {
        "message_id": question.message_id,
        "reason": question.reason,
        "candidates": list(question.candidates),
        "number": review.number,
        "kind": question.kind,
        "asked_at": question.asked_at,
    }


def _list(reviews: list[Review], ledger: Ledger, zone: tzinfo, *, as_json: bool) -> None:
    if as_json:
        print_json([review_as_json(review) for review in reviews])
        return
    if not reviews:
        print("Nothing waits for an answer.")
    for review in reviews:
        question = review.question
        print_paragraph(f"{review.number}: {question.reason}", hanging=3)
        record = ledger.message(question.message_id) if question.message_id else None
        if record:
            message = record.message
            print_paragraph(f"Mail of {shown_time(message.date, zone)} from {message.sender.email}: {message.subject}", indent=3)
        if question.candidates:
            print_paragraph(f"For: {', '.join(question.candidates)}", indent=3)
        choose = " --interview ID" if len(question.candidates) != 1 else ""
        print(f"   interview-agent review accept {review.number}{choose}   or   interview-agent review dismiss {review.number}")


def _open_review(ledger: Ledger, number: int) -> Review:
    found = next((review for review in ledger.reviews(resolved=True) if review.number == number), None)
    if found is None:
        raise UsageProblem(f"there is no question {number}; `interview-agent review` lists the open ones")
    if found.resolved_at:
        raise UsageProblem(f"question {number} was {found.resolution} already")
    return found


def _chosen(ledger: Ledger, review: Review, named: str | None) -> str:
    known = {interview.id for interview in ledger.interviews()}
    if named:
        if named not in known:
            raise UsageProblem(f"no interview {named!r} is tracked; tracked are: {', '.join(sorted(known)) or 'none'}")
        return named
    candidates = [candidate for candidate in review.question.candidates if candidate in known]
    if len(candidates) != 1:
        raise UsageProblem(f"say which interview it belongs to: interview-agent review accept {review.number} --interview ID")
    return candidates[0]
