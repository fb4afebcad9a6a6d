"""What the user arranged with them and wrote down: a day agreed for the next contact, and material promised."""

from datetime import UTC, date, datetime, timedelta

from agent.interviews.event import EventKind
from agent.interviews.notes import Agreed, NoteKey, NoteLine, agreed, note_lines
from agent.policy.correspondence import Correspondence
from agent.policy.policy import Channel
from agent.policy.verdict import DraftKind
from agent.signals.reading import Label

_OVERTAKES = frozenset(
    {
        Label.INVITATION,
        Label.SCHEDULED,
        Label.RESCHEDULED,
        Label.CANCELLED,
        Label.ASSESSMENT,
        Label.TIMELINE,
        Label.HOLD,
        Label.OFFER,
    }
)
"""Labels of messages after which an earlier arrangement holds no more."""
_FARTHEST = timedelta(days=1000)
"""An agreed day that lies farther ahead is a slip of the pen."""
_SHORTEST = 4
"""Letters of a word that tells one thing from another."""


class Arrangements:
    """The answers to a policy's questions about what was arranged."""

    def __init__(self, mail: Correspondence) -> None:
        """Look at the notes of the candidacy in `mail`."""
        self.mail = mail
        self._agreed = agreed(mail.candidacy)

    @property
    def channel(self) -> Channel:
        """How the next contact was agreed; by phone where nothing was said about it."""
        return Channel.MAIL if self._agreed is not None and self._agreed.by_mail else Channel.PHONE

    def agreed(self, moment: datetime) -> date | None:
        """Return the day agreed for the next contact, if that still stands at `moment` (E1).

        It is used up by an interview that began since it was noted, by news of theirs since, and by any message after that day. A
        note without a date was made after the last interview up to the agreed day.
        """
        noted = self._agreed
        since = self._since(noted) if noted is not None else None
        if noted is None or since is None or noted.on - self.mail.office.day(self.mail.now) > _FARTHEST:
            return None
        if any(since < held.starts_at and held.ends_at <= moment for held in self.mail.state(moment).rounds):
            return None
        for word in self.mail.words:
            if self.mail.office.day(word.at) > noted.on or (word.at > since and word.label in _OVERTAKES):
                return None
        promised_at = self.mail.promised_at(self.mail.candidacy.state.promised_in)
        if promised_at is not None and promised_at > since:
            return None
        return noted.on

    def material(self) -> tuple[datetime, str] | None:
        """Return since when something that the user promised is still to be sent, and what; None where nothing is (D5)."""
        lines = [line for line in note_lines(self.mail.candidacy) if line.key is NoteKey.MATERIAL]
        dated = {line.text for line in lines if line.at is not None}
        waiting = [
            (since, line.text)
            for line in lines
            if (line.at is not None or line.text not in dated)
            and (since := self._promised(line)) is not None
            and not self._dealt_with(line, since)
        ]
        return max(waiting, default=None)

    def _since(self, noted: Agreed) -> datetime | None:
        if noted.at is not None:
            return noted.at
        office = self.mail.office
        ends = [held.ends_at for held in self.mail.rounds() if office.day(held.ends_at) <= noted.on]
        return max(ends, default=datetime.min.replace(tzinfo=UTC))

    def _promised(self, line: NoteLine) -> datetime | None:
        """Return when it was promised: when it was noted, and for a note without a date at the end of the last interview."""
        if line.at is not None:
            return line.at if line.at <= self.mail.now else None
        return max((held.ends_at for held in self.mail.rounds() if held.ends_at <= self.mail.now), default=None)

    def _dealt_with(self, line: NoteLine, since: datetime) -> bool:
        drafted = any(
            event.kind is EventKind.DRAFTED
            and event.draft_kind == DraftKind.SEND_MATERIAL
            and (line.at is None or event.at >= line.at)
            for event in self.mail.candidacy.events
        )
        words = {word for word in line.text.casefold().split() if len(word) >= _SHORTEST}
        return drafted or any(
            letter.own and letter.message.date > since and words and words <= {*letter.message.fresh.casefold().split()}
            for letter in self.mail.letters
        )
