"""Where configuration, rules and state lie: the XDG base directories, and what systemd hands to a service."""

import os
from pathlib import Path

from agent.accounts.problems import ConfigProblem, ConfigurationRefused

NAME = "interview-agent"


def _base(variable: str, fallback: str) -> Path:
    """Return the folder that a variable names; a relative one is ignored, as the XDG specification asks."""
    named = os.environ.get(variable, "")
    return Path(named) if named.startswith("/") else Path.home() / fallback


def config_folder() -> Path:
    """Return the configuration folder, whether it exists or not: systemd's where the unit sets ConfigurationDirectory."""
    given = os.environ.get("CONFIGURATION_DIRECTORY", "").split(":")[0]
    return Path(given) if given.startswith("/") else _base("XDG_CONFIG_HOME", ".config") / NAME


def config_files() -> tuple[Path, ...]:
    """Return where a configuration is looked for when none is named, first come first."""
    return (config_folder() / "config.toml", Path("/etc") / NAME / "config.toml")


def rules_folder() -> Path | None:
    """Return the user's own rules folder, or None when there is none."""
    folder = config_folder() / "rules"
    return folder if folder.is_dir() else None


def state_folder() -> Path:
    """Return the state folder: systemd's where the unit sets StateDirectory, else the one of the XDG specification."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given.startswith("/") else _base("XDG_STATE_HOME", ".local/state") / NAME


def make_state_folder(folder: Path) -> Path:
    """Create the state folder, readable by its owner only, where it is missing; return it.

    Raises `ConfigurationRefused` when there can be no such folder.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ConfigurationRefused(
            [
                ConfigProblem(
                    place=str(folder),
                    key="state.folder",
                    what=f"cannot be made ({error.strerror})",
                    mend="name another folder under [state], or make room for this one",
                )
            ]
        ) from None
    return folder
