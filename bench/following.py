"""Sealed job searches played back under a preset, and how far its drafts follow the guide."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from zoneinfo import ZoneInfo

from agent.cli.opening import rules_only
from agent.daemon.account import Account
from agent.daemon.replaying import Played, replay
from agent.drafts import User
from agent.plan.intention import DraftRecord, DraftState
from agent.policy import Held
from tests.guides.expected import PRESETS, TO_THE_USER, Demand, Forbidden, Guided, TextRule, Throughout

_ANSWERS = ("reply_", "offer_")
_LINE = 80
"""Characters in a line of mail."""
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]+(?=\s|$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """One thing that is not as the guide has it."""

    search: str
    interview: str
    what: str
    """`demanded`, `text`, `forbidden`, `double` or `foreign` (a draft that names no requirement of the guide)."""
    requirements: tuple[str, ...]
    expected: str
    happened: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """How far the drafts of one search, or of several, follow the guide."""

    demanded: Counter[str] = field(default_factory=Counter)
    """Requirement id → drafts that it demands; `all` counts each draft once."""
    met: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    """Requirement id → things that it wants in the text of drafts that are there."""
    texts_met: Counter[str] = field(default_factory=Counter)
    bans: Counter[str] = field(default_factory=Counter)
    """Requirement id → times and texts that it forbids."""
    violated: Counter[str] = field(default_factory=Counter)
    """Requirement id → drafts that it forbids and that came to be."""
    doubles: int = 0
    """Drafts beside another for the same occasion."""
    foreign: int = 0
    """Drafts that name no requirement of the guide."""
    drafts: int = 0
    misses: tuple[Miss, ...] = ()

    @property
    def share(self) -> float:
        """Of the drafts that the guide demands, the share that came to be in its window."""
        return self.met["all"] / max(self.demanded["all"], 1)


def together(found: Iterable[Following]) -> Following:
    """Return the sum of several."""
    whole = Following()
    for each in found:
        whole = Following(
            **{
                name: getattr(whole, name) + getattr(each, name) for name in Following.__dataclass_fields__
            }  # Counters, numbers, tuples
        )
    return whole


@cache
def _rules(preset: str) -> Account:
    return rules_only(me=("me@mailbox.example",), name="Me", zone=ZoneInfo("UTC"), preset=preset, folder=None)


def play(search: Guided, preset: str | None = None, *, until: datetime | None = None) -> Played:
    """Return how a search stands at its end, or at `until`, under its preset or another."""
    name, address = parseaddr(search.search.me)
    user = User(name=name, addresses=(address.lower(),), timezone=search.search.zone, phone=search.phone)
    account = replace(_rules(preset or search.preset), user=user)
    return replay(search.played(), search.search.interviews, account, as_of=until or search.search.as_of)


def judge(search: Guided, played: Played, *, look: bool = False) -> Following:
    """Return how far the drafts of a played search follow its guide.

    With `look`, the search is played again up to the end of each window in which nothing came, to see what was held then.
    """
    drafts = sorted((draft for draft in played.drafts if draft.queued_at), key=_queued)
    given = _given(search.demands, drafts)
    misses: list[Miss] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("demanded", "met", "texts", "texts_met", "bans", "violated")}
    taken = {id(draft) for draft in given.values()}
    for number, demand in enumerate(search.demands):
        ids = (*demand.requirements, "all")
        counts["demanded"].update(ids)
        draft = given.get(number)
        if draft is None:
            rest = [each for each in drafts if id(each) not in taken]
            happened = _what_happened(demand, rest) or _held(
                demand, play(search, until=demand.ends).held if look else played.held
            )
            misses.append(_miss(search, demand.interview, "demanded", demand.requirements, told(demand), happened))
            continue
        counts["met"].update(ids)
        for rule in demand.texts:
            counts["texts"].update((*rule.requirements, "all"))
            faults = list(_faults(search, rule, draft, drafts))
            if not faults:
                counts["texts_met"].update((*rule.requirements, "all"))
            misses += [
                _miss(search, demand.interview, "text", rule.requirements, told(demand), f"{fault}; {_shown(draft)}")
                for fault in faults
            ]
    bans = [(rule.requirements, list(_violations(search, rule, drafts))) for rule in search.forbidden]
    bans += [(rule.requirements, list(_spoken(search, rule, drafts))) for rule in search.throughout]
    for ids, violations in bans:
        counts["bans"].update((*ids, "all"))
        for miss in violations:
            counts["violated"].update((*ids, "all"))
            misses.append(miss)
    doubles = list(_doubles(search, drafts, given))
    foreign = [
        _miss(search, each.interview, "foreign", each.requirements, f"a requirement of {PRESETS[search.preset]}", _shown(each))
        for each in drafts
        if not any(ident[0] in PRESETS[search.preset] for ident in each.requirements)
    ]
    return Following(
        **counts,
        doubles=len(doubles),
        foreign=len(foreign),
        drafts=len(drafts),
        misses=(*misses, *doubles, *foreign),
    )


def told(demand: Demand) -> str:
    """Return a demand as one line: kinds, recipients, window in the interview's own zone."""
    kinds = " or ".join(sorted(demand.kinds))
    return f"{kinds} to {' or '.join(demand.to)}, {demand.begins:%a %d %b %H:%M} to {demand.ends:%a %d %b %H:%M %Z}"


