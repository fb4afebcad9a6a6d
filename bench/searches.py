"""Whole job searches played back through the code of `replay`, and how much of it was right."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import cache
from zoneinfo import ZoneInfo

from agent.cli.opening import rules_only
from agent.daemon.account import Account
from agent.daemon.replaying import Played, replay
from agent.drafts import User
from agent.interviews import ENDED
from agent.interviews.candidacy import Candidacy
from agent.matching.names import company_name
from tests.searches.search import Item, Search


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """One mail that came to lie elsewhere than where it belongs, or one status that is wrong."""

    search: str
    what: str
    number: int | None
    """Of the mail; None for a status that the clock made, or that a mail failed to make."""
    expected: str
    found: str
    case: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """How one search, or several, came out."""

    messages: int = 0
    """Mails that belong to an interview."""
    assigned: int = 0
    """Mails that were given to one."""
    right: int = 0
    """Mails that were given to the one that they belong to."""
    noise: int = 0
    """Mails that belong to none."""
    noise_assigned: int = 0
    confused: int = 0
    """Mails given to another role at the same employer."""
    forged: int = 0
    """Forgeries and orders in mail; `Case` begins with `forged`."""
    forged_applied: int = 0
    interviews: int = 0
    final_right: int = 0
    changes_by_others: int = 0
    """Changes of status by mail that belongs elsewhere."""
    changes_misread: int = 0
    """Changes by their own mail to a status that is not on the interview's path."""
    asked: int = 0
    """Questions that wait in review at the end."""
    slips: tuple[Slip, ...] = field(default=(), repr=False)

    @property
    def precision(self) -> float:
        """Of the mails that were assigned, the share that lies right."""
        return self.right / max(self.assigned, 1)

    @property
    def recall(self) -> float:
        """Of the mails that belong to an interview, the share that lies there."""
        return self.right / max(self.messages, 1)

    @property
    def final(self) -> float:
        """Share of interviews whose last status is right."""
        return self.final_right / max(self.interviews, 1)

    @property
    def noise_rate(self) -> float:
        """Of the mails that belong to none, the share that was given to one."""
        return self.noise_assigned / max(self.noise, 1)


def together(scores: Sequence[Score]) -> Score:
    """Return the sum of several scores."""
    numbers = [name for name in Score.__dataclass_fields__ if name != "slips"]
    summed = {name: sum(getattr(score, name) for score in scores) for name in numbers}
    return Score(**summed, slips=tuple(slip for score in scores for slip in score.slips))


@cache
def rules() -> Account:
    """Return an account with the shipped rules, loaded once for all searches."""
    return rules_only(me=("me@mailbox.example",), name="Me", zone=ZoneInfo("UTC"), preset="default", folder=None)


def play(search: Search) -> Played:
    """Return how a search stands at its end, as `interview-agent replay` would tell it."""
    name, address = parseaddr(search.me)
    account = replace(rules(), user=User(name=name, addresses=(address,), timezone=search.zone))
    return replay(search.played(), search.interviews, account, as_of=search.as_of)


def score(search: Search, played: Played) -> Score:
    """Return how much of a played search is right."""
    by_key = {item.key: item for item in search.items}
    lies: dict[int, str] = {}
    slips: list[Slip] = []
    by_others = misread = final_right = applied = 0
    for candidacy in played.candidacies:
        ident = candidacy.interview.id
        mine: dict[str, Item] = {}
        for letter in candidacy.letters:
            item = by_key[_key(letter.message.date, letter.message.sender.email)]
            lies[item.number] = ident
            mine[letter.message.message_id] = item
        for slip, by in _changes(search, candidacy, mine):
            slips.append(slip)
            by_others += by is not None and by.interview != ident
            misread += by is None or by.interview == ident
            applied += by is not None and _is_forged(by)
        path = search.paths[ident]
        if candidacy.state.status == path[-1]:
            final_right += 1
        else:
            slips.append(
                Slip(search=search.name, what="final", number=None, expected=f"{ident} {path[-1]}", found=candidacy.state.status)
            )
    right = [item for item in search.items if item.interview and lies.get(item.number) == item.interview]
    wrong = [item for item in search.items if lies.get(item.number) != item.interview]
    slips += [
        Slip(
            search=search.name,
            what="mail",
            number=item.number,
            expected=item.interview or "-",
            found=lies.get(item.number, "-"),
            case=item.case,
        )
        for item in wrong
    ]
    return Score(
        messages=sum(item.interview is not None for item in search.items),
        assigned=len(lies),
        right=len(right),
        noise=sum(item.interview is None for item in search.items),
        noise_assigned=sum(item.interview is None for item in wrong),
        confused=sum(_same_employer(search, item.interview, lies.get(item.number)) for item in wrong),
        forged=sum(_is_forged(item) for item in search.items),
        forged_applied=applied,
        interviews=len(played.candidacies),
        final_right=final_right,
        changes_by_others=by_others,
        changes_misread=misread,
        asked=len(played.reviews),
        slips=tuple(slips),
    )


def _key(at: datetime, sender: str) -> tuple[datetime, str]:
    return at.astimezone(UTC), sender


def _is_forged(item: Item) -> bool:
    return item.case.startswith("forged")


def _same_employer(search: Search, one: str | None, other: str | None) -> bool:
    names = {each.id: company_name(each.company) for each in search.interviews}
    return one is not None and other is not None and names[one] == names[other] != ()


def _changes(search: Search, candidacy: Candidacy, mine: dict[str, Item]) -> list[tuple[Slip, Item | None]]:
    """Return the changes of status that should not be: by mail of others, or to a status that is not on the path."""
    found: list[tuple[Slip, Item | None]] = []
    before: str = "applied"
    for entry in candidacy.state.history:
        if entry.status == before:
            continue
        item = mine.get(entry.message_id or "")
        ident = candidacy.interview.id
        foreign = item is not None and item.interview != ident
        if foreign or entry.status not in search.paths[ident]:
            slip = Slip(
                search=search.name,
                what="ending" if entry.status in ENDED else "change",
                number=item.number if item else None,
                expected=f"{ident}: {' '.join(search.paths[ident])}",
                found=f"{before} to {entry.status} ({entry.rule})",
                case=item.case if item else "",
            )
            found.append((slip, item))
        before = entry.status
    return found
