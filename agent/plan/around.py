"""What a draft needs to know beside its own candidacy, put together from all that is tracked."""

from collections.abc import Iterable, Sequence

from agent.drafts.surroundings import Engagement, Neighbour, Surroundings
from agent.interviews import Interview
from agent.interviews.candidacy import Candidacy
from agent.matching.names import company_name
from agent.plan.desk import Desk
from agent.policy.office_hours import Office


def surroundings(candidacy: Candidacy, others: Sequence[Candidacy], desk: Desk) -> Surroundings:
    """Return the appointments of the `others`, what they are called, and the office hours of this employer.

    Another candidacy at the same employer is no other employer, and has appointments all the same.
    """
    interview = candidacy.interview
    policy = desk.policies.of(interview)
    own = _keys(interview)
    elsewhere = [each for each in others if each.interview.id != interview.id]
    return Surroundings(
        engagements=tuple(
            Engagement(interview=each.interview.id, starts_at=held.starts_at, ends_at=held.ends_at)
            for each in elsewhere
            for held in each.state.rounds
        ),
        neighbours=tuple(_neighbour(each) for each in elsewhere if own.isdisjoint(_keys(each.interview))),
        office=Office(
            zone=interview.zone(desk.user.timezone),
            country=interview.office_country(desk.user.country),
            region=interview.region,
            holidays=desk.holidays,
            closed=policy.closed.union(interview.closed),
            opens=policy.opens,
            closes=policy.closes,
            early=policy.early,
        ),
        phrasebook=desk.phrasebook,
    )


def _neighbour(candidacy: Candidacy) -> Neighbour:
    interview = candidacy.interview
    return Neighbour(
        interview=interview.id,
        employers=tuple(dict.fromkeys(_clean((interview.company, *interview.aliases)))),
        people=tuple(name for name in _clean(contact.name for contact in interview.contacts) if " " in name),
        addresses=frozenset(contact.email.lower() for contact in interview.contacts),
    )


def _keys(interview: Interview) -> set[tuple[str, ...]]:
    """Return by what an employer is known; what says that it is not known is nothing in common."""
    return {key for name in (interview.company, *interview.aliases) if (key := company_name(name))}


def _clean(names: Iterable[str]) -> list[str]:
    return [" ".join(name.split()) for name in names if any(char.isalnum() for char in name)]
