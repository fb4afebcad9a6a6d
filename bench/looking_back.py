"""How well looking back finds the candidacies of the labelled searches: `python -m bench.looking_back [NAME...]`."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parseaddr

from agent.daemon.look_back import Found, look_back
from agent.drafts import User
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.matching.trust import usual_authserv_id
from agent.messages import parse_message
from agent.store import Ledger
from bench.searches import rules
from tests.searches.search import Search, searches

_DAYS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedBackScore:
    """What a look back over one search, or over several, came to."""

    there: int
    """Interviews that the mail tells of."""
    found: int
    """Those of them that were found."""
    doubled: int
    """Candidacies that are one that was found already."""
    false: int
    """Candidacies that are none of the search's."""
    unnamed: int
    """Candidacies whose company or role must be asked for."""
    status_right: int
    messages: int
    """Messages that were given to candidacies."""
    messages_right: int

    def __add__(self, other: "LookedBackScore") -> "LookedBackScore":
        """Return the sum of two scores."""
        return LookedBackScore(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


def score(search: Search) -> LookedBackScore:
    """Return how a look back at the end of a search, with nothing tracked, comes out."""
    found = look(search)
    owners = {item.key: item.interview for item in search.items}
    best: dict[str, Found] = {}
    doubled = false = messages = right = 0
    for each in found:
        keys = [(record.message.date.astimezone(UTC), record.message.sender.email) for record in each.records]
        counted = Counter(owner for key in keys if (owner := owners[key]))
        messages += len(keys)
        if not counted:
            false += 1
            continue
        owner, number = counted.most_common(1)[0]
        if owner in best:
            doubled += 1
        else:
            best[owner] = each
            right += number
    return LookedBackScore(
        there=len({item.interview for item in search.items if item.interview}),
        found=len(best),
        doubled=doubled,
        false=false,
        unnamed=sum(not each.complete for each in found),
        status_right=sum(each.status == search.paths[owner][-1] for owner, each in best.items()),
        messages=messages,
        messages_right=right,
    )


def look(search: Search) -> tuple[Found, ...]:
    """Return all that a look back over a search finds, what is over with it."""
    name, address = parseaddr(search.me)
    mail = [each for each in search.played() if each.at <= search.as_of]
    mailbox = MemoryMailbox()
    for each in mail:
        mailbox.deliver(each.role, each.raw, each.at)
    received = (parse_message(each.raw, received_at=each.at) for each in mail if each.role is not FolderRole.SENT)
    account = replace(
        rules(),
        user=User(name=name, addresses=(address,), timezone=search.zone),
        ledger=Ledger(),
        authserv_id=usual_authserv_id(received),
    )
    back = look_back(account, mailbox, search.as_of, days=_DAYS, progress=lambda _done, _of: None)
    account.ledger.close()
    return (*back.found, *back.ended)


def main(names: Sequence[str]) -> None:
    """Print a line a search, and the sum."""
    scores = [(each.name, score(each)) for each in searches() if not names or each.name in names]
    total = scores[0][1]
    for _, each in scores[1:]:
        total += each
    for name, each in (*scores, ("all", total)):
        print(
            f"{name:10} {each.found} of {each.there} found, {each.status_right} statuses right, {each.doubled} doubled, "
            f"{each.false} false, {each.unnamed} to be named; {each.messages_right} of {each.messages} messages right"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
