"""What the words of job titles mean, as the rules say it: data for telling one role from another."""

from dataclasses import dataclass

Named = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of a name and the words that belong to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TitleWords:
    """The words of titles in all languages, as written in `titles.yaml`; a word may belong to several."""

    fields: Named = ()
    """What the work is about → its words."""
    crafts: Named = ()
    """What one is in it → its words."""
    may_be: Named = ()
    """Field → the fields that it may be in other words."""
    ranks: tuple[str, ...] = ()
    """How high somebody is: it makes a text a title, and tells no role from another."""
    plain: tuple[str, ...] = ()
    """Words that tell nothing."""
