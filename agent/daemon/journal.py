"""The log vocabulary: one function an event, so that the same thing always has the same name and the same keys.

A line is `event key=value ...`, on stderr; under systemd with the priority before it (sd-daemon(3)). Lines hold ids, counts and
names of rules, never a subject, a body, a quote or a secret. Where a function takes a `problem`, that is the text of one of the
project's own errors, which hold none of these either.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from datetime import date
from typing import TextIO

log = logging.getLogger("agent.journal")

ACCOUNT = "account "
"""How the name of a thread begins that serves an account with a name: its lines end with `account=NAME`."""

Value = str | int | date
LONGEST = 300
"""Characters of one value that are shown."""

_PRIORITY = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7))


def begin(*, debug: bool = False, stream: TextIO | None = None) -> None:
    """Send the log to stderr (or `stream`); with `debug` also what only a developer wants to know."""
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(LineFormatter(journald="JOURNAL_STREAM" in os.environ, debug=debug))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("agent").setLevel(logging.DEBUG if debug else logging.INFO)


class LineFormatter(logging.Formatter):
    """Renders each record as one line, whatever it holds; in debugging a traceback may follow, with the priority on each line."""

    def __init__(self, *, journald: bool, debug: bool) -> None:
        super().__init__()
        self._journald = journald
        self._debug = debug
        """Whether the texts of libraries and tracebacks are shown: they may hold parts of a mail."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line or lines of a record, without the last line end."""
        ours = record.name == "agent" or record.name.startswith("agent.")
        if record.name == log.name:
            text = record.getMessage()
        elif ours or self._debug:
            text = _render("message", {"logger": record.name, "text": record.getMessage()})
        else:
            text = _render("library", {"logger": record.name, "level": record.levelname.lower()})
        lines = [text]
        if record.exc_info and self._debug:
            lines += self.formatException(record.exc_info).splitlines()
        if record.threadName and record.threadName.startswith(ACCOUNT):
            lines[0] += f" account={record.threadName.removeprefix(ACCOUNT)}"
        if not self._journald:
            return "\n".join(lines)
        priority = next((number for level, number in _PRIORITY if record.levelno >= level), 7)
        return "\n".join(f"<{priority}>{line}" for line in lines)


def started(*, version: str, state: str) -> None:
    """Tell that the service runs, and on which state folder."""
    _tell("started", version=version, state=state)


def stopping(*, reason: str) -> None:
    """Tell that the service ends, and why: the name of a signal, for one."""
    _tell("stopping", reason=reason)


def pass_began() -> None:
    """Tell that a pass over the mailbox begins."""
    _tell("pass_began")


def pass_ended(*, read: int, assigned: int, queued: int, held: int) -> None:
    """Tell that a pass is over, and what came of it."""
    _tell("pass_ended", read=read, assigned=assigned, queued=queued, held=held)


def pass_failed(*, problem: str, failures: int, again_seconds: float) -> None:
    """Tell that a pass failed, how many have in a row, and in how many seconds the next one is tried."""
    _tell("pass_failed", logging.ERROR, problem=problem, failures=failures, again_seconds=round(again_seconds))


def pass_put_off(*, problem: str, failures: int, again_seconds: float) -> None:
    """Tell that the service, begun anew, waits out what is left of the wait after a pass that failed before."""
    _tell("pass_put_off", logging.WARNING, problem=problem, failures=failures, again_seconds=round(again_seconds))


def clock_jumped(*, seconds: int) -> None:
    """Tell that the wall clock went on by so much more than time did (less than nothing: it went back), or the machine slept."""
    _tell("clock_jumped", logging.WARNING, seconds=seconds)


def account_ended(*, problem: str, failures: int, again_seconds: float) -> None:
    """Tell that one of several accounts cannot be served, how often that happened, and in how many seconds it is tried again."""
    _tell("account_ended", logging.ERROR, problem=problem, failures=failures, again_seconds=round(again_seconds))


def message_read(*, message_id: str, folder: str, uid: int, label: str) -> None:
    """Tell that a message was read, and as what."""
    _tell("message_read", message_id=message_id, folder=folder, uid=uid, label=label)


def message_assigned(*, interview: str, message_id: str, label: str) -> None:
    """Tell to which interview a message belongs."""
    _tell("message_assigned", interview=interview, message_id=message_id, label=label)


def message_set_aside(*, folder: str, uid: int, problem: str) -> None:
    """Tell that a message could not be read; `problem` is the name of the error's class, for its text may quote the mail."""
    _tell("message_set_aside", logging.WARNING, folder=folder, uid=uid, problem=problem)


def heading_not_judged(*, problem: str) -> None:
    """Tell that nobody foresaw such a heading, and the text is read for it; `problem` is the name of the error's class."""
    _tell("heading_not_judged", logging.WARNING, problem=problem)


def status_changed(*, interview: str, before: str, after: str) -> None:
    """Tell that an interview's status moved; `why` shows the words that moved it."""
    _tell("status_changed", interview=interview, before=before, after=after)


def review_asked(*, number: int, kind: str, message_id: str) -> None:
    """Tell that a question waits for the user; `message_id` is empty where it is about no message."""
    _tell("review_asked", number=number, kind=kind, message_id=message_id)