def _queued(draft: DraftRecord) -> datetime:
    if draft.queued_at is None:
        raise ValueError(f"{draft.message_id} never came to be")
    return draft.queued_at


def _given(demands: Sequence[Demand], drafts: Sequence[DraftRecord]) -> dict[int, DraftRecord]:
    """Return the draft that meets each demand, each draft for one demand only, those that end first served first."""
    left = list(drafts)
    found: dict[int, DraftRecord] = {}
    for number, demand in sorted(enumerate(demands), key=lambda each: each[1].ends):
        draft = next(
            (each for each in left if _is_kind(demand, each) and _goes_to(demand, each) and _in_time(demand, each)), None
        )
        if draft:
            found[number] = draft
            left.remove(draft)
    return found


def _is_kind(demand: Demand, draft: DraftRecord) -> bool:
    return draft.interview == demand.interview and draft.kind in demand.kinds


def _goes_to(demand: Demand, draft: DraftRecord) -> bool:
    return len(draft.to) == 1 and draft.to[0].lower() in demand.to


def _in_time(demand: Demand, draft: DraftRecord) -> bool:
    return demand.begins <= _queued(draft) <= demand.ends


def _what_happened(demand: Demand, rest: Sequence[DraftRecord]) -> str:
    """Return what came instead of the demanded draft; empty for nothing."""
    same = [draft for draft in rest if _is_kind(demand, draft)]
    zone = demand.begins.tzinfo
    if wrong := next((each for each in same if _in_time(demand, each)), None):
        return f"wrong recipient: {', '.join(wrong.to)}"
    right = [each for each in same if _goes_to(demand, each)]
    if early := next((each for each in reversed(right) if _queued(each) < demand.begins), None):
        return f"too early: {_queued(early).astimezone(zone):%a %d %b %H:%M}, {early.state}"
    if late := next((each for each in right if _queued(each) > demand.ends), None):
        return f"too late: {_queued(late).astimezone(zone):%a %d %b %H:%M}"
    return ""


def _held(demand: Demand, held: Sequence[Held]) -> str:
    kept = next((each for each in held if each.interview == demand.interview and each.kind in demand.kinds), None)
    return f"absent; held: {kept.reason}" if kept else "absent"


def _faults(search: Guided, rule: TextRule, draft: DraftRecord, drafts: Sequence[DraftRecord]) -> Iterator[str]:
    body = " ".join(draft.body.split())
    for pattern in rule.holds:
        if not re.search(pattern, body, re.IGNORECASE):
            yield f"the text lacks `{pattern}`"
    if rule.lacks and (found := re.search(rule.lacks, body, re.IGNORECASE)):
        yield f"the text has `{found[0]}`"
    said = sentences(draft.body)
    if rule.lines and len(said) > rule.lines and len(" ".join(said)) > rule.lines * _LINE:
        yield f"{len(said)} sentences of {len(' '.join(said))} characters are no {rule.lines} lines"
    if rule.subject and not re.fullmatch(rule.subject, draft.subject, re.IGNORECASE):
        yield f"the subject is `{draft.subject}`, not `{rule.subject}`"
    if rule.thread:
        item = next(each for each in search.search.items if each.number == rule.thread)
        if search.search.message_id(item) not in {draft.in_reply_to, *draft.references}:
            yield f"it does not lie in the thread of #{rule.thread}"
    longer = [each for each in drafts if each.kind is rule.shorter and each.interview == draft.interview]
    if longer and len(draft.body.split()) >= len(longer[-1].body.split()):
        yield f"it is not shorter than the {rule.shorter}"


