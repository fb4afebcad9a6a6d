"""Policies: one preset a file of `policies/*.yaml`, turned into the `Policy` that `agent.policy` assesses with."""

import re
import string
from collections.abc import Collection, Iterator
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from agent.interviews.status import Status, Turn
from agent.policy.office_hours import Duration, Unit
from agent.policy.policy import Anchor, Check, Forbid, Limit, Policy, Promise, Recipient, Rule, Thread, Unless, When
from agent.policy.verdict import DraftKind
from agent.rulebook.grammar import Id, Line, Requirement
from agent.rulebook.layers import RuleFile, rule_files
from agent.rulebook.marked_yaml import MarkedYaml, read_yaml, validated
from agent.rulebook.problems import RuleProblem, RulesRefused
from agent.signals.reading import OWN_LABELS, Label

_DURATION = re.compile(r"([0-9]{1,3}) (full business day|business day|day|hour)s?")
_UNANSWERED = re.compile(r"([0-9]{1,2})(?: or more| to ([0-9]{1,2}))?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_LASTING = frozenset({Check.PROMISE, Check.EARLIEST, Check.ON_HOLD, Check.DRAFT_WAITS, Check.TOO_LATE})
_RULE_WORDS = frozenset({"company", "role", "name", "day"})
_LIMIT_WORDS = frozenset({"company", "day", "until", "count"})
_FORBID_WORDS = frozenset({"company", "address", "day", "until"})


def _duration(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    if value == "at once":
        return Duration(amount=0, unit=Unit.HOUR)
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("this is no duration; write for example `2 hours`, `7 days`, `5 business days`, `1 full business day`")
    return Duration(amount=int(found[1]), unit=Unit(found[2]))


def _clock(value: Any) -> time:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('this is no time of day; write it in quotes, such as "09:00"')
    return time(int(found[1]), int(found[2]))


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("this is no day; write it as 2026-12-28") from None


def _unanswered(value: Any) -> tuple[int, int | None]:
    found = _UNANSWERED.fullmatch(str(value))
    if found is None or isinstance(value, bool):
        raise ValueError("this is no number of messages; write `0`, `1 to 2` or `2 or more`")
    least = int(found[1])
    if str(value).endswith("more"):
        return least, None
    return least, int(found[2] or found[1])


def _reason(*known: str) -> BeforeValidator:
    """Return a check that a reason is a sentence that uses only the fields in `known`."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("this is no sentence")
        try:
            fields = list(string.Formatter().parse(value))
        except ValueError:
            raise ValueError("a brace is open or closed alone; write fields as {company}") from None
        for _, name, spec, conversion in fields:
            if name is not None and (name not in known or spec or conversion):
                raise ValueError(f"`{{{name}}}` is not known here; known are {', '.join(sorted(known))}")
        return value.strip()

    return BeforeValidator(check)


_Duration = Annotated[Duration, BeforeValidator(_duration)]
_Clock = Annotated[time, BeforeValidator(_clock)]
_Day = Annotated[date, BeforeValidator(_day)]
_Unanswered = Annotated[tuple[int, int | None], BeforeValidator(_unanswered)]
_Pattern = Annotated[str, StringConstraints(pattern=r"^\S+@\S+$", to_lower=True)]
_Requires = Annotated[list[Requirement], Field(min_length=1)]
_Suggested = Literal[Status.MOVED_ON, Status.WITHDRAWN, Status.DECLINED]
_Stopped = DraftKind | _Suggested


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _When(_Strict):
    status: Annotated[list[Status], Field(min_length=1)] | None = None
    turn: Turn | None = None
    promise: Promise | None = None
    unanswered: _Unanswered = (0, None)


class _Rule(_Strict):
    draft: DraftKind | None = None
    suggest: _Suggested | None = None
    anchor: Anchor
    says: list[Label] = []
    restarted_by: list[Label | Literal["answer"]] = []
    after: _Duration
    until: _Duration | None = None
    business_hours: bool = False
    when: _When = _When()
    unless: list[Unless] = []
    overtaken_by: list[Label] = []
    once: bool = False
    to: list[Recipient] = []
    thread: Thread = Thread.MESSAGE
    style: Id | None = None
    requires: _Requires
    reason: Annotated[str, _reason(*_RULE_WORDS)]


class _Limit(_Strict):
    at_most: Annotated[int, Field(ge=1)]
    within: _Duration | None = None
    together: list[DraftKind] = []
    requires: _Requires
    reason: Annotated[str, _reason(*_LIMIT_WORDS)]


class _Forbid(_Strict):
    check: Check
    lasts: _Duration | None = None
    only: list[_Stopped] | None = None
    besides: list[_Stopped] = []
    requires: _Requires
    reason: Annotated[str, _reason(*_FORBID_WORDS)]


class _Hours(_Strict):
    opens: _Clock
    closes: _Clock

    @model_validator(mode="after")
    def _in_order(self) -> "_Hours":
        if self.opens >= self.closes:
            raise ValueError("`closes` has to be later than `opens`")
        return self


class _File(_Strict):
    about: Line
    business_hours: _Hours
    closed: list[_Day] = []
    never_write_to: list[_Pattern]
    no_answer: list[Label]
    rules: dict[Id, _Rule]
    limits: dict[Id, _Limit]
    forbids: dict[Id, _Forbid]


def load_policy(preset: str, user_folder: Path | None) -> Policy:
    """Return the policy `preset`; the user's folder is laid over the shipped one file by file.

    Raises `RulesRefused` for a preset that does not exist, naming those that do, and for every mistake in its file.
    """
    files = {Path(file.name).stem: file for file in rule_files("policies", user_folder)}
    if preset not in files:
        raise RulesRefused(
            [
                RuleProblem(
                    file=f"rules/policies/{preset}.yaml",
                    line=1,
                    column=1,
                    what=f"there is no policy `{preset}`",
                    mend=f"choose one of: {', '.join(sorted(files)) or 'none is there'}",
                )
            ]
        )
    return _policy(preset, files[preset])


def _policy(preset: str, file: RuleFile) -> Policy:
    document = read_yaml(file.path, file.shown)
    parsed = validated(document, _File)
    problems = list(_contradictions(document, parsed))
    if problems:
        raise RulesRefused(problems)
    return Policy(
        name=preset,
        about=parsed.about,
        opens=parsed.business_hours.opens,
        closes=parsed.business_hours.closes,
        closed=frozenset(parsed.closed),
        never_write_to=tuple(parsed.never_write_to),
        no_answer=frozenset(parsed.no_answer),
        rules=tuple(_as_rule(name, rule) for name, rule in parsed.rules.items()),
        limits=tuple(
            Limit(
                id=name,
                at_most=limit.at_most,
                within=limit.within,
                together=frozenset(limit.together),
                requires=tuple(limit.requires),
                reason=limit.reason,
            )
            for name, limit in parsed.limits.items()
        ),
        forbids=tuple(
            Forbid(
                id=name,
                check=forbid.check,
                only=None if forbid.only is None else frozenset(str(each) for each in forbid.only),
                besides=frozenset(str(each) for each in forbid.besides),
                lasts=forbid.lasts,
                requires=tuple(forbid.requires),
                reason=forbid.reason,
            )
            for name, forbid in parsed.forbids.items()
        ),
    )


def _as_rule(name: str, rule: _Rule) -> Rule:
    return Rule(
        id=name,
        draft=rule.draft,
        suggest=rule.suggest,
        anchor=rule.anchor,
        says=tuple(rule.says),
        restarted_by=tuple(each for each in rule.restarted_by if isinstance(each, Label)),
        restarted_by_answers="answer" in rule.restarted_by,
        after=rule.after,
        until=rule.until,
        business_hours=rule.business_hours,
        when=When(
            status=None if rule.when.status is None else frozenset(rule.when.status),
            turn=rule.when.turn,
            promise=rule.when.promise,
            unanswered_from=rule.when.unanswered[0],
            unanswered_to=rule.when.unanswered[1],
        ),
        unless=frozenset(rule.unless),
        overtaken_by=frozenset(rule.overtaken_by),
        once=rule.once,
        to=tuple(rule.to),
        thread=rule.thread,
        style=rule.style or "",
        requires=tuple(rule.requires),
        reason=rule.reason,
    )


def _contradictions(document: MarkedYaml, parsed: _File) -> Iterator[RuleProblem]:
    """Yield what fits the grammar line by line and makes no sense together."""
    for name, rule in parsed.rules.items():
        for key, what, mend in _nonsense(rule):
            yield document.problem(("rules", name, key), f"`rules.{name}`: {what}", mend)
    for name, forbid in parsed.forbids.items():
        if forbid.check in _LASTING and forbid.lasts is None:
            yield document.problem(
                ("forbids", name),
                f"`forbids.{name}`: the check `{forbid.check}` needs a duration",
                "add for example `lasts: 7 days`",
            )


def _nonsense(rule: _Rule) -> Iterator[tuple[str, str, str]]:
    about_message = rule.anchor in (Anchor.LAST_MESSAGE, Anchor.FIRST_MESSAGE)
    about_interview = rule.anchor is Anchor.EACH_INTERVIEW
    if (rule.draft is None) == (rule.suggest is None):
        yield "draft", "it must have either `draft` or `suggest`", "write one of the two"
    if rule.draft is not None and not rule.to:
        yield "draft", "it does not say whom it goes to", "add for example `to: [primary contact]`"
    if about_message != bool(rule.says):
        yield "says", "`says` belongs to the anchors `last message` and `first message`", "add labels, or choose another anchor"
    if own := _own({*rule.says, *rule.overtaken_by, *(each for each in rule.restarted_by if isinstance(each, Label))}):
        yield "anchor", f"{own} is a label of your own mail, and this is about theirs", "name labels of messages that you receive"
    if rule.restarted_by and rule.anchor is not Anchor.LAST_INTERVIEW:
        yield "restarted_by", "only the anchor `last interview` can be started anew", "remove it or change the anchor"
    if Unless.THANKED in rule.unless and not about_interview:
        yield "unless", "`thanked` belongs to the anchor `each interview`", "remove it"
    if not about_message and {Unless.ANSWERED, Unless.WRITTEN} & {*rule.unless}:
        yield "unless", "`answered` and `written` belong to a message as anchor", "remove them"
    if not about_message and (rule.overtaken_by or Recipient.SENDER in rule.to):
        yield "anchor", "`overtaken_by` and the recipient `sender` belong to a message as anchor", "remove them"
    if Recipient.EACH_INTERVIEWER in rule.to and not about_interview:
        yield "to", "`each interviewer` belongs to the anchor `each interview`", "write for example `primary contact`"


def _own(labels: Collection[Label]) -> str:
    return ", ".join(sorted(label for label in labels if label in OWN_LABELS))
