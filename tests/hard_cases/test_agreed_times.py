"""A time that the user's own answer fixes: the other side proposes, the user says yes, and nobody writes of it again."""

from tests.hard_cases.story import Story, acme, at, held

ONE_TIME = "Hi Robin,\n\nwe would like to talk to you. Would Monday, 9 March at 15:30 work for a call?\n\nDana\n"
TWO_TIMES = (
    "Hi Robin,\n\nwe would like to invite you to an interview: Monday, 9 March at 15:30 or Tuesday, 10 March at 11:00?\n\nDana\n"
)


def told_after(proposal: str, answer: str, moment: str) -> tuple[str, list[str]]:
    story = Story(acme())
    story.theirs("proposal", "03-04 10:00", proposal)
    story.mine("answer", "03-04 12:00", answer, answers="proposal")
    told = story.told(moment)
    return told.status(), [draft for draft in told.drafts() if draft.startswith("thank_you")]


def test_a_yes_to_the_one_time_proposed_fixes_the_interview_and_is_followed_by_thanks() -> None:
    yes = "Hi Dana,\n\nyes, Monday at 15:30 works for me.\n\nRobin\n"
    assert told_after(ONE_TIME, yes, "03-05 12:00") == ("scheduled", [])
    assert told_after(ONE_TIME, yes, "03-10 12:00") == (
        "awaiting",
        ["thank_you to dana@acme.example, queued, answers proposal"],
    )


def test_of_two_times_the_one_is_fixed_that_the_answer_names() -> None:
    assert told_after(TWO_TIMES, "Hi Dana,\n\nI'll take Tuesday at 11:00.\n\nRobin\n", "03-10 10:30")[0] == "scheduled"
    assert told_after(TWO_TIMES, "Hi Dana,\n\nI'll take Tuesday at 11:00.\n\nRobin\n", "03-10 12:30")[0] == "awaiting"


def test_an_answer_that_takes_none_fixes_nothing() -> None:
    assert told_after(ONE_TIME, "Hi Dana,\n\nI am afraid Monday does not work for me.\n\nRobin\n", "03-10 12:00") == (
        "invited",
        [],
    )
    assert told_after(TWO_TIMES, "Hi Dana,\n\nboth would be great.\n\nRobin\n", "03-10 12:00") == ("invited", [])


def test_the_time_of_the_users_own_file_stands_where_the_answer_is_read_in_another_zone() -> None:
    story = Story(acme(rounds=(held("03-09 03:30", "dana@acme.example"),)))
    story.theirs("proposal", "03-04 10:00", ONE_TIME)
    story.mine("answer", "03-04 12:00", "Hi Dana,\n\nyes, Monday at 15:30 works for me.\n\nRobin\n", answers="proposal")
    told = story.told("03-10 12:00")
    assert [held_round.starts_at for held_round in told.state().rounds] == [at("03-09 03:30")]
