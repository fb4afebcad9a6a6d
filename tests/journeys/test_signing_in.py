"""A sign-in that is over while the service runs: it is told everywhere, and a new one is taken up by itself."""

from datetime import UTC, datetime

from tests.cli.test_sign_in import Scene, scene  # noqa: F401 - a fixture is named, not called
from tests.journeys import search
from tests.journeys.home import Home
from tests.journeys.test_once import deliver
from tests.journeys.test_service import recipients, running


def test_a_sign_in_that_was_taken_back_is_told_and_a_new_one_goes_on_by_itself(
    scene: Scene,  # noqa: F811
) -> None:
    home = Home(folder=scene.folder, host="", port=0, user="", ca_file="")
    deliver(scene.dovecot, scene.user, datetime.now(UTC))
    assert scene.run("sign-in").status == 0
    assert scene.run("once").status == 0
    home.track(search.INTERVIEWS)
    # The hour is over, and the user has taken the permission back at the provider.
    scene.change_tokens(expires_at="2026-01-01T00:00:00+00:00")
    scene.provider.refuse_renewals = True
    why = "invalid_grant: Token has been expired or revoked"
    over = f"the sign-in of {scene.user.name} is over ({why}); run `interview-agent sign-in`"

    with running(home) as service:
        words = service.hears("STATUS=the last pass failed")
        assert words[-1].endswith(over)
        asked = scene.provider.renewals()
        assert f"The last pass failed: {over}" in scene.run("status").out
        check = scene.run("check")
        assert check.status == 1
        assert f"The last pass over your mailbox failed: {over}." in check.out
        status = scene.run("sign-in", "--status")
        assert status.status == 1
        assert over[1:] in status.out

        scene.provider.refuse_renewals = False
        assert scene.run("sign-in").status == 0
        service.hears("STATUS=idle, 3 interviews tracked")

    # Once by `check`, which looks for itself; the service asked no more after the refusal.
    assert scene.provider.renewals() <= asked + 1
    assert recipients(scene.dovecot, scene.user) == ["To: Dana Cole <dana@acme.example>", "To: Ines Moreau <ines@birch.example>"]
    assert scene.run("sign-in", "--status").status == 0
