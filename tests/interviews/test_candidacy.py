"""One interview with its history and mail, in order."""

from agent.interviews import Letter, Status, candidacy_of
from agent.messages import Address, Message
from agent.signals.reading import Label, Reading
from tests.interviews.course import mail, on, tracked


def letter(day: int) -> Letter:
    message = Message(
        message_id=f"<{day}.9>",
        in_reply_to=(),
        references=(),
        date=on(day),
        received_at=on(day),
        sender=Address(name="", email="dana@acme.example"),
        reply_to=(),
        to=(),
        cc=(),
        subject="",
        text="",
        fresh="",
        calendar=(),
        auto_submitted=False,
        list_mail=False,
        bounce=None,
        authentication=(),
    )
    return Letter(own=False, message=message, reading=Reading(label=Label.OTHER, abstained=False))


def test_events_and_letters_come_in_the_order_of_their_dates() -> None:
    late, early = mail(on(6), Label.REJECTION), mail(on(3), Label.INVITATION)
    found = candidacy_of(tracked(), [late, early], [letter(6), letter(3)], on(7))
    assert found.events == (early, late)
    assert [each.message.message_id for each in found.letters] == ["<3.9>", "<6.9>"]
    assert found.state.status is Status.REJECTED
