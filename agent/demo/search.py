"""The demo's job search, read from the files in `mail/` and told from now: its messages and its tracked interviews."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import yaml

from agent.demo.letter import MailSpec, OwnAddress, compose, message_id
from agent.demo.moments import fill, moment
from agent.mailbox.interface import FolderRole

CANDIDATE = OwnAddress(
    name="Robin Hale", email="robin.hale@mailbox.example", phone="+44 113 496 0123", provider="mx.mailbox.example"
)
"""Whose mailbox the demo's is; `provider` is the authserv-id under which its provider vouches for senders."""

READ_AFTER_HOURS = 40
"""Received mail older than this has been read by the candidate, unless its file says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoMessage:
    """One message of the demo's mailbox."""

    key: str
    """Its name in the demo's files."""
    folder: FolderRole
    received_at: datetime
    """Aware; for sent mail when it was sent."""
    seen: bool
    message_id: str
    """With angle brackets."""
    raw: bytes


def demo_messages(now: datetime) -> list[DemoMessage]:
    """Return the demo's mail as it would lie in the mailbox at `now` (aware), oldest first."""
    specs = [MailSpec.model_validate(entry) for chapter in _chapters() for entry in chapter.get("messages", ())]
    by_key = {spec.id: spec for spec in specs}
    messages = []
    for spec in specs:
        at = spec.moment(now)
        messages.append(
            DemoMessage(
                key=spec.id,
                folder=spec.folder,
                received_at=at,
                seen=spec.is_seen(hours_ago=(now - at).total_seconds() / 3600, read_after=READ_AFTER_HOURS),
                message_id=message_id(spec, CANDIDATE),
                raw=compose(spec, by_key, CANDIDATE, now),
            )
        )
    return sorted(messages, key=lambda message: message.received_at)


def demo_interviews(now: datetime) -> str:
    """Return the demo's tracked interviews as the YAML of an interviews file, with the dates they have at `now` (aware)."""
    entries = [_dated(entry, now) for chapter in _chapters() for entry in chapter.get("interviews", ())]
    return str(yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=120))


def _chapters() -> list[dict[str, Any]]:
    """Return what the files in `mail/` hold, by name of file."""
    found = sorted((entry for entry in files("agent.demo").joinpath("mail").iterdir()), key=lambda entry: entry.name)
    return [yaml.safe_load(entry.read_text(encoding="utf-8")) for entry in found if entry.name.endswith(".yaml")]


def _dated(entry: dict[str, Any], now: datetime) -> dict[str, Any]:
    dated = dict(entry)
    dated["applied_on"] = moment(entry["applied_on"], now).date()
    if "rounds" in entry:
        dated["rounds"] = [{**held, "at": moment(held["at"], now).isoformat(timespec="minutes")} for held in entry["rounds"]]
    if "notes" in entry:
        dated["notes"] = fill(entry["notes"], now)
    return dated
