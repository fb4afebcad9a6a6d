"""The shipped wordings with every choice of facts that may be known or not."""

import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from agent.drafts.markup import compiled, render
from agent.drafts.sentences import paragraphs
from agent.drafts.templates import Template, Variant
from agent.drafts.times import written
from tests.drafts.scene import NOW, USER, templates

LANGUAGES = templates().languages
CODES = sorted(LANGUAGES)
ALWAYS = {"user_name": "Robin Lee", "user_address": "robin@home.example"}
OPTIONAL = {
    "agency": "Harbor Recruiting",
    "agreed_date": "2026-03-17",
    "answer_by": "2026-03-21",
    "asked_for": "two references",
    "attempt": "second",
    "booking_link": "yes",
    "by_phone": "yes",
    "clashing_times": "2026-03-18 15:00",
    "closes": "17:00",
    "company": "Acme Robotics",
    "contact_name": "Dana Cole",
    "contact_phone": "+49 30 7654321",
    "decline_reason": "a much longer commute",
    "free_times": "2026-03-19 10:00",
    "got_offer": "yes",
    "greeting_name": "Dana",
    "interview_date": "2026-03-10",
    "interviewer": "Sam Okafor and Li Wei",
    "last_written": "2026-03-06",
    "material": "my portfolio",
    "met": "yes",
    "next_date": "2026-03-12",
    "next_time": "14:00",
    "opens": "9:00",
    "overdue_date": "2026-03-09",
    "promised_date": "2026-03-20",
    "proposed_times": "yes",
    "questions": "how the team is organised; when the contract would begin",
    "rejected": "yes",
    "role": "Backend Engineer",
    "role_gone": "yes",
    "round": "second",
    "second_topic": "how on-call is shared",
    "strengths": "ten years of running payment systems at three growing companies",
    "took_it": "yes",
    "topic": "moving the ledger to events without a day of downtime",
    "unanswered": "yes",
    "unsaid": "I have also led a team of five",
    "user_phone": "+49 30 1234567",
}
"""A day stands here as ISO 8601, and is written out in each language."""


@cache
def known(code: str) -> dict[str, str]:
    """Return all facts that may be known or not, with days and ordinals in the words of the language."""
    forms = LANGUAGES[code].forms

    def told(value: str) -> str:
        if not re.match(r"\d{4}-", value):
            return value
        at = datetime.fromisoformat(value)
        day = written(date(at.year, at.month, at.day), forms, now=NOW, zone=USER.timezone)
        return render(forms.moment, {"date": day, "clock": value[11:]}) if len(value) > 10 else day

    return {name: told(value) for name, value in OPTIONAL.items()} | {"round": forms.ordinals[1], "attempt": forms.ordinals[1]}


def subsets(source: str, code: str, needs: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Yield what may be known: every choice of the facts that a text speaks of.

    Where these are many, it is none, one or two of them, all, and all but one.
    """
    facts = known(code)
    used = [name for name in facts if re.search(rf"\b{name}\b", source) and name not in needs]
    count = len(used)
    sizes = range(count + 1) if count <= 6 else (0, 1, 2, count - 1, count)
    for size in sizes:
        for chosen in itertools.combinations(used, size):
            yield ALWAYS | {name: facts[name] for name in (*needs, *chosen)}


@cache
def told(source: str, code: str, needs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the different texts of a subject, a hint or a paragraph under `subsets`."""
    text = compiled(source)
    return tuple(dict.fromkeys(text(facts) for facts in subsets(source, code, needs)))


@cache
def parts(code: str, variant: Variant) -> tuple[tuple[str, ...], ...]:
    """Return for each paragraph of a wording its different texts under `subsets`, empty where it falls away."""
    found = []
    for source in re.split(r"\n[ \t]*\n", variant.body.strip()):
        assert len(re.findall(r"\{%\s*if\b", source)) == len(re.findall(r"\{%\s*endif\b", source)), (
            "a condition inside a paragraph"
        )
        found.append(tuple("\n\n".join(paragraphs(text)) for text in told(source, code, variant.needs)))
    return tuple(found)


def whole(code: str, variant: Variant, names: frozenset[str] = frozenset(OPTIONAL)) -> str:
    """Return the text of a wording where all of `names` and what it needs is known."""
    facts = {name: value for name, value in known(code).items() if name in names or name in variant.needs}
    return "\n\n".join(paragraphs(render(variant.body, ALWAYS | facts)))


def wordings(code: str) -> Iterator[tuple[str, Template, Variant]]:
    for kind, template in LANGUAGES[code].templates.items():
        for variant in template.variants:
            yield f"{kind.value}/{variant.id}", template, variant
