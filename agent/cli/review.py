"""`interview-agent review`: what the agent would not decide alone."""

import argparse
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from agent.accounts.settings import Settings
from agent.cli.asking import ask, choose
from agent.cli.endings import UsageProblem
from agent.cli.printing import print_json
from agent.cli.questions import Asked, show_question
from agent.cli.rows import spoken
from agent.cli.state import every_settings, open_ledger, settings_holding
from agent.daemon.answering import accept, dismiss, track
from agent.interviews import Interview
from agent.plan.discovery import UNKNOWN, proposal
from agent.plan.review import Question, ReviewKind
from agent.rulebook.problems import RulesRefused
from agent.rulebook.senders import load_senders
from agent.rulebook.tracked import entry_of, interview_of
from agent.signals.senders import SenderBook
from agent.store import Ledger, MessageRecord, Review


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `review`."""
    parser.add_argument("--json", action="store_true", help="print the open questions as JSON")
    parser.add_argument("--ask", action="store_true", help="put the open questions one after the other, and take the answers")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = actions.add_parser("list", help="show the open questions (also without an action)")
    listing.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    accepting = actions.add_parser("accept", help="yes: the message belongs there and says what was suspected")
    accepting.add_argument("number", type=int, metavar="N")
    accepting.add_argument("--interview", metavar="ID", help="give the message to this interview instead")
    accepting.add_argument("--new", metavar="ID", help="track the message's candidacy as a new interview of this id")
    accepting.add_argument("--company", metavar="NAME", help="of a new interview: the employer")
    accepting.add_argument("--role", metavar="TITLE", help="of a new interview: the job, as the employer calls it")
    dismissing = actions.add_parser("dismiss", help="no: nothing is done, and it is not asked again")
    dismissing.add_argument("number", type=int, metavar="N")


def run(arguments: argparse.Namespace) -> int:
    """List the open questions, or answer one."""
    now = datetime.now(UTC)
    if arguments.action not in ("accept", "dismiss"):
        if arguments.ask:
            _ask(every_settings(arguments), now)
        else:
            _list(every_settings(arguments), as_json=arguments.json)
        return 0
    number = arguments.number
    settings = settings_holding(arguments, lambda ledger: _is_open(ledger, number), f"open question {number}")
    with open_ledger(settings) as ledger:
        review = _open_review(ledger, number)
        if arguments.action == "accept":
            _accept(ledger, review, arguments, load_senders(settings.rules.folder), now)
        else:
            dismiss(ledger, review, now=now)
            print(f"{number}: dismissed. It is not asked again.")
    return 0


def _accept(ledger: Ledger, review: Review, given: argparse.Namespace, senders: SenderBook, now: datetime) -> None:
    new = _new_interview(ledger, review, given, senders)
    if new is not None:
        interview, done = new.id, f"{new.id} is tracked"
        learned = track(ledger, review, new, senders=senders, now=now)
    else:
        interview = _chosen(ledger, review, given.interview)
        done = f"accepted for {interview}"
        learned = accept(ledger, review, interview, senders=senders, now=now)
    print(f"{review.number}: {done}. The next pass goes on from there.")
    if learned:
        print(f"Learned for {interview}: {'; '.join(learned)}.")
        print(f"`interview-agent interviews show {interview}` shows it, and `interviews edit` takes it back.")


def _new_interview(ledger: Ledger, review: Review, given: argparse.Namespace, senders: SenderBook) -> Interview | None:
    """Return the interview that an answer tracks anew; None where the message is given to one that is tracked."""
    proposed = review.question.proposed
    record = ledger.message(review.question.message_id) if review.question.message_id else None
    if record is None or given.interview or not (given.new or proposed):
        if given.new or given.company or given.role:
            raise UsageProblem("--company and --role are for what is tracked anew: with --new ID, and without --interview")
        return None
    tracked = {interview.id for interview in ledger.interviews()}
    if given.new in tracked:
        raise UsageProblem(f"{given.new!r} is tracked already; to give it the message: --interview {given.new}")
    found = proposed or proposal(record.message, record.reading, tracked=tracked, senders=senders)
    found = found or Interview(id="", company=UNKNOWN, role=UNKNOWN)
    entry = entry_of(replace(found, id=given.new or found.id))
    entry |= {key: value for key in ("company", "role") if (value := getattr(given, key))}
    if missing := [f"--{key}" for key in ("company", "role") if entry[key] == UNKNOWN]:
        raise UsageProblem(f"the message does not name it: add {' and '.join(missing)}")
    try:
        return interview_of(entry, where="the answer")
    except RulesRefused as refused:
        raise UsageProblem("; ".join(f"{problem.what}; {problem.mend}" for problem in refused.problems)) from None


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
        "proposed": entry_of(question.proposed) if question.proposed else None,
    }


def _list(every: list[Settings], *, as_json: bool) -> None:
    several = len(every) > 1
    entries: list[dict[str, object]] = []
    asked = 0
    for settings in every:
        with open_ledger(settings) as ledger:
            reviews = ledger.reviews()
            asked += len(reviews)
            if as_json:
                entries += [({"account": settings.name} if several else {}) | review_as_json(each) for each in reviews]
                continue
            if several and reviews:
                print(f"{settings.name}:")
            for review in reviews:
                _show(review, ledger, settings.user.zone, account=f" --account {settings.name}" if several else "")
    if as_json:
        print_json(entries)
    elif not asked:
        print("Nothing waits for an answer.")


def _ask(every: list[Settings], now: datetime) -> None:
    """Put the open questions one after the other; what is not answered with yes or no stays open."""
    asked = 0
    for settings in every:
        with open_ledger(settings) as ledger:
            senders = load_senders(settings.rules.folder)
            for review in ledger.reviews():
                asked += 1
                _show(review, ledger, settings.user.zone, account="", commands=False)
                answer = choose(
                    "Answer",
                    [("yes", "as said above"), ("no", "and do not ask again"), ("skip", "leave it open")],
                    default="skip",
                )
                if answer == "yes":
                    _accept(ledger, review, _asked_for(ledger, review), senders, now)
                elif answer == "no":
                    dismiss(ledger, review, now=now)
                print()
    print("That was all." if asked else "Nothing waits for an answer.")


def _asked_for(ledger: Ledger, review: Review) -> argparse.Namespace:
    """Return what an accepted question needs besides, asked where it is missing."""
    question, given = review.question, argparse.Namespace(interview=None, new=None, company=None, role=None)
    if question.proposed is not None:
        for name in ("company", "role"):
            if getattr(question.proposed, name) == UNKNOWN:
                setattr(given, name, ask(f"The {'employer' if name == 'company' else 'job'}"))
    elif len(question.candidates) != 1:
        known = {interview.id: f"{interview.role} at {interview.company}" for interview in ledger.interviews()}
        likely = [candidate for candidate in question.candidates if candidate in known]
        given.interview = choose("Which interview", [(ident, known[ident]) for ident in likely or known])
    return given


def _show(review: Review, ledger: Ledger, zone: tzinfo, *, account: str, commands: bool = True) -> None:
    """Print one question as a block; `account` is what a command needs to find it."""
    question = review.question
    record = ledger.message(question.message_id) if question.message_id else None
    accept_it, dismiss_it = (f"interview-agent review {action} {review.number}" for action in ("accept", "dismiss"))
    asked = Asked(
        number=review.number,
        reason=question.reason,
        mail=record.message if record else None,
        belongs=question.candidates,
        consequence=_consequence(question, record),
        accept=f"{accept_it}{_choices(question)}{account}" if commands else "",
        dismiss=f"{dismiss_it}{account}" if commands else "",
    )
    show_question(asked, zone=zone, now=datetime.now(UTC))


def _consequence(question: Question, record: MessageRecord | None) -> str:
    """Return what accepting does, in one sentence."""
    it = question.candidates[0] if len(question.candidates) == 1 else "the interview that you name"
    said = f" as {spoken(record.reading.label)}" if record else ""
    match question.kind:
        case ReviewKind.SUGGESTION if question.status:
            return f"sets {it} to {spoken(question.status)}"
        case ReviewKind.BOUNCED:
            return "takes note of it; nothing else changes"
        case ReviewKind.DISCOVERED if question.proposed:
            return f"tracks {question.proposed.role} at {question.proposed.company} as {question.proposed.id}"
        case ReviewKind.DISCOVERED:
            return "tracks it as a new interview"
        case ReviewKind.MATCH:
            return f"gives the mail to {it}{said}, and learns the sender"
        case _:
            return f"counts the mail{said} in {it}"


def _choices(question: Question) -> str:
    """Return the options without which a question cannot be accepted."""
    if question.proposed is not None:
        unknown = [name for name in ("company", "role") if getattr(question.proposed, name) == UNKNOWN]
        return "".join(f" --{name} {name.upper()}" for name in unknown)
    return " --interview ID" if len(question.candidates) != 1 else ""


def _is_open(ledger: Ledger, number: int) -> bool:
    return any(review.number == number for review in ledger.reviews())


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
