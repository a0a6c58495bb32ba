"""The page about life after the first apply is true: what it moves is played, and compared."""

import shlex
from pathlib import Path

import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address
from tests.commandline import run
from tests.moving import applied
from tests.organization import Organization
from tests.played import check_played
from tests.server import environment_for

PARK = """\
reconciler: {stack: park-9c1e}
contacts:
  jane: {email: jane@example.com} # comes every year
bookings:
  stay: {reference: R-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: stay}
services:
  cleaning: {label: {default: Cleaning}, order: 1, type: statement}
products:
  villa-noord: {name: {default: Villa Noord}, rent_period: nightly, timezone: Europe/Amsterdam}
  # by the lake
  villa-zuid: {name: {default: Villa Zuid}, rent_period: nightly, timezone: Europe/Amsterdam}
product_services:
  - {product_id: villa-noord, service_id: cleaning}
  - {product_id: villa-zuid, service_id: cleaning} # on Saturdays
"""
ZUID = "reconciler: {stack: zuid-1a2b}\n"


def test_what_the_page_shows_is_what_happens(
    organization: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("park", PARK), ("zuid", ZUID)):
        Path(name).mkdir()
        (Path(name) / "bookingmood.yaml").write_text(text)
    applied(Path("park"), organization)
    before = organization.state()
    check_played("test_life", lambda command: _answer(command, organization))
    assert organization.state() == before


def _answer(command: str, organization: Organization) -> str:
    row = Owner(organization.id, "park-9c1e").id_of(Address("contacts", "jane"))
    program, *words = shlex.split(command.replace(" ROW ", f" {row} "))
    if program == "cat":
        return Path(words[0]).read_text()
    said = run(*words, environment=environment_for(organization)).all
    assert program == "reconciler"
    return said.replace(row, "ROW").replace(row[:13], "…").replace(organization.id, "0f9ad0c6-…")
