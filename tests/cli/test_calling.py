"""Calling the program: help, versions, wrong words, and ends that come from outside."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent import __version__
from agent.cli.main import COMMANDS
from tests.cli.shell import Shell, refused

PROGRAM = (sys.executable, "-m", "agent")


def process(*words: str, stdout: int = subprocess.PIPE, encoding: str = "utf-8") -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    environment.pop("PYTHONUNBUFFERED", None)
    return subprocess.Popen([*PROGRAM, *words], stdout=stdout, stderr=subprocess.PIPE, env=environment)


def test_help_names_all_commands_and_imports_none_of_them() -> None:
    code = (
        "import sys\nfrom agent.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "slow = {'pydantic', 'yaml', 'imapclient', 'jinja2', 're2', 'sqlite3', 'icalendar'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert [name for name in COMMANDS if f"\n    {name}" not in done.stdout] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(shell: Shell, name: str) -> None:
    done = shell.run(name, "--help", config=False)

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"usage: interview-agent {name}")
    assert "--config FILE" in " ".join(done.out.split())


def test_the_version(shell: Shell) -> None:
    assert shell.run("--version", config=False).out == f"interview-agent {__version__}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("stat",), "invalid choice: 'stat'"),
        (("status", "--yaml"), "unrecognized arguments: --yaml"),
        (("status", "acme"), "unrecognized arguments: acme"),
        (("interviews", "list", "--js"), "unrecognized arguments: --js"),
    ],
)
def test_wrong_words_are_told_with_the_usage(shell: Shell, words: tuple[str, ...], told: str) -> None:
    done = shell.run(*words, config=False)

    refused(done, "usage: interview-agent", told)
    assert done.out == ""


@pytest.mark.parametrize(
    "words", [("--config", "{}", "status"), ("status", "--config", "{}"), ("interviews", "--config={}", "list")]
)
def test_the_configuration_may_be_named_anywhere(shell: Shell, words: tuple[str, ...]) -> None:
    file = str(shell.folder / "config.toml")

    assert shell.run(*(word.format(file) for word in words), config=False).status == 0


def test_options_without_their_value_are_told(shell: Shell) -> None:
    refused(shell.run("status", "--config", config=False), "--config: expected one argument")


def test_only_debug_shows_where_an_error_came_from(shell: Shell) -> None:
    plain, debugged = shell.run("why", "acme"), shell.run("why", "acme", "--debug")

    assert (plain.status, debugged.status) == (2, 2)
    assert len(plain.err.splitlines()) == 1
    assert debugged.err.startswith("Traceback")
    assert debugged.err.splitlines()[-1] == plain.err.splitlines()[0]


def test_a_reader_that_leaves_ends_it_without_a_word(shell: Shell) -> None:
    read, write = os.pipe()
    os.close(read)
    with process("--config", str(shell.folder / "config.toml"), "status", "--json", stdout=write) as running:
        os.close(write)
        _, err = running.communicate(timeout=60)

    assert (running.returncode, err) == (1, b"")


def test_an_output_that_cannot_be_written_is_told(shell: Shell) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    with process("--config", str(shell.folder / "config.toml"), "status", stdout=full) as running:
        os.close(full)
        _, err = running.communicate(timeout=60)

    assert running.returncode == 1
    assert err == b"interview-agent: the system: No space left on device\n"


def test_ctrl_c_ends_it_with_one_word(shell: Shell) -> None:
    fifo = shell.folder / "mail.eml"
    os.mkfifo(fifo)
    # Opening the other end waits until the program reads: from then on it waits for mail that does not come.
    with process("classify", str(fifo)) as running, fifo.open("wb"):
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)

    assert (running.returncode, out, err) == (1, b"", b"interview-agent: interrupted\n")


def test_a_terminal_that_lacks_a_character_gets_another(shell: Shell) -> None:
    mail = Path(shell.folder / "mail.jsonl")
    mail.write_text(
        '{"id": "a", "subject": "Zoë", "body": "Unfortunately we have decided not to move forward."}', encoding="utf-8"
    )
    with process("classify", str(mail), encoding="ascii") as running:
        out, err = running.communicate(timeout=60)

    assert (running.returncode, err) == (0, b"")
    assert out.startswith(b"rejection: Zo?\n")
