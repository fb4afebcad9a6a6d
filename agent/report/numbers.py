"""The numbers behind the page, as a value that JSON can hold: each with the interviews that it counts."""

from collections.abc import Iterable

from agent.plan.intention import DraftState
from agent.report.coming import Item
from agent.report.figures import Figures, Told
from agent.report.flow import Name
from agent.report.follow_ups import WITHIN_DAYS, Outcome
from agent.report.silences import Silence
from agent.report.waits import Wait


def figures_as_json(figures: Figures) -> dict[str, object]:
    """Return all numbers; moments are aware, days are dates, a wait is counted in days of the user's calendar."""
    search = figures.search
    return {
        "as_of": search.now.astimezone(search.zone),
        "last_pass": search.last_pass,
        "problem": search.problem,
        "review": search.reviews,
        "head": {key: _counted(names) for key, names in figures.head.items()},
        "flow": {
            "stages": [{"stage": node.key, **_counted(node.names)} for node in figures.flow.stages],
            "ends": [{"end": node.key, **_counted(node.names)} for node in figures.flow.ends],
            "links": [{"from": link.source, "to": link.target, **_counted(link.names)} for link in figures.flow.links],
        },
        "response_times": [
            {
                "stage": each.stage,
                "answered": [_wait(wait) for wait in each.answered],
                "median_days": each.median,
                "three_of_four_days": each.three_of_four,
                "unanswered": [_wait(wait) for wait in each.unanswered],
                "open": [_wait(wait) for wait in each.open],
            }
            for each in figures.times
        ],
        "silences": [_silence(each) for each in figures.silences],
        "coming": [_item(each) for each in figures.coming],
        "follow_ups": [
            {
                "kind": row.kind,
                "drafts": {state.value: _counted(row.states[state]) for state in DraftState},
                "sent": _counted(each.name for each in row.sent),
                "within_days": WITHIN_DAYS,
                "outcomes": {outcome.value: _counted(row.with_outcome(outcome)) for outcome in Outcome},
            }
            for row in figures.kinds
        ],
        "interviews": [_told(each) for each in figures.told],
    }


def _counted(names: Iterable[Name]) -> dict[str, object]:
    found = [_name(name) for name in names]
    return {"count": len(found), "interviews": found}


def _name(name: Name) -> str:
    """Return what names an interview: its id, after the name of the account where there are several."""
    account, interview = name
    return f"{account}/{interview}" if account else interview


def _wait(wait: Wait) -> dict[str, object]:
    return {"interview": _name(wait.name), "since": wait.since, "until": wait.until, "days": wait.days}


def _silence(silence: Silence) -> dict[str, object]:
    return {
        **_wait(silence.wait),
        "stage": silence.wait.stage,
        "verdict": silence.verdict,
        "earlier_answers": silence.known,
        "sooner": silence.sooner,
        "day": silence.day,
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "interview": _name(item.name),
        "what": item.what,
        "day": item.day,
        "at": item.at,
        "kind": item.kind or None,
        "reason": item.reason,
    }


def _told(told: Told) -> dict[str, object]:
    interview, state = told.followed.candidacy.interview, told.followed.candidacy.state
    return {
        "account": told.followed.account or None,
        "id": interview.id,
        "company": interview.company,
        "role": interview.role,
        "status": state.status,
        "round": state.round,
        "turn": state.turn,
        "stages": [*told.course.stages, told.course.end],
        "lines": [
            {
                "at": line.at,
                "who": line.who,
                "what": line.what,
                "fate": line.fate or None,
                "quote": line.quote,
                "status": line.status,
            }
            for line in told.lines
        ],
    }