def draft_intended(*, interview: str, kind: str, occasion: str, message_id: str) -> None:
    """Tell that a draft was decided and committed, before it is put anywhere."""
    _tell("draft_intended", interview=interview, kind=kind, occasion=occasion, message_id=message_id)


def draft_queued(*, interview: str, kind: str, occasion: str, message_id: str) -> None:
    """Tell that a draft was put into the Drafts folder."""
    _tell("draft_queued", interview=interview, kind=kind, occasion=occasion, message_id=message_id)


def draft_adopted(*, interview: str, kind: str, occasion: str, message_id: str) -> None:
    """Tell that an intended draft was found in the Drafts folder already, put there before a crash."""
    _tell("draft_adopted", interview=interview, kind=kind, occasion=occasion, message_id=message_id)


def draft_stopped(*, interview: str, kind: str, occasion: str, reason: str) -> None:
    """Tell that the last look stopped a draft (promise 4); `reason` is the project's own sentence."""
    _tell("draft_stopped", interview=interview, kind=kind, occasion=occasion, reason=reason)


def draft_withdrawn(*, interview: str, kind: str, occasion: str, reason: str) -> None:
    """Tell that the agent took its own untouched draft back; `reason` is the project's own sentence."""
    _tell("draft_withdrawn", interview=interview, kind=kind, occasion=occasion, reason=reason)


def draft_edited(*, interview: str, kind: str, occasion: str) -> None:
    """Tell that the user saved a draft with other words: it is the user's from now on."""
    _tell("draft_edited", interview=interview, kind=kind, occasion=occasion)


def draft_missing(*, interview: str, kind: str, occasion: str) -> None:
    """Tell that a draft is no longer in Drafts, which may mean anything yet."""
    _tell("draft_missing", interview=interview, kind=kind, occasion=occasion)


def draft_deleted(*, interview: str, kind: str, occasion: str) -> None:
    """Tell that the user deleted a draft: it is not made again."""
    _tell("draft_deleted", interview=interview, kind=kind, occasion=occasion)


def draft_sent(*, interview: str, kind: str, occasion: str) -> None:
    """Tell that a draft is gone and the user wrote in its place."""
    _tell("draft_sent", interview=interview, kind=kind, occasion=occasion)


def draft_overtaken(*, interview: str, kind: str, occasion: str, reason: str) -> None:
    """Tell that news came to a draft that the user edited: it stays; `reason` is the project's own sentence."""
    _tell("draft_overtaken", interview=interview, kind=kind, occasion=occasion, reason=reason)


def draft_rewritten(*, interview: str, kind: str, occasion: str, message_id: str) -> None:
    """Tell that an untouched draft was written anew, with what the user noted since, in place of the old one."""
    _tell("draft_rewritten", interview=interview, kind=kind, occasion=occasion, message_id=message_id)


def debriefed(*, interview: str, occasion: str) -> None:
    """Tell that the user answered a debrief."""
    _tell("debriefed", interview=interview, occasion=occasion)


def held(*, interview: str, kind: str, occasion: str, rule: str) -> None:
    """Tell that a rule forbids a follow-up that is due."""
    _tell("held", interview=interview, kind=kind, occasion=occasion, rule=rule)


def digest_sent(*, day: date, message_id: str) -> None:
    """Tell that the digest of a day went out."""
    _tell("digest_sent", day=day, message_id=message_id)


def digest_answered(*, message_id: str, done: int, unclear: int) -> None:
    """Tell that a mail of the user's answered a digest, how much of it was carried out, and how much was not understood."""
    _tell("digest_answered", message_id=message_id, done=done, unclear=unclear)


def digest_failed(*, day: date, problem: str) -> None:
    """Tell that the digest of a day could not be sent."""
    _tell("digest_failed", logging.WARNING, day=day, problem=problem)


def rules_taken_up(*, what: str) -> None:
    """Tell that edited rules are in force from the next pass on, and which files are new, changed or gone."""
    _tell("rules_taken_up", what=what)


def rules_not_taken_up(*, problem: str) -> None:
    """Tell what is wrong with edited rules, with its place and how to mend it; those from before stay in force."""
    _tell("rules_not_taken_up", logging.WARNING, problem=problem)


def configuration_taken_up(*, tables: str) -> None:
    """Tell which tables of the configuration a reload has put in force."""
    _tell("configuration_taken_up", tables=tables)


def configuration_not_taken_up(*, problem: str) -> None:
    """Tell why the configuration could not be read at a reload; the one from before stays in force."""
    _tell("configuration_not_taken_up", logging.WARNING, problem=problem)


def restart_needed(*, tables: str) -> None:
    """Tell which tables of the configuration have changed and are read only when the service starts."""
    _tell("restart_needed", logging.WARNING, tables=tables)


def _tell(event: str, level: int = logging.INFO, **fields: Value) -> None:
    log.log(level, "%s", _render(event, fields))


def _render(event: str, fields: Mapping[str, Value]) -> str:
    """Return `event key=value ...` on one line; what is empty is left out."""
    return " ".join([event, *(f"{key}={_shown(value)}" for key, value in fields.items() if value != "")])


def _shown(value: Value) -> str:
    """Return a value bare where it is one plain word, else as a JSON string, in which no line can end."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    text = text if len(text) <= LONGEST else text[:LONGEST] + "..."
    return text if re.fullmatch(r"[!#-<>-~]+", text) else json.dumps(text)
