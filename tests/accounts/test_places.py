"""Time zone and country of this machine and of an address."""

from pathlib import Path

import pytest

from agent.accounts.places import countries, country_of_domain, country_of_zone, zone_of_system


@pytest.fixture
def localtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the path of a machine's setting, which is not there yet."""
    monkeypatch.delenv("TZ", raising=False)
    return tmp_path / "localtime"


def test_the_zone_of_the_machine_is_that_of_tz_before_the_link_before_the_file(
    localtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert zone_of_system(localtime) is None

    localtime.with_name("timezone").write_text("America/Lima\n")
    assert zone_of_system(localtime) == "America/Lima"

    localtime.symlink_to("/usr/share/zoneinfo/Europe/Prague")
    assert zone_of_system(localtime) == "Europe/Prague"

    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert zone_of_system(localtime) == "Asia/Tokyo"
    monkeypatch.setenv("TZ", "CET-1CEST")
    assert zone_of_system(localtime) == "Europe/Prague"


def test_a_zone_lies_in_a_country_and_utc_in_none() -> None:
    assert [country_of_zone(zone) for zone in ("Europe/London", "America/New_York", "UTC", "Nowhere/Here")] == [
        "GB",
        "US",
        None,
        None,
    ]


def test_the_end_of_a_domain_tells_the_country_unless_it_is_sold_to_everybody() -> None:
    found = [country_of_domain(domain) for domain in ("mail.example.de", "acme.co.uk", "acme.io", "acme.com", "acme.example")]
    assert found == ["DE", "GB", None, None, None]
    assert countries()["FR"] == "France"
