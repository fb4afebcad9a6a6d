"""Policies: one preset a file of `policies/*.yaml`, turned into the `Policy` that `agent.policy` assesses with."""

from datetime import time
from pathlib import Path

from agent.policy.choosing import Policies
from agent.policy.policy import Forbid, Limit, Policy, Recipient, Rule, When
from agent.rulebook.extending import extended
from agent.rulebook.layers import rule_files
from agent.rulebook.marked_yaml import validated
from agent.rulebook.policy_form import ForbidForm, LimitForm, PolicyForm, RuleForm, WhenForm, contradictions
from agent.rulebook.problems import RulesRefused


def policy_names(user_folder: Path | None) -> tuple[str, ...]:
    """Return the names of all policies, those of the user's folder included."""
    return tuple(sorted(Path(file.name).stem for file in rule_files("policies", user_folder)))


def load_policy(preset: str, user_folder: Path | None) -> Policy:
    """Return the policy `preset`; the user's folder is laid over the shipped one file by file.

    Raises `RulesRefused` for a preset that does not exist, naming those that do, and for every mistake in it or what it extends.
    """
    document = extended(preset, user_folder)
    parsed = validated(document, PolicyForm)
    problems = [document.problem(path, what, mend) for path, what, mend in contradictions(parsed)]
    if problems:
        raise RulesRefused(problems)
    return _policy(preset, parsed)


def load_policies(preset: str, user_folder: Path | None) -> Policies:
    """Return all policies, with `preset` as that of the configuration.

    Raises `RulesRefused` for what is wrong with `preset`; what is wrong with another is kept, to be told where it is asked for.
    """
    configured = load_policy(preset, user_folder)
    named, refused = {preset: configured}, {}
    for name in policy_names(user_folder):
        if name != preset:
            try:
                named[name] = load_policy(name, user_folder)
            except RulesRefused as problem:
                refused[name] = str(problem)
    return Policies(configured=configured, named=named, refused=refused)


def _policy(preset: str, form: PolicyForm) -> Policy:
    hours = form.business_hours
    return Policy(
        name=preset,
        about=form.about,
        opens=hours.opens,
        closes=hours.closes,
        early=hours.early or time(max(hours.opens.hour - 2, 0), hours.opens.minute),
        closed=frozenset(form.closed),
        never_write_to=tuple(form.never_write_to),
        no_answer=frozenset(form.no_answer),
        rules=tuple(_rule(name, rule) for name, rule in form.rules.items()),
        limits=tuple(_limit(name, limit) for name, limit in form.limits.items()),
        forbids=tuple(_forbid(name, forbid) for name, forbid in form.forbids.items()),
    )


def _rule(name: str, rule: RuleForm) -> Rule:
    return Rule(
        id=name,
        draft=rule.draft,
        suggest=rule.suggest,
        anchor=rule.anchor,
        says=tuple(rule.says),
        says_beside=tuple(rule.says_beside),
        restarted_by=tuple(each for each in rule.restarted_by if each != "answer"),
        restarted_by_answers="answer" in rule.restarted_by,
        after=rule.after,
        until=rule.until,
        business_hours=rule.business_hours,
        early=rule.early,
        when=_when(rule.when),
        unless=frozenset(rule.unless),
        overtaken_by=frozenset(rule.overtaken_by),
        once=rule.once,
        to=tuple(rule.to),
        about=tuple(rule.about or (Recipient.PRIMARY_CONTACT,)),
        thread=rule.thread,
        style=rule.style or "",
        requires=tuple(rule.requires),
        reason=rule.reason,
    )


def _when(when: WhenForm) -> When:
    return When(
        status=None if when.status is None else frozenset(when.status),
        turn=when.turn,
        promise=when.promise,
        agreed=when.agreed,
        channel=when.channel,
        phone=when.phone,
        unanswered_from=when.unanswered[0],
        unanswered_to=when.unanswered[1],
        attempts_from=when.attempts[0],
        attempts_to=when.attempts[1],
        by_hand=when.by_hand,
    )


def _limit(name: str, limit: LimitForm) -> Limit:
    return Limit(
        id=name,
        at_most=limit.at_most,
        within=limit.within,
        together=frozenset(limit.together),
        lets_pass=frozenset(limit.lets_pass),
        besides=frozenset(limit.besides),
        requires=tuple(limit.requires),
        reason=limit.reason,
    )


def _forbid(name: str, forbid: ForbidForm) -> Forbid:
    return Forbid(
        id=name,
        check=forbid.check,
        only=None if forbid.only is None else frozenset(str(each) for each in forbid.only),
        besides=frozenset(str(each) for each in forbid.besides),
        lasts=forbid.lasts,
        requires=tuple(forbid.requires),
        reason=forbid.reason,
    )
