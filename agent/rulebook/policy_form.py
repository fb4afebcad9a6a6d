"""The form of a policy file: which keys it has, what may stand under each, and what makes no sense together."""

import re
import string
from collections.abc import Collection, Iterator
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema, model_validator

from agent.interviews.status import Status, Turn
from agent.policy.office_hours import Duration, Unit
from agent.policy.policy import TO_USER, Anchor, Channel, Check, Phone, Promise, Recipient, Thread, Unless
from agent.policy.verdict import DraftKind
from agent.rulebook.grammar import Id, Line, Requirement
from agent.signals.reading import OWN_LABELS, Label

_DURATION = re.compile(r"([0-9]{1,3}) (full business day|business day|day|hour)s?")
_NUMBER = re.compile(r"([0-9]{1,2})(?: or more| to ([0-9]{1,2}))?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_LASTING = frozenset(
    {
        Check.PROMISE,
        Check.AGREED,
        Check.RECENT_INTERVIEW,
        Check.EARLIEST,
        Check.ON_HOLD,
        Check.DRAFT_WAITS,
        Check.TOO_LATE,
    }
)
_RULE_WORDS = frozenset({"company", "role", "name", "day"})
_LIMIT_WORDS = frozenset({"company", "day", "until", "count"})
_FORBID_WORDS = frozenset({"company", "address", "day", "until"})


def _duration(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    if value == "at once":
        return Duration(amount=0, unit=Unit.HOUR)
    if value == "on the day":
        return Duration(amount=0, unit=Unit.ON_THE_DAY)
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


def _number(value: Any) -> tuple[int, int | None]:
    found = _NUMBER.fullmatch(str(value))
    if found is None or isinstance(value, bool):
        raise ValueError("this is no number of messages; write `0`, `1 to 2` or `2 or more`")
    least = int(found[1])
    if str(value).endswith("more"):
        return least, None
    return least, int(found[2] or found[1])


def _reason(known: frozenset[str]) -> BeforeValidator:
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


_Duration = Annotated[
    Duration,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": rf"^(at once|on the day|{_DURATION.pattern})$"}),
]
_Clock = Annotated[time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK.pattern}$"})]
_Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
_Number = Annotated[
    tuple[int, int | None],
    BeforeValidator(_number),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}]}),
]
_Pattern = Annotated[str, StringConstraints(pattern=r"^\S+@\S+$", to_lower=True)]
_Requires = Annotated[list[Requirement], Field(min_length=1)]
_Suggested = Literal[Status.MOVED_ON, Status.WITHDRAWN, Status.DECLINED]
_Stopped = DraftKind | _Suggested


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class WhenForm(_Strict):
    """How the candidacy must stand for a rule to speak; what is not named does not matter."""

    status: Annotated[list[Status] | None, Field(min_length=1, description="One of these.")] = None
    turn: Annotated[Turn | None, Field(description="Whose move it is.")] = None
    promise: Annotated[Promise | None, Field(description="Whether a day by which they promised news stands.")] = None
    agreed: Annotated[Promise | None, Field(description="Whether a day that you noted as agreed stands.")] = None
    channel: Annotated[
        Channel | None, Field(description="How the next contact was agreed; `phone` too where nothing was said.")
    ] = None
    phone: Annotated[Phone | None, Field(description="Whether a direct number is known.")] = None
    unanswered: Annotated[
        _Number, Field(description="Your follow-ups by mail since their last word: `0`, `1 to 2`, `2 or more`.")
    ] = (
        0,
        None,
    )
    attempts: Annotated[_Number, Field(description="The same, with every call that a call sheet was made for.")] = (0, None)
    by_hand: Annotated[bool, Field(description="You set the status yourself; mail did not.")] = False


class RuleForm(_Strict):
    """One follow-up, or one suggestion to the user."""

    draft: Annotated[DraftKind | None, Field(description="What it drafts.")] = None
    suggest: Annotated[_Suggested | None, Field(description="The status that it suggests in review, in place of a draft.")] = None
    anchor: Annotated[Anchor, Field(description="The moment that it counts from.")]
    says: Annotated[list[Label], Field(description="For a message as anchor: what it is for.")] = []
    says_beside: Annotated[
        list[Label], Field(description="A message for one of these counts too if it says one of `says` besides.")
    ] = []
    restarted_by: Annotated[
        list[Label | Literal["answer"]], Field(description="Later messages of theirs that start the count anew.")
    ] = []
    after: Annotated[_Duration, Field(description="How long after the anchor it is due.")]
    until: Annotated[_Duration | None, Field(description="How long after the anchor it is too late.")] = None
    business_hours: Annotated[bool, Field(description="Only on their business days, while they work.")] = False
    early: Annotated[bool, Field(description="Only on their business days, from before they open.")] = False
    when: Annotated[WhenForm, Field(description="How the candidacy must stand.")] = WhenForm()
    unless: Annotated[list[Unless], Field(description="What makes it needless.")] = []
    overtaken_by: Annotated[list[Label], Field(description="Later messages of theirs that make it needless.")] = []
    once: Annotated[bool, Field(description="Once in a candidacy, whatever happens.")] = False
    to: Annotated[list[Recipient], Field(description="Whom it goes to; the first that can be written to.")] = []
    about: Annotated[
        list[Recipient] | None, Field(min_length=1, description="For a draft to you: whom it is about, best with a known number.")
    ] = None
    thread: Annotated[Thread, Field(description="Which conversation it continues.")] = Thread.MESSAGE
    style: Annotated[Id | None, Field(description="A manner of wording, such as `brief`.")] = None
    requires: Annotated[_Requires, Field(description="The guide requirements that it carries out.")]
    reason: Annotated[str, _reason(_RULE_WORDS), Field(description="One sentence for you: why now.")]


