"""How an error ends a command: one clear line on stderr and the exit status of the contract, never a traceback."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(kw_only=True, slots=True)
class End:
    """How the command ended."""

    status: int = 0


class UsageProblem(Exception):
    """The command was called wrongly; its text says how to call it. Exit status 2."""


class WorkFailed(Exception):
    """The command was understood and could not be done; its text says why and how to mend it. Exit status 1."""


@contextmanager
def explained_end(*, debug: bool) -> Iterator[End]:
    """Turn every exception into a line and an exit status; with `debug` the traceback is shown as well."""
    end = End()
    try:
        try:
            yield end
        finally:
            sys.stdout.flush()  # here and not at exit, so that an output that nobody can take is told like any other problem
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): there is nobody to say more to.
        _write_nowhere()
        end.status = 1
    except KeyboardInterrupt:
        _say("interrupted")
        end.status = 1
    except Exception as error:  # noqa: BLE001 (the outermost place: the user gets a line, `--debug` the traceback)
        if debug:
            traceback.print_exc()
        line, end.status = _line_and_status(error)
        _say(line)
        if isinstance(error, OSError):
            _write_nowhere()


def _write_nowhere() -> None:
    """Send what is still to be written to nobody: Python would try it again at exit, and end with a status of its own."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _line_and_status(error: Exception) -> tuple[str, int]:
    from agent.accounts.problems import ConfigurationRefused, SecretRefused
    from agent.daemon.lock import AlreadyRunning
    from agent.mailbox.interface import MailboxProblem
    from agent.rulebook.problems import RulesRefused
    from agent.store.sqlite import StoreProblem

    match error:
        case ConfigurationRefused() | SecretRefused() | RulesRefused() | UsageProblem():
            return str(error), 2
        case MailboxProblem():
            return str(error), 2 if error.permanent else 1
        case StoreProblem() | AlreadyRunning() | WorkFailed():
            return str(error), 1
        case OSError():
            return f"{error.filename or 'the system'}: {error.strerror or error}", 1
        case _:
            return (
                f"a mistake in interview-agent itself ({type(error).__name__}); run again with --debug and report what it shows",
                1,
            )


def _say(text: str) -> None:
    for line in text.splitlines():
        print(f"interview-agent: {line}", file=sys.stderr)
