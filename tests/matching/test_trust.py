"""Who vouches for a sender: the user's own provider, a thread of the user's, a known contact; never the message itself."""

import pytest

from agent.matching import Doubt, Unvouched, Vouched, usual_authserv_id, vouch
from agent.messages import AuthenticationResult, Message
from tests.matching.post import SENDERS, mail

MINE = "mx.freemail.example"


def result(
    *methods: str, authserv_id: str = MINE, domains: tuple[str, ...] = (), above_received: bool = True
) -> AuthenticationResult:
    """`dmarc=pass` and the like as a header."""
    pairs = tuple((method, outcome) for method, _, outcome in (each.partition("=") for each in methods))
    return AuthenticationResult(authserv_id=authserv_id, methods=pairs, domains=domains, above_received=above_received)


def judged(message: Message, *, authserv_id: str | None = MINE, in_own_thread: bool = False) -> Vouched | Unvouched:
    return vouch(
        message,
        authserv_id=authserv_id,
        in_own_thread=in_own_thread,
        contacts=("dana@acme.example", "lee@freemail.example"),
        domains=("acme.example",),
        senders=SENDERS,
    )


def doubt(found: Vouched | Unvouched) -> Doubt:
    assert isinstance(found, Unvouched), found
    assert found.reason
    return found.doubt


@pytest.mark.parametrize("authserv_id", [MINE, MINE.upper(), None])
def test_a_pass_by_the_own_provider_vouches_for_the_employers_domain(authserv_id: str | None) -> None:
    message = mail("HR <hr@mail.acme.example>", authentication=(result("spf=pass", "dkim=pass", "dmarc=pass"),))
    assert judged(message, authserv_id=authserv_id) == Vouched(
        reason="Your mail provider confirms that it comes from mail.acme.example."
    )


def test_a_forged_rejection_from_a_contacts_address_is_not_vouched_for() -> None:
    message = mail("Dana Cole <dana@acme.example>", authentication=(result("spf=pass", "dkim=none", "dmarc=fail"),))
    assert doubt(judged(message)) is Doubt.FAILED


@pytest.mark.parametrize("failed", [("spf=fail",), ("spf=softfail", "dkim=none"), ("dkim=fail",), ("spf=fail", "dmarc=none")])
def test_a_failed_check_without_a_pass_is_not_vouched_for(failed: tuple[str, ...]) -> None:
    assert doubt(judged(mail(authentication=(result(*failed),)))) is Doubt.FAILED


def test_results_that_the_sender_wrote_himself_are_not_believed() -> None:
    forged = result("dmarc=pass", above_received=False)
    assert doubt(judged(mail(authentication=(forged,)), authserv_id=None)) is Doubt.SILENT
    genuine = result("spf=none", above_received=False)
    assert doubt(judged(mail(authentication=(genuine, forged)))) is Doubt.SILENT
    assert doubt(judged(mail(authentication=(result("dmarc=fail", above_received=False), forged)))) is Doubt.FAILED


def test_a_provider_that_writes_below_its_own_received_header_is_believed_by_its_name() -> None:
    message = mail(authentication=(result("dmarc=pass", above_received=False),))
    assert isinstance(judged(message), Vouched)


def test_the_providers_name_is_learned_from_most_of_the_mail() -> None:
    genuine, bare, forged = mail(authentication=(result("spf=pass"),)), mail(), mail(authentication=(result(authserv_id="evil"),))
    assert usual_authserv_id([genuine] * 9 + [bare, forged]) == MINE
    assert usual_authserv_id([genuine, genuine]) is None
    assert usual_authserv_id([genuine] * 3 + [bare] * 3) is None
    assert usual_authserv_id([bare] * 5) is None
    assert usual_authserv_id([]) is None


def test_results_under_another_name_are_not_believed() -> None:
    assert doubt(judged(mail(authentication=(result("dmarc=pass", authserv_id="mx.evil.example"),)))) is Doubt.SILENT


