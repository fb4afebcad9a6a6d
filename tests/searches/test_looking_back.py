"""Looking back over whole searches with nothing tracked: the candidacies are found, with the mail that is theirs."""

from bench.looking_back import score
from tests.searches.search import FOLDER, read_search


def test_several_roles_at_one_employer_are_told_apart() -> None:
    found = score(read_search(FOLDER / "roles"))

    assert (found.found, found.there, found.doubled, found.false, found.unnamed) == (7, 7, 0, 0, 0)
    assert found.status_right >= 6
    assert found.messages_right == found.messages


def test_a_mailbox_full_of_other_mail_gives_each_candidacy_once() -> None:
    found = score(read_search(FOLDER / "engineer"))

    assert (found.found, found.there) == (7, 7)
    assert found.doubled + found.false <= 2
    assert found.messages_right * 100 >= found.messages * 90
