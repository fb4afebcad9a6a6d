"""Where an interview stands and what led there, with the keys that `status`, `why`, `interviews` and `replay` share."""

from agent.interviews.candidacy import Candidacy
from agent.interviews.status import HistoryEntry


def state_as_json(candidacy: Candidacy) -> dict[str, object]:
    """Return where a candidacy stands, with the keys of the contract and, beside them, since when."""
    interview, state = candidacy.interview, candidacy.state
    return {
        "id": interview.id,
        "company": interview.company,
        "role": interview.role,
        "status": state.status,
        "since": state.since,
        "round": state.round,
        "next_at": state.next_at,
        "promised_by": state.promised_by,
        "turn": state.turn,
    }


def entry_as_json(entry: HistoryEntry) -> dict[str, object]:
    """Return one line of the history, with the keys of the contract."""
    return {
        "at": entry.at,
        "status": entry.status,
        "message_id": entry.message_id,
        "label": entry.label,
        "rule": entry.rule,
        "quote": entry.quote,
    }
