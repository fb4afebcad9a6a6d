"""From what is due to a draft: the wording is chosen, filled with what is known, and checked."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from agent.drafts.addressees import refuse_recipients, refuse_sender
from agent.drafts.checks import refuse_text, refused, told
from agent.drafts.composed import Composed
from agent.drafts.conversation import Tongue, tongue
from agent.drafts.course import last_follow_up
from agent.drafts.debrief import questions
from agent.drafts.draft import Draft, Refused, User
from agent.drafts.facts import facts
from agent.drafts.lines import one_line
from agent.drafts.mail import draft_message_id, thread_of
from agent.drafts.markup import render
from agent.drafts.people import display_names, recipient_name
from agent.drafts.sentences import paragraphs, repeated, sentences, word_count
from agent.drafts.surroundings import Surroundings
from agent.drafts.templates import Forms, Language, Template, Templates, Variant
from agent.interviews.candidacy import Candidacy
from agent.messages.message import Address
from agent.messages.subject import base_subject, is_answer
from agent.policy.policy import TO_USER
from agent.policy.verdict import Due

_RE = re.compile(r"^(?:re\s*:\s*)+", re.IGNORECASE)
_NOWHERE = Surroundings()


def compose(
    due: Due,
    candidacy: Candidacy,
    *,
    user: User,
    templates: Templates,
    earlier: Sequence[str],
    now: datetime,
    around: Surroundings = _NOWHERE,
) -> Draft | Refused:
    """Return the draft for what is due, or the check that stopped it.

    `earlier` are the bodies of earlier drafts to the same employer: a wording that repeats none of their sentences is
    preferred; one that repeats less than half of its own is better than silence; where every wording would be a copy, the
    draft is refused. Wordings that use more of what is known come first, and among equals the occasion decides, the same way
    every time. `around` is what is known beside this candidacy. What is for the user's own eyes has no greeting and no
    signature, and may be said again.
    """
    checks = templates.checks
    sender = _sender(due, user)
    stopped = refuse_recipients(due, candidacy, user, around, checks) or refuse_sender(user, sender, checks)
    if stopped is not None:
        return stopped
    spoken = tongue(due, candidacy, user, templates.languages)
    language = templates.languages.get(spoken.code)
    if language is None:
        shown = candidacy.interview.language if spoken.named else spoken.code
        return refused(checks, "language", language=shown, folder=spoken.code or "xx")
    if spoken.expected and due.kind not in TO_USER:
        return refused(checks, "wrong_language", language=spoken.code, expected=spoken.expected)
    template = language.templates.get(due.kind)
    if template is None:
        return refused(checks, "template", kind=due.kind.value, language=spoken.code)
    composer = _Composer(due, candidacy, user, sender, language, template, spoken, templates, earlier, now, around)
    return composer.draft()


class _Composer:
    """Tries the wordings of one template in turn."""

    def __init__(
        self,
        due: Due,
        candidacy: Candidacy,
        user: User,
        sender: Address,
        language: Language,
        template: Template,
        spoken: Tongue,
        templates: Templates,
        earlier: Sequence[str],
        now: datetime,
        around: Surroundings,
    ) -> None:
        self.due, self.candidacy, self.user, self.sender = due, candidacy, user, sender
        self.language, self.template, self.spoken, self.around = language, template, spoken, around
        self.checks = templates.checks
        self.forms: Forms = language.forms
        self.facts = facts(
            due, candidacy, user=user, sender=sender.email, forms=self.forms, earlier=earlier, now=now, around=around
        )
        self.to_user = due.kind in TO_USER
        self.said = frozenset(sentence for body in earlier for sentence in sentences(body, self.forms))
        self.follows = self.words_before(now)

    def draft(self) -> Draft | Refused:
        """Return the best wording as a draft, or why there is none."""
        refusals: list[Refused] = []
        best: tuple[int, Variant, Composed] | None = None
        for variant in self.variants():
            composed = self.composed(variant)
            stopped = refuse_text(composed, self.checks)
            if stopped is not None:
                refusals.append(stopped)
                continue
            again = 0 if self.to_user else repeated(composed.text, self.said, self.forms)
            if again * 2 >= len(sentences(composed.text, self.forms)) and again:
                refusals.append(refused(self.checks, "repeated_sentence"))
            elif best is None or again < best[0]:
                best = (again, variant, composed)
            if again == 0:
                break
        if best is not None:
            return self.finished(best[1], best[2])
        return refusals[0] if refusals else refused(self.checks, "repeated_sentence")

    def variants(self) -> list[Variant]:
        """Return the wordings that can be used, those that need more facts first, in an order that the occasion fixes.

        They are those in the style that the rule asks for; where it asks for none, or there is none, those of no style.
        """
        usable = [variant for variant in self.template.variants if all(need in self.facts for need in variant.needs)]
        styled = [variant for variant in usable if self.due.style and variant.style == self.due.style]
        chosen = styled or [variant for variant in usable if not variant.style]
        return sorted(chosen, key=lambda variant: (-len(variant.needs), self.lot(variant.id)))

    def words_before(self, now: datetime) -> int | None:
        """Return how many words the user's last follow-up has, where it is at hand (B7)."""
        last = last_follow_up(self.candidacy, now)
        letter = self.due.parent if self.due.parent is not None and self.due.parent.own else last[1] if last else None
        return word_count(letter.message.fresh) if letter is not None else None

    def lot(self, word: str) -> bytes:
        """Return what stands for chance: it follows from the occasion and `word`."""
        return hashlib.sha256(repr((self.due.interview, self.due.kind.value, self.due.occasion, word)).encode()).digest()

    def composed(self, variant: Variant) -> Composed:
        """Return the text of a wording in its parts."""
        return Composed(
            due=self.due,
            interview=self.candidacy.interview,
            template=self.template,
            variant=variant,
            language=self.language,
            named=self.spoken.named,
            subject="" if self.thread_subject() else one_line(render(variant.subject or self.template.subject, self.facts)),
            greeting="" if self.to_user else self.greeting(),
            paragraphs=tuple(paragraphs(render(variant.body, self.facts))),
            facts=self.facts,
            status=self.candidacy.state.status,
            recipient_names=tuple(name for to in self.due.to for name in display_names(to.email, self.due, self.candidacy)),
            follows=self.follows,
            around=self.around,
        )

    def thread_subject(self) -> str:
        """Return the subject of an answer, 'Re: ' and the thread's own with its ticket numbers; empty for a new thread (B5)."""
        if self.due.parent is None:
            return ""
        theirs = _RE.sub("", one_line(self.due.parent.message.subject), count=1)
        base = base_subject(theirs) if is_answer(theirs) else theirs
        return f"Re: {base}" if base else ""

    def greeting(self) -> str:
        """Return the greeting: by name, else to the employer's team unless an agency stands between, else without a name."""
        if recipient_name(self.due, self.candidacy, self.forms):
            markup = self.forms.greet_person
        elif "company" in self.facts and not self.candidacy.interview.via:
            markup = self.forms.greet_team
        else:
            markup = self.forms.greet_nobody
        return one_line(render(markup, self.facts))

    def signature(self) -> str:
        """Return the closing, the full name, and how to reach the user (B6, D3)."""
        closings = self.forms.closings
        closing = closings[int.from_bytes(self.lot("closing")[:4]) % len(closings)]
        lines = (closing, self.facts["user_name"], self.facts.get("user_phone", ""), self.facts["user_address"])
        return "\n".join(line for line in lines if line)

    def body(self, composed: Composed) -> str:
        """Return the text of the mail; a debrief has its questions behind it, each with room for the answer."""
        if self.to_user:
            return "\n\n".join(composed.paragraphs) + "\n" + questions(self.template)
        return "\n\n".join((composed.greeting, *composed.paragraphs, self.signature())) + "\n"

    def finished(self, variant: Variant, composed: Composed) -> Draft:
        due = self.due
        in_reply_to, references = thread_of(due.parent.message if due.parent is not None else None)
        hint = variant.before_sending if variant.before_sending is not None else self.template.before_sending
        hint = one_line(render(hint, self.facts)) or told(composed, self.checks)
        requirements = (*due.requirements, *self.template.requires, *variant.requires)
        return Draft(
            interview=due.interview,
            kind=due.kind,
            occasion=due.occasion,
            message_id=draft_message_id(
                user_address=self.user.address, interview=due.interview, kind=due.kind, occasion=due.occasion
            ),
            sender=self.sender,
            to=tuple(Address(name=one_line(to.name), email=to.email) for to in due.to),
            subject=self.thread_subject() or composed.subject,
            in_reply_to=in_reply_to,
            references=references,
            body=self.body(composed),
            rule=due.rule,
            requirements=tuple(dict.fromkeys(requirements)),
            reason=f"{due.reason} {hint}".strip(),
            template=f"{self.language.code}/{due.kind.value}/{variant.id}",
        )


def _sender(due: Due, user: User) -> Address:
    """Return the user under the address that the thread knows: the one written to, or written from, in the parent."""
    email = user.address
    if due.kind in TO_USER:
        email = next((address.email for address in due.to if address.email in user.addresses), email)
    elif due.parent is not None:
        message = due.parent.message
        known = (message.sender, *message.recipients) if due.parent.own else message.recipients
        email = next((address.email for address in known if address.email in user.addresses), email)
    return Address(name=one_line(user.name), email=email)
