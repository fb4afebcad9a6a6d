"""What each command is for, in a few sentences with examples: the text of `COMMAND --help` and of the manual page."""

from dataclasses import dataclass

PROG = "interview-agent"


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What is told of one command besides its line in `--help`."""

    text: str
    examples: tuple[tuple[str, str], ...] = ()
    """A command line, mostly without the program's name, and what it does."""

    def commands(self) -> list[tuple[str, str]]:
        """Return each example as it is typed, and what it does."""
        return [(words if PROG in words else f"{PROG} {words}", what) for words, what in self.examples]

    def epilog(self, otherwise: str) -> str:
        """Return what stands below the options: the examples, then what is true of all commands."""
        lines = "".join(f"  {command}\n      {what}\n" for command, what in self.commands())
        return f"examples:\n{lines}\n{otherwise}" if lines else otherwise


ABOUT: dict[str, About] = {
    "demo": About(
        text="Starts a small mail server on this machine with an invented job search in it, makes one pass of the real agent "
        "over it and shows the board, the drafts and what is held back. Nothing of yours is read or changed.",
        examples=(("demo --keep", "leave the server running, to look at its Drafts with a mail client"),),
    ),
    "init": About(
        text="Asks for the address of your mailbox, knows or finds its servers, signs in, tries to read and to put drafts, and "
        "writes the configuration. Called again it asks only what you want changed. Every question can be answered by an "
        "option.",
        examples=(("init", "ask everything"), ("init --yes --address me@mail.example", "ask as little as possible")),
    ),
    "sign-in": About(
        text="Signs the mailbox in where the provider gives tokens instead of taking passwords. It shows an address and a "
        "code, or opens the browser, and keeps the tokens where only you can read them.",
        examples=(("sign-in", "sign in, or again before the sign-in ends"), ("sign-in --status", "until when it is good")),
    ),
    "check": About(
        text="Tries everything that a pass needs, changing nothing, and prints a line a finding, each with its remedy. The "
        "exit status says whether a pass would work, so that a monitor can ask.",
        examples=(("check", "what works and what does not"),),
    ),
    "once": About(
        text="Reads the mail that is new, keeps what it says, and puts what is due into Drafts: one pass, as the service makes "
        "every few minutes. It sends nothing and changes no message of yours.",
        examples=(("once", "make a pass and tell what it did"), ("once --json", "the same for a program")),
    ),
    "run": About(
        text="Stays and makes a pass whenever mail comes, and every few minutes in any case, until it is told to stop. It is "
        "what the system service starts; edited rules are taken up by themselves.",
    ),
    "status": About(
        text="Shows where every interview stands: what needs you first, then what waits for them, what has ended last. Below "
        "it stands what waits for an answer of yours, what lies in Drafts, what is held back, and what does not work.",
        examples=(
            ("status", "the board"),
            ("status --all", "with the ended ones one by one"),
            ("status --json", "the board for a program"),
        ),
    ),
    "why": About(
        text="Tells how one interview came to stand where it stands, mail by mail with the words that were read, and what is "
        "drafted, due, held, planned and to be expected after that, each with the rule and the advice behind it.",
        examples=(("why acme-backend", "everything about this one"), ("why acme-backend --json", "the same for a program")),
    ),
    "review": About(
        text="Lists what the agent would not decide alone, each with the mail, the words that it read and what saying yes "
        "does. An answered question never comes back. With --ask the questions are put one after the other.",
        examples=(
            ("review", "the open questions"),
            ("review --ask", "answer them one after the other"),
            ("review accept 3", "yes to question 3"),
            ("review accept 3 --interview acme-backend", "yes, and it belongs to this interview"),
            ("review dismiss 3", "no, and do not ask again"),
        ),
    ),
    "undo": About(
        text="Takes one entry of an interview's history back: the status is told anew as if it had never happened, and drafts "
        "that rested on it follow with the next pass. The mail itself stays where it is.",
        examples=(
            ("undo 112", "take back entry 112, as `why` shows it"),
            ("undo 112 --to acme-data", "it belongs to another one"),
        ),
    ),
    "look-back": About(
        text="Reads the mail of the last weeks, or mail from files, and lists the candidacies in it that nobody tracks yet. "
        "You choose which of them to track; nothing is drafted about what is long over.",
        examples=(("look-back --days 60", "the last two months of the mailbox"), ("look-back takeout.mbox", "mail from a file")),
    ),
    "interviews": About(
        text="Keeps the list of what is tracked: a role at an employer with its people, rounds and your notes. The agent "
        "matches mail to these entries, and adds to them what it learns.",
        examples=(
            ("interviews add acme-backend --company 'Acme Robotics' --role 'Backend Engineer'", "track one"),
            ("interviews note acme-backend 'topic: how on-call is shared'", "note what the next draft can use"),
            ("interviews edit acme-backend --status withdrawn", "set the status by hand"),
            ("interviews import tracker.csv", "take a spreadsheet over"),
        ),
    ),
    "report": About(
        text="Writes the whole job search as one page that needs no network: how the candidacies went on, how long answers "
        "take, what comes next. Or as a table, or as a calendar of interviews and due follow-ups.",
        examples=(("report", "the page"), ("report --ics calendar.ics", "the calendar")),
    ),
    "classify": About(
        text="Reads messages from files and prints what each of them says, with the words that say it. It needs no mailbox and "
        "no configuration, and keeps nothing.",
        examples=(("classify letter.eml", "one message"), ("classify --json folder.mbox", "a line of JSON for each of many")),
    ),
    "replay": About(
        text="Plays messages back in the order of their dates on a clock of its own, through the same code as the service, and "
        "prints how everything stood in the end. It touches no mailbox and no state.",
        examples=(
            (
                "replay mail.mbox --interviews interviews.yaml --me me@mail.example --as-of 2026-03-20T12:00+01:00",
                "how it stood that day",
            ),
        ),
    ),
    "backup": About(
        text="Writes all that the agent knows into one file, while the service may be running. The file holds no password and "
        "no token, but mail: keep it where your mail may lie.",
        examples=(("backup job-search.jsonl", "keep everything in this file"),),
    ),
    "restore": About(
        text="Puts a backup in the place of what the agent knows, on this machine or another one, and of any older version. "
        "What was there before is kept beside it.",
        examples=(
            ("restore job-search.jsonl", "where nothing is known yet"),
            ("restore job-search.jsonl --replace", "in its place"),
        ),
    ),
    "rules": About(
        text="Helps with the rules, which are text files that you may edit: copies a shipped one to you, tells every mistake "
        "with its line, runs the examples beside the rules, and shows what an edit would change in what was read already.",
        examples=(
            ("rules new policies/default.yaml", "a copy of your own, to edit"),
            ("rules check", "tell every mistake"),
            ("rules diff", "what would change"),
        ),
    ),
    "completion": About(
        text="Prints what lets the TAB key of your shell complete commands, options, the ids of your interviews, numbers of "
        "open questions, and names of policies and accounts. A line on stderr says into which file it goes.",
        examples=(('eval "$(interview-agent completion bash)"', "in bash, and in its start file for every new one"),),
    ),
}
"""Command → what is told of it."""

