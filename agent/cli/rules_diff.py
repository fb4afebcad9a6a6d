"""`interview-agent rules diff`: what an edit of the rules would change over the mail that was read already.

With `--json` one object:
`{"as_of","rules":{"before":{"folder","policy","recorded"},"after":{"folder","policy"}},"messages","not_kept","interviews":[…],
"elsewhere":[MESSAGE…]}`, where `messages` counts what was compared and `not_kept` the noise whose text is gone. Of each interview
in which anything changes: `{"id","company","role","status":null|{"before":STATE,"after":STATE,"cause"},"messages":[MESSAGE…],
"drafts":[…],"withdrawn":[…],"texts":[…]}` with

- STATE: `{"status","round","next_at","promised_by","turn"}`, and `cause` null or
  `{"message_id","label","quote","rule","gone"}`; `gone` says that these words counted before and do no more;
- MESSAGE: `{"message_id","at","from","subject","before":READING,"after":READING,"given","review"}`, READING
  `{"label","abstained","quote","rule","round","interview_at","promised_by","not_before","returns_on"}`; `given` says that it
  belonged to nothing, `review` is what would be asked;
- a draft: `{"kind","change","in_drafts","before":null|STEP,"after":null|STEP}`, STEP
  `{"state","due_at","until","to","rule","requirements","reason"}`, `state` one of `due`, `held`, `planned`, `suggested`, `change`
  one of `due`, `not_due`, `held`, `not_held`, `released`, `planned`, `not_planned`, `moved`, `suggested`, `not_suggested`;
- one withdrawn: `{"kind","to","subject","reason"}`; a text: `{"kind","to","due_at","before","after"}`, each `{"subject","body"}`.
"""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from agent.accounts.settings import Settings
from agent.cli.endings import UsageProblem
from agent.cli.given import rules
from agent.cli.opening import account_of
from agent.cli.printing import counted, print_json, print_paragraph, shown_day, shown_time
from agent.cli.progress import shown
from agent.cli.state import open_ledger, settings_of
from agent.daemon.account import Account
from agent.daemon.comparing import Cause, Comparison, Difference, MessageChange, compare
from agent.interviews import State
from agent.plan.differing import Change, Step, StepState
from agent.rulebook.layers import rule_files
from agent.rulebook.phrases import load_phrasebook
from agent.rulebook.policies import load_policies
from agent.rulebook.templates import load_templates
from agent.signals import Reading


def run(arguments: argparse.Namespace) -> int:
    """Compare the rules in force with the edited ones, and print what would change; nothing is written."""
    settings = settings_of(arguments)
    edited = _edited(settings, arguments)
    now = datetime.now(UTC)
    with open_ledger(settings) as ledger:
        known = [interview.id for interview in ledger.interviews()]
        if arguments.interview is not None and arguments.interview not in known:
            raise UsageProblem(f"no interview {arguments.interview!r} is tracked; tracked are: {', '.join(known) or 'none'}")
        before = account_of(settings, ledger)
        after = before if edited is settings else _with_rules_of(before, settings, edited)
        with shown("Comparing", quiet=arguments.json) as tell:
            found = compare(ledger, before, after, recorded=after is before, now=now, only=arguments.interview, progress=tell)
    if arguments.json:
        print_json(_as_json(found, settings, edited, now))
    else:
        _show(found, zone=settings.user.zone)
    return 0


def _edited(settings: Settings, arguments: argparse.Namespace) -> Settings:
    """Return the settings with the edited rules; the very same where none are named."""
    changes: dict[str, object] = {}
    if arguments.rules is not None:
        changes["rules"] = settings.rules.model_copy(update={"folder": rules(arguments.rules)})
    if arguments.policy is not None:
        changes["policy"] = settings.policy.model_copy(update={"preset": arguments.policy})
    return settings.model_copy(update=changes) if changes else settings


def _with_rules_of(before: Account, settings: Settings, edited: Settings) -> Account:
    """Return the account with the edited rules; what the edit leaves as it is, is not read again. Raises `RulesRefused`."""
    old, new = settings.rules.folder, edited.rules.folder
    words, texts = _same(("signals", "senders.yaml"), old, new), _same(("templates", "tone", "checks.yaml"), old, new)
    return replace(
        before,
        phrasebook=before.phrasebook if words else load_phrasebook(new),
        policies=load_policies(edited.policy.preset, new),
        templates=before.templates if texts else load_templates(new),
    )


def _same(names: Iterable[str], old: Path | None, new: Path | None) -> bool:
    """Whether the files of these names that are in force are the same, word for word."""
    read = [[(file.name, file.path.read_bytes()) for name in names for file in rule_files(name, folder)] for folder in (old, new)]
    return read[0] == read[1]


# In words


