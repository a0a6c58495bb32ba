"""``import --take-over``: a row of another stack changes hands in one step."""

from pathlib import Path

import pytest

from reconciler.ids import Owner
from reconciler.transfers import RECEIVED, RELEASED
from reconciler.values.address import Address
from tests.commandline import Finished, Workspace, failed_inside, run
from tests.moving import applied, files_of, move, plans_nothing
from tests.organization import Organization
from tests.server import environment_for

PARK = """\
reconciler: {stack: park-9c1e}
contacts:
  jane: {email: jane@example.com}
  john: {email: john@example.com}
products:
  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}
  house: {name: {default: House}, rent_period: daily, timezone: UTC}
bookings:
  stay: {reference: R-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: stay} # hers
"""


def folders(tmp_path: Path) -> tuple[Path, Path]:
    one, two = tmp_path / "park", tmp_path / "zuid"
    for folder, text in ((one, PARK), (two, "reconciler: {stack: zuid-1a2b}\n")):
        folder.mkdir()
        (folder / "bookingmood.yaml").write_text(text)
    return one, two


def take(
    organization: Organization, address: str, row_id: str, *words: str | Path, code: int = 0
) -> Finished:
    done = run("import", address, row_id, *words, environment=environment_for(organization))
    assert done.code == code, done.all
    assert not failed_inside(done.all)
    return done


def test_a_row_with_a_computed_id_changes_hands(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> None:
    one, two = folders(tmp_path)
    both = (organization, other_organization)
    applied(one, *both)
    states = [each.state() for each in both]
    row = Owner(organization.id, "park-9c1e").id_of(Address("contacts", "jane"))
    said = take(organization, "contacts.guest", row, two, code=1).err
    assert f"the row {row} belongs to another stack: its mark is {row[:13]}" in said
    assert "take it over: --take-over --from FOLDER" in said
    take(organization, "contacts.guest", row, two, "--take-over", "--from", one)
    assert "contacts.guest: {from: contacts.jane, stack: park-9c1e}" in (two / RECEIVED).read_text()
    assert "contacts.jane: {to: zuid-1a2b}" in (one / RELEASED).read_text()
    text = (one / "bookingmood.yaml").read_text()
    assert "- {contact_id: {lookup: {email: jane@example.com}}, booking_id: stay} # hers" in text
    for folder in (two, one):
        plans_nothing(folder, *both)
    for folder in (one, two):
        applied(folder, *both)
    assert [each.state() for each in both] == states


def test_a_row_that_the_server_numbered_changes_hands_in_every_organization(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> None:
    one, two = folders(tmp_path)
    both = (organization, other_organization)
    applied(one, *both)
    states = [each.state() for each in both]
    row = str(organization.rows("products", "name->>default=eq.Villa")[0]["id"])
    take(organization, "products.villa", row, two, "--take-over", "--from", one)
    for each in both:
        assert "products.villa" in (two / "bindings" / f"{each.id}.yaml").read_text()
        assert "products.villa" not in (one / "bindings" / f"{each.id}.yaml").read_text()
    for folder in (one, two):
        plans_nothing(folder, *both)
    assert [each.state() for each in both] == states


def test_a_row_that_was_let_go_before_is_taken(organization: Organization, tmp_path: Path) -> None:
    one, two = folders(tmp_path)
    applied(one, organization)
    before = organization.state()
    move(Workspace(one, {}), "forget", "contacts.john")
    row = Owner(organization.id, "park-9c1e").id_of(Address("contacts", "john"))
    take(organization, "contacts.john", row, two, "--take-over", "--from", one)
    assert "contacts.john: {to: zuid-1a2b}" in (one / RELEASED).read_text()
    for folder in (one, two):
        plans_nothing(folder, organization)
    assert organization.state() == before


def test_a_row_that_was_let_go_comes_back_by_import(
    organization: Organization, tmp_path: Path
) -> None:
    one, _ = folders(tmp_path)
    applied(one, organization)
    move(Workspace(one, {}), "forget", "contacts.john")
    row = Owner(organization.id, "park-9c1e").id_of(Address("contacts", "john"))
    take(organization, "contacts.jon", row, one)
    assert not (one / RELEASED).exists()
    assert "contacts.jon: {from: contacts.john, stack: park-9c1e}" in (one / RECEIVED).read_text()
    plans_nothing(one, organization)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--take-over"], "--take-over and --from go together"),
        (["--from", "park"], "--take-over and --from go together"),
        (["--take-over", "--from", "empty"], "no block of"),
    ],
)
def test_what_cannot_be_taken_is_refused(
    organization: Organization, tmp_path: Path, words: list[str], said: str
) -> None:
    one, two = folders(tmp_path)
    applied(one, organization)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "a.yaml").write_text("reconciler: {stack: empty-1a2b}\n")
    before = [files_of(one), files_of(two)]
    row = Owner(organization.id, "park-9c1e").id_of(Address("contacts", "jane"))
    given = [str(tmp_path / word) if word in ("park", "empty") else word for word in words]
    assert said in take(organization, "contacts.jane", row, two, *given, code=1).err
    assert [files_of(one), files_of(two)] == before