def sentences(body: str) -> list[str]:
    """Return the sentences of a mail, greeting and close left out: they end with no full stop."""
    lines = [line.strip() for line in body.splitlines()]
    text = " ".join(line for line in lines[1:] if line and not line.endswith(","))
    return [" ".join(each.split()) for each in _SENTENCE.findall(text)]


def _violations(search: Guided, rule: Forbidden, drafts: Sequence[DraftRecord]) -> Iterator[Miss]:
    meant = [
        draft
        for draft in drafts
        if draft.interview in rule.interviews
        and draft.kind in rule.kinds
        and (not rule.to or any(to.lower() in rule.to for to in draft.to))
        and (not rule.but or any(to.lower() not in rule.but for to in draft.to))
        and (rule.begins is None or _queued(draft) >= rule.begins)
        and (rule.ends is None or _queued(draft) < rule.ends)
    ]
    if rule.more_than:
        meant = [draft for draft in meant if draft.kind in TO_THE_USER or draft.state is not DraftState.WITHDRAWN]
        zone = search.search.zone
        days = [_queued(draft).astimezone(zone).date() for draft in meant]
        meant = [
            draft
            for number, draft in enumerate(meant)
            if number >= rule.more_than and (not rule.days or (days[number] - days[number - rule.more_than]).days < rule.days)
        ]
    return (_miss(search, draft.interview, "forbidden", rule.requirements, rule.why, _shown(draft)) for draft in meant)


def _spoken(search: Guided, rule: Throughout, drafts: Sequence[DraftRecord]) -> Iterator[Miss]:
    meant = [draft for draft in drafts if draft.kind in rule.kinds]
    for number, draft in enumerate(meant):
        found = re.search(rule.lacks, f"{draft.subject}\n{draft.body}", re.IGNORECASE) if rule.lacks else None
        if found:
            yield _miss(search, draft.interview, "forbidden", rule.requirements, f"no `{found[0]}`", _shown(draft))
        if not rule.distinct:
            continue
        for other in meant[:number]:
            same = set(sentences(draft.body)) & set(sentences(other.body))
            if other.interview == draft.interview and same:
                yield _miss(
                    search, draft.interview, "forbidden", rule.requirements, "no sentence twice", f"{_shown(draft)}: {min(same)}"
                )


def _doubles(search: Guided, drafts: Sequence[DraftRecord], given: dict[int, DraftRecord]) -> Iterator[Miss]:
    lasting = [draft for draft in drafts if draft.state is not DraftState.WITHDRAWN]
    serving = {id(draft): number for number, draft in given.items()}
    for number, draft in enumerate(lasting):
        for other in lasting[:number]:
            if (other.interview, other.kind, other.to) != (draft.interview, draft.kind, draft.to):
                continue
            answers = draft.kind.startswith(_ANSWERS) and draft.in_reply_to == other.in_reply_to
            demand = serving.get(id(other))
            within = id(draft) not in serving and demand is not None and _in_time(search.demands[demand], draft)
            if answers or within or other.occasion == draft.occasion:
                yield _miss(search, draft.interview, "double", draft.requirements, f"only {_shown(other)}", _shown(draft))


def _shown(draft: DraftRecord) -> str:
    return f"{draft.kind} to {', '.join(draft.to)}, {_queued(draft):%a %d %b %H:%M UTC}, {draft.state} ({draft.rule})"


def _miss(search: Guided, interview: str, what: str, requirements: tuple[str, ...], expected: str, happened: str) -> Miss:
    return Miss(
        search=search.name,
        interview=interview,
        what=what,
        requirements=requirements,
        expected=expected,
        happened=happened,
    )