def _show(found: Comparison, *, zone: tzinfo) -> None:
    for difference in found.interviews:
        _show_interview(difference, zone)
    if found.elsewhere:
        print("Mail that belongs to no interview")
        for message in found.elsewhere:
            _show_message(message, zone)
        print()
    print_paragraph(_summary(found), hanging=0)
    if found.not_kept:
        what = counted(found.not_kept, "message")
        print_paragraph(f"{what} of mere noise (alerts, newsletters) could not be read again: their text is not kept.", hanging=0)


def _show_interview(found: Difference, zone: tzinfo) -> None:
    print(f"{found.interview.role} at {found.interview.company} ({found.interview.id})")
    if found.stands_differently:
        _show_state(found, zone)
    for message in found.messages:
        _show_message(message, zone)
    for change in found.steps:
        _show_step(change, zone, lies=change.step.key in found.lying)
    for draft, why in found.withdrawn:
        print_paragraph(f"{draft.kind} to {', '.join(draft.to)}: would be taken out of Drafts, for {why}", indent=2)
    for old, new in found.texts:
        print(f"  {new.kind} to {', '.join(new.to)}: would be worded differently")
        for line in _reworded(old, new):
            print_paragraph(line, indent=4, hanging=4)
    print()


def _show_state(found: Difference, zone: tzinfo) -> None:
    before, after = _facts(found.before, zone), _facts(found.after, zone)
    told = [f"{name}: {before[name] or 'none'} → {after[name] or 'none'}" for name in before if before[name] != after[name]]
    print_paragraph("; ".join(told), indent=2)
    if found.cause:
        print_paragraph(_because(found.cause), indent=4)


def _facts(state: State, zone: tzinfo) -> dict[str, str]:
    return {
        "status": state.status,
        "round": str(state.round or ""),
        "interview": shown_time(state.next_at, zone),
        "news by": shown_day(state.promised_by),
        "turn": state.turn,
    }


def _because(cause: Cause) -> str:
    lead = "read no more as" if cause.gone else "read as"
    return f"{lead} {cause.label}: “{cause.quote}”  [{cause.rule}]"


def _show_message(change: MessageChange, zone: tzinfo) -> None:
    print_paragraph(f"{shown_time(change.at, zone)} from {change.sender}: {change.subject or '(no subject)'}", indent=2)
    print_paragraph(f"{change.message_id}", indent=4)
    before, after = _said(change.before, zone), _said(change.after, zone)
    told = [f"{before[name] or 'none'} → {after[name] or 'none'}" for name in before if before[name] != after[name]]
    print_paragraph("; ".join(told), indent=4)
    for lead, reading in (("before", change.before), ("after", change.after)):
        if reading.primary and reading.primary.quote:
            print_paragraph(f"{lead}: “{reading.primary.quote}”  [{reading.primary.rule}]", indent=4)
    if change.given:
        print("    it belonged to nothing, and would be given to this interview")
    if change.review:
        print_paragraph(f"would be asked in review: {change.review}", indent=4)


def _said(reading: Reading, zone: tzinfo) -> dict[str, str]:
    """Return what a reading says, by what it is about."""
    return {
        "label": f"not clear ({reading.label})" if reading.abstained else reading.label,
        "round": f"round {reading.round}" if reading.round else "",
        "interview": f"interview {shown_time(reading.interview_at, zone)}" if reading.interview_at else "",
        "promise": f"news by {shown_day(reading.promised_by)}" if reading.promised_by else "",
        "earliest": f"no news before {shown_day(reading.not_before)}" if reading.not_before else "",
        "back": f"back on {shown_day(reading.returns_on)}" if reading.returns_on else "",
    }


def _show_step(change: Change, zone: tzinfo, *, lies: bool) -> None:
    before, after, step = change.before, change.after, change.step
    to = next((f" to {', '.join(each.to)}" for each in (after, before) if each and each.to), "")
    where = " (lies in Drafts)" if lies else ""
    print_paragraph(f"{step.kind}{to}{where}: {_stands(before, zone)} → {_stands(after, zone)}", indent=2)
    print_paragraph(step.reason if after else f"was: {step.reason}", indent=4, hanging=0)
    print_paragraph(f"rule {step.rule}; guides {', '.join(step.requirements)}", indent=4, hanging=0)


def _stands(step: Step | None, zone: tzinfo) -> str:
    match step.state if step else None:
        case StepState.DUE:
            return "drafted"
        case StepState.HELD if step and step.until:
            return f"held until {shown_time(step.until, zone)}"
        case StepState.HELD:
            return "held"
        case StepState.PLANNED if step:
            return f"planned for {shown_time(step.due_at, zone)}"
        case StepState.SUGGESTED:
            return "suggested to you"
        case _:
            return "nothing"


def _reworded(old: Step, new: Step) -> list[str]:
    """Return the lines that go, with a minus, and those that come, with a plus."""
    olds, news = ([f"Subject: {step.subject}", *filter(None, step.body.splitlines())] for step in (old, new))
    return [*(f"- {line}" for line in olds if line not in news), *(f"+ {line}" for line in news if line not in olds)]