class LimitForm(_Strict):
    """How many messages an employer may get."""

    at_most: Annotated[int, Field(ge=1, description="This many.")]
    within: Annotated[_Duration | None, Field(description="In this time; without it, unanswered ones in all.")] = None
    together: Annotated[list[DraftKind], Field(description="Kinds that do not count against each other.")] = []
    lets_pass: Annotated[list[DraftKind], Field(description="Kinds that it counts and never stops.")] = []
    besides: Annotated[list[DraftKind], Field(description="Kinds that it neither counts nor stops.")] = []
    requires: _Requires
    reason: Annotated[str, _reason(_LIMIT_WORDS)]


class ForbidForm(_Strict):
    """One reason why a follow-up that is due must not be drafted."""

    check: Annotated[Check, Field(description="What it looks at.")]
    lasts: Annotated[_Duration | None, Field(description="How long it forbids, or is told.")] = None
    only: Annotated[list[_Stopped] | None, Field(description="What it stops; all without it.")] = None
    besides: Annotated[list[_Stopped], Field(description="What it lets pass.")] = []
    requires: _Requires
    reason: Annotated[str, _reason(_FORBID_WORDS)]


class HoursForm(_Strict):
    """The hours of a business day in their zone."""

    opens: _Clock
    closes: _Clock
    early: Annotated[
        _Clock | None, Field(description="When a day begins for rules with `early`; two hours before they open without.")
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> "HoursForm":
        if self.opens >= self.closes:
            raise ValueError("`closes` has to be later than `opens`")
        if self.early is not None and self.early > self.opens:
            raise ValueError("`early` has to be before `opens`")
        return self


class PolicyForm(_Strict):
    """A whole policy; one that `extends` another is looked at together with it."""

    about: Line
    business_hours: HoursForm
    closed: Annotated[list[_Day], Field(description="Days off that no public calendar knows.")] = []
    never_write_to: Annotated[list[_Pattern], Field(description="Addresses that take no mail; `*` stands for any characters.")]
    no_answer: Annotated[list[Label], Field(description="Messages that do not count as an answer.")]
    rules: dict[Id, RuleForm]
    limits: dict[Id, LimitForm]
    forbids: dict[Id, ForbidForm]


def contradictions(policy: PolicyForm) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what fits the form line by line and makes no sense together: its path, what is wrong, how to mend it."""
    for name, rule in policy.rules.items():
        for key, what, mend in _nonsense(rule):
            yield ("rules", name, key), f"`rules.{name}`: {what}", mend
    for name, forbid in policy.forbids.items():
        if forbid.check in _LASTING and forbid.lasts is None:
            what = f"`forbids.{name}`: the check `{forbid.check}` needs a duration"
            yield ("forbids", name), what, "add for example `lasts: 7 days`"


def _nonsense(rule: RuleForm) -> Iterator[tuple[str, str, str]]:
    about_message = rule.anchor in (Anchor.LAST_MESSAGE, Anchor.FIRST_MESSAGE)
    about_moment = about_message or rule.anchor is Anchor.OUTCOME
    about_interview = rule.anchor is Anchor.EACH_INTERVIEW
    about_day = rule.anchor in (Anchor.PROMISED_DATE, Anchor.AGREED_DATE)
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
    if not about_message and {Unless.ANSWERED, Unless.DECIDED} & {*rule.unless}:
        yield "unless", "`answered` and `decided` belong to a message as anchor", "remove them"
    if not about_moment and {Unless.WRITTEN, Unless.TOLD} & {*rule.unless}:
        yield "unless", "`written` and `told` belong to a message or an outcome as anchor", "remove them"
    if rule.says_beside and not rule.says:
        yield "says_beside", "`says_beside` needs `says`", "name what the message has to say"
    if rule.anchor is Anchor.OUTCOME and rule.when.status is None:
        yield "when", "the anchor `outcome` needs `when: {status: [...]}`", "name the statuses that it waits for"
    if Unit.ON_THE_DAY in {rule.after.unit, rule.until.unit if rule.until else None} and not about_day:
        yield "after", "`on the day` belongs to the anchors `agreed date` and `promised date`", "write `at once`"
    if rule.business_hours and rule.early:
        yield "early", "`early` and `business_hours` do not go together", "keep one of the two"
    if (rule.draft in TO_USER) != (Recipient.USER in rule.to):
        yield "to", "`debrief` and `call_sheet` go to you, and nothing else does", "write `to: [user]` for these two kinds only"
    if rule.about is not None and rule.draft not in TO_USER:
        yield "about", "`about` belongs to drafts to you", "remove it"
    alone = {Recipient.USER, Recipient.EACH_REFERRER} & {*rule.to}
    if alone and len(rule.to) > 1:
        yield "to", f"`{min(alone)}` stands alone", "remove the others"
    if {Recipient.EACH_INTERVIEWER, Recipient.EACH_REFERRER, Recipient.USER} & {*(rule.about or ())}:
        yield "about", "it is about one person at the employer", "write for example `about: [hiring manager, primary contact]`"
    if not about_message and (rule.overtaken_by or Recipient.SENDER in rule.to):
        yield "anchor", "`overtaken_by` and the recipient `sender` belong to a message as anchor", "remove them"
    if Recipient.EACH_INTERVIEWER in rule.to and not about_interview:
        yield "to", "`each interviewer` belongs to the anchor `each interview`", "write for example `primary contact`"


def _own(labels: Collection[Label]) -> str:
    return ", ".join(sorted(label for label in labels if label in OWN_LABELS))
