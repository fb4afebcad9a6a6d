"""What an employer has had from the user so far, over all its candidacies: what the limits of a policy count."""

from collections.abc import Iterable, Iterator

from agent.interviews import EventKind, Interview
from agent.interviews.candidacy import Candidacy
from agent.matching.names import company_name
from agent.plan.intention import WAITING, DraftRecord
from agent.policy import ANSWERS, Contacted, DraftKind
from agent.signals import Label

_CALLS_FOR_AN_ANSWER = frozenset(
    {
        Label.INVITATION,
        Label.SCHEDULED,
        Label.RESCHEDULED,
        Label.CANCELLED,
        Label.ASSESSMENT,
        Label.INFO_REQUEST,
        Label.HOLD,
        Label.TIMELINE,
        Label.REJECTION,
        Label.ROLE_CLOSED,
        Label.OFFER,
        Label.OTHER,
    }
)
"""Labels of messages to which a mail of the user's is an answer; to a receipt or a newsletter it is none."""

_ANSWERS_TO_INVITATIONS = frozenset({"REPLY", "COUNTER"})
"""Methods of what a calendar sends when the user accepts or declines a time (RFC 5546 sections 3.2.3 and 3.2.7)."""

_PURPOSE = {Label.SENT_THANK_YOU: DraftKind.THANK_YOU, Label.SENT_FOLLOW_UP: DraftKind.STATUS_CHECK}
"""What a mail that the user wrote without the agent counts as."""


def employer_key(interview: Interview) -> tuple[str, ...]:
    """Return what two interviews at one employer have in common; an employer whose name is not known is one of its own."""
    return company_name(interview.company) or (interview.id,)


def contacted(candidacies: Iterable[Candidacy], drafts: Iterable[DraftRecord]) -> tuple[Contacted, ...]:
    """Return what the user sent to one employer, or has lying ready in Drafts, oldest first.

    `candidacies` are all those at this employer, `drafts` the agent's for them, in any state.
    """
    entries = [entry for candidacy in candidacies for entry in _sent(candidacy)]
    entries += [
        Contacted(at=draft.queued_at or draft.decided_at, interview=draft.interview, kind=draft.kind, answer=draft.answer)
        for draft in drafts
        if draft.state in WAITING
    ]
    return tuple(sorted(entries, key=lambda each: each.at))


def _sent(candidacy: Candidacy) -> Iterator[Contacted]:
    drafted = {event.message_id: event.draft_kind for event in candidacy.events if event.kind is EventKind.DRAFT_SENT}
    theirs = {letter.message.message_id: letter.reading for letter in candidacy.letters if not letter.own}
    for letter in candidacy.letters:
        if not letter.own:
            continue
        kind = drafted.get(letter.message.message_id)
        parent = next((theirs[each] for each in letter.message.parent_ids if each in theirs), None)
        asks = letter.reading.label in (Label.SENT_FOLLOW_UP, Label.SENT_THANK_YOU)
        answer = parent is not None and parent.label in _CALLS_FOR_AN_ANSWER and not asks
        if kind:
            answer = DraftKind(kind) in ANSWERS
        elif any(event.method in _ANSWERS_TO_INVITATIONS for event in letter.message.calendar):
            answer = True
        yield Contacted(
            at=letter.message.date,
            interview=candidacy.interview.id,
            kind=DraftKind(kind) if kind else _PURPOSE.get(letter.reading.label),
            answer=answer,
        )
