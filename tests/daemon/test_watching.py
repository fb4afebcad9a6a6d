"""When something that others write is taken up: not while it is being written, and never twice."""

from agent.daemon.watching import STILL, Watched


class Folder:
    """A thing that changes, and the time in which it is looked at."""

    def __init__(self) -> None:
        self.stands = "as shipped"
        self.now = 0.0
        self.watched = Watched(lambda: self.stands, monotonic=lambda: self.now)

    def after(self, seconds: float, stands: str | None = None, *, at_once: bool = False) -> str | None:
        self.now += seconds
        self.stands = stands or self.stands
        return self.watched.stands_anew(at_once=at_once)


def test_what_was_there_from_the_beginning_is_nothing_new() -> None:
    folder = Folder()
    assert [folder.after(60) for _ in range(3)] == [None, None, None]
    assert not folder.watched.pending()


def test_a_change_is_told_once_it_has_been_still_and_until_it_is_taken() -> None:
    folder = Folder()
    assert folder.after(60, "edited") is None
    assert folder.watched.pending()
    assert folder.after(STILL / 2) is None
    assert folder.after(STILL / 2) == "edited"
    assert folder.after(60) == "edited"
    assert folder.watched.take("edited")
    assert folder.after(60) is None
    assert not folder.watched.pending()


def test_an_editor_that_goes_on_writing_is_waited_for() -> None:
    folder = Folder()
    assert [folder.after(STILL * 0.9, f"half {number}") for number in range(5)] == [None] * 5
    assert folder.after(STILL) == "half 4"


def test_a_change_that_is_taken_back_was_none() -> None:
    folder = Folder()
    assert folder.after(60, "edited") is None
    assert folder.after(STILL, "as shipped") is None
    assert folder.after(60) is None
    assert not folder.watched.pending()


def test_who_asks_for_a_reload_need_not_wait() -> None:
    assert Folder().after(0, "edited", at_once=True) == "edited"


def test_what_changes_while_it_is_read_is_looked_at_again() -> None:
    folder = Folder()
    seen = folder.after(0, "edited", at_once=True)
    folder.stands = "edited further"
    assert seen is not None
    assert not folder.watched.take(seen)
    assert folder.after(0) is None
    assert folder.after(STILL) == "edited further"
