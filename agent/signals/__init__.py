"""Pure: what one message says, each statement with the words that say it.

`read_message` is for received mail, `read_own_message` for the user's own.
"""

from agent.signals.reading import OWN_LABELS, Label, Reading, Signal

__all__ = ["OWN_LABELS", "Label", "Reading", "Signal"]