def test_only_the_topmost_result_is_believed_where_the_provider_is_not_known_by_name() -> None:
    above, below = result("dmarc=fail"), result("dmarc=pass", authserv_id="other.example")
    assert doubt(judged(mail(authentication=(above, below)), authserv_id=None)) is Doubt.FAILED


def test_a_failing_result_of_the_own_provider_counts_beside_a_forged_pass_above() -> None:
    forged, genuine = result("dmarc=pass", authserv_id="mx.evil.example"), result("dmarc=fail")
    assert doubt(judged(mail(authentication=(forged, genuine)))) is Doubt.FAILED


def test_a_strangers_own_domain_passes_every_check_and_still_vouches_for_nothing() -> None:
    message = mail(
        "Acme Robotics HR <hr@acme-careers.example>", "Your application at Acme", authentication=(result("dmarc=pass"),)
    )
    assert doubt(judged(message)) is Doubt.STRANGER


def test_a_signature_of_another_domain_does_not_vouch() -> None:
    message = mail(authentication=(result("dkim=pass", domains=("bulk.example",)),))
    assert doubt(judged(message)) is Doubt.SILENT


def test_an_aligned_signature_vouches_where_there_is_no_dmarc() -> None:
    message = mail(authentication=(result("dkim=pass", "spf=fail", domains=("mail.acme.example",)),))
    assert isinstance(judged(message), Vouched)


def test_a_tracking_system_that_passes_is_vouched_for() -> None:
    message = mail("Acme <no-reply@eu.tracker.example>", authentication=(result("dmarc=pass"),))
    assert judged(message) == Vouched(reason="Your mail provider confirms that it comes from Tracker (eu.tracker.example).")


def test_a_signing_service_vouches_for_nobody() -> None:
    message = mail("Acme <letters@sign.example>", authentication=(result("dmarc=pass"),))
    assert doubt(judged(message)) is Doubt.STRANGER


def test_a_contact_at_a_mail_provider_is_vouched_for_and_a_neighbour_there_is_not() -> None:
    passed = (result("dmarc=pass"),)
    assert isinstance(judged(mail("Lee <lee@freemail.example>", authentication=passed)), Vouched)
    assert doubt(judged(mail("Eve <eve@freemail.example>", authentication=passed))) is Doubt.STRANGER


def test_an_answer_to_the_users_own_mail_is_vouched_for() -> None:
    assert isinstance(judged(mail("Dana <dana@new.example>"), in_own_thread=True), Vouched)
    assert isinstance(judged(mail(authentication=(result("spf=softfail"),)), in_own_thread=True), Vouched)


def test_a_failed_dmarc_counts_even_in_the_users_own_thread() -> None:
    assert doubt(judged(mail(authentication=(result("dmarc=fail"),)), in_own_thread=True)) is Doubt.FAILED


def test_a_known_contact_is_weakly_vouched_for_where_the_provider_never_says() -> None:
    found = judged(mail(), authserv_id=None)
    assert isinstance(found, Vouched)
    assert found.weak
    assert found.reason == "dana@acme.example is a known contact; your provider does not say who sent it."


def test_a_provider_that_usually_says_and_is_silent_vouches_for_nobody() -> None:
    assert doubt(judged(mail())) is Doubt.SILENT


def test_an_address_at_the_named_domain_is_weakly_vouched_for_where_the_provider_never_says() -> None:
    found = judged(mail("HR <hr@acme.example>"), authserv_id=None)
    assert isinstance(found, Vouched)
    assert found.weak
    assert (
        found.reason == "hr@acme.example is an address of acme.example, which you named; your provider does not say who sent it."
    )


def test_a_relay_without_any_result_is_not_vouched_for() -> None:
    assert doubt(judged(mail("Acme <no-reply@tracker.example>"), authserv_id=None)) is Doubt.SILENT


def test_an_unknown_sender_without_any_result_is_a_stranger() -> None:
    assert doubt(judged(mail("x <x@elsewhere.example>"), authserv_id=None)) is Doubt.STRANGER


def test_a_message_without_a_sender_is_not_vouched_for() -> None:
    assert doubt(judged(mail(""))) is Doubt.STRANGER