EVERYWHERE = (
    "Every command also takes --config FILE (another configuration), --account NAME (one account of several) and --debug "
    "(where an error came from)."
)

EXIT_STATUS = (
    ("0", "Done."),
    ("1", "The work failed: the mailbox could not be reached, a disk is full, a check found what stops a pass."),
    ("2", "Wrong usage or configuration: one line says what is wrong, where, and how to mend it."),
)
"""Exit status → what it means."""

FILES = (
    ("~/.config/interview-agent/config.toml", "The configuration; /etc/interview-agent/config.toml where there is none."),
    ("~/.config/interview-agent/rules/", "Your own rules, laid over the shipped ones file by file."),
    ("~/.local/state/interview-agent/ledger.sqlite3", "All that the agent knows, readable by you alone."),
)
"""Path → what lies there."""

ENVIRONMENT = (
    ("XDG_CONFIG_HOME, XDG_STATE_HOME", "Other places for the folders above."),
    ("INTERVIEW_AGENT__TABLE__KEY", "A setting that goes before the one in the file, such as INTERVIEW_AGENT__ACCOUNT__HOST."),
    ("CREDENTIALS_DIRECTORY", "Where systemd lays out passwords and tokens."),
    ("NO_COLOR", "Set to anything: no colours on the terminal."),
    ("COLUMNS", "How wide the terminal is, where it does not say."),
)
"""Variable → what it does."""