def _summary(found: Comparison) -> str:
    compared = f"{counted(found.messages, 'message')} compared"
    if not found.interviews and not found.elsewhere:
        return f"Nothing would change: {compared}."
    every = found.interviews
    counts = (
        (sum(each.before.status is not each.after.status for each in every), "status", "statuses"),
        (len(found.elsewhere) + sum(len(each.messages) for each in every), "message", "messages"),
        (sum(len(each.steps) for each in every), "follow-up", "follow-ups"),
        (sum(len(each.withdrawn) for each in every), "draft to take back", "drafts to take back"),
        (sum(len(each.texts) for each in every), "text", "texts"),
    )
    told = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return f"Would change: {', '.join(told) or 'what is known beside the status'}; {compared}."


# As JSON


def _as_json(found: Comparison, settings: Settings, edited: Settings, now: datetime) -> dict[str, object]:
    return {
        "as_of": now.astimezone(settings.user.zone),
        "rules": {
            "before": {**_rules_as_json(settings), "recorded": edited is settings},
            "after": _rules_as_json(edited),
        },
        "messages": found.messages,
        "not_kept": found.not_kept,
        "interviews": [_interview_as_json(each) for each in found.interviews],
        "elsewhere": [_message_as_json(each) for each in found.elsewhere],
    }


def _rules_as_json(settings: Settings) -> dict[str, object]:
    folder = settings.rules.folder
    return {"folder": str(folder) if folder else None, "policy": settings.policy.preset}


def _interview_as_json(found: Difference) -> dict[str, object]:
    status = {"before": _state_as_json(found.before), "after": _state_as_json(found.after), "cause": _cause_as_json(found.cause)}
    return {
        "id": found.interview.id,
        "company": found.interview.company,
        "role": found.interview.role,
        "status": status if found.stands_differently else None,
        "messages": [_message_as_json(each) for each in found.messages],
        "drafts": [
            {
                "kind": each.step.kind,
                "change": _named(each),
                "in_drafts": each.step.key in found.lying,
                "before": _step_as_json(each.before),
                "after": _step_as_json(each.after),
            }
            for each in found.steps
        ],
        "withdrawn": [
            {"kind": draft.kind, "to": list(draft.to), "subject": draft.subject, "reason": why} for draft, why in found.withdrawn
        ],
        "texts": [
            {
                "kind": new.kind,
                "to": list(new.to),
                "due_at": new.due_at,
                "before": {"subject": old.subject, "body": old.body},
                "after": {"subject": new.subject, "body": new.body},
            }
            for old, new in found.texts
        ],
    }


def _state_as_json(state: State) -> dict[str, object]:
    return {
        "status": state.status,
        "round": state.round,
        "next_at": state.next_at,
        "promised_by": state.promised_by,
        "turn": state.turn,
    }


def _cause_as_json(cause: Cause | None) -> dict[str, object] | None:
    if cause is None:
        return None
    return {
        "message_id": cause.message_id,
        "label": cause.label,
        "quote": cause.quote,
        "rule": cause.rule,
        "gone": cause.gone,
    }


def _message_as_json(change: MessageChange) -> dict[str, object]:
    return {
        "message_id": change.message_id,
        "at": change.at,
        "from": change.sender,
        "subject": change.subject,
        "before": _reading_as_json(change.before),
        "after": _reading_as_json(change.after),
        "given": change.given,
        "review": change.review,
    }


def _reading_as_json(reading: Reading) -> dict[str, object]:
    primary = reading.primary
    return {
        "label": reading.label,
        "abstained": reading.abstained,
        "quote": primary.quote if primary else "",
        "rule": primary.rule if primary else "",
        "round": reading.round,
        "interview_at": reading.interview_at,
        "promised_by": reading.promised_by,
        "not_before": reading.not_before,
        "returns_on": reading.returns_on,
    }


def _step_as_json(step: Step | None) -> dict[str, object] | None:
    if step is None:
        return None
    return {
        "state": step.state,
        "due_at": step.due_at,
        "until": step.until,
        "to": list(step.to),
        "rule": step.rule,
        "requirements": list(step.requirements),
        "reason": step.reason,
    }


def _named(change: Change) -> str:
    """Return the one word for what happens to a follow-up."""
    before = change.before.state if change.before else None
    after = change.after.state if change.after else None
    match before, after:
        case (StepState.HELD, StepState.DUE | StepState.PLANNED):
            return "released"
        case (StepState.PLANNED, StepState.PLANNED) | (StepState.HELD, StepState.HELD):
            return "moved"
        case (_, StepState.HELD):
            return "held"
        case (StepState.DUE, _):
            return "not_due"
        case (_, None):
            return f"not_{before}"
        case _:
            return str(after)
