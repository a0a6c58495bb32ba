"""``mv --to``: blocks go to another stack's folder, no row changes, and no plan has a delete."""

import itertools
from pathlib import Path

import pytest

from reconciler.transfers import RECEIVED, RELEASED
from tests.commandline import Workspace, run
from tests.moving import applied, files_of, move, plans_nothing
from tests.organization import Organization
from tests.server import environment_for

SERVICES = ("cleaning", "linen", "firewood", "sauna")
SEASONS = 17


def park() -> str:
    """Write twelve houses, with 300 resources that are theirs, and what they share."""
    houses = [f"house-{number:02}" for number in range(12)]
    days = "[true, true, true, true, true, true, true]"
    lines = ["reconciler: {stack: park-9c1e}", "services:"]
    for name in SERVICES:
        lines += [
            f"  {name}:",
            f"    label: {{default: {name}}}",
            "    order: 1",
            "    type: checkbox",
        ]
    lines += ["capacity_groups:", "  adults: {name: {default: 'From 13: years'}, order: 1}"]
    lines += ["  children: {name: {default: Children}, order: 2}", "widgets:"]
    lines += [
        "  park: {currency: EUR, interaction: book, language: nl-NL, title: Park, type: timeline}"
    ]
    lines.append("products:")
    for house in houses:
        lines += [
            f"  # {house} is by the lake",
            f"  {house}:",
            f"    name: {{default: {house}}} # so",
        ]
        lines += ["    rent_period: nightly", "    timezone: Europe/Amsterdam"]
    lines.append("product_services:")
    for house, name in itertools.product(houses, SERVICES):
        lines.append(f"  - {{product_id: {house}, service_id: {name}}}")
    lines.append("capacities:")
    for house, group in itertools.product(houses, ("adults", "children")):
        lines.append(f"  - {{product_id: {house}, capacity_group_id: {group}, max: 2}}")
    lines.append("price_calendar_entries:")
    for house, number in itertools.product(houses, range(SEASONS)):
        lines += [f"  {house}-s{number}:", f"    product_id: {house}", f"    check_in_days: {days}"]
        lines += [f"    checkout_days: {days}", f"    name: {{default: Season {number}}}"]
        lines += [f"    intervals: '{{[20{30 + number}-01-01,20{30 + number}-12-31)}}'"]
        lines += ["    min_duration: 3", "    rates: [{duration: 1, occupancy: 2, rate: 100}]"]
    lines.append("widget_listings:")
    lines += [f"  - {{widget_id: park, product_id: {house}, order: 1}}" for house in houses]
    return "\n".join([*lines, ""])


def folders(tmp_path: Path, text: str) -> tuple[Path, Path]:
    one, two = tmp_path / "park", tmp_path / "zuid"
    for folder in (one, two):
        folder.mkdir()
    (one / "park.yaml").write_text(text)
    (two / "bookingmood.yaml").write_text("reconciler: {stack: zuid-1a2b}\n")
    return one, two


def test_twelve_houses_are_split_into_two_folders_and_come_back(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> None:
    one, two = folders(tmp_path, park())
    other_organization.insert(
        "products", name={"default": "house-11"}, rent_period="nightly", timezone="UTC"
    )
    both = (organization, other_organization)
    applied(one, *both)
    states, files = [each.state() for each in both], [files_of(one), files_of(two)]
    houses = [f"products.house-{number:02}" for number in range(6, 12)]
    done = move(Workspace(one, {}), "mv", *houses, "--with-dependents", "--to", two)
    assert "Note" not in done.err
    assert "and 130 more addresses" in done.out
    for order in ((one, two), (two, one)):
        for folder in order:
            plans_nothing(folder, *both)
    for folder in (two, one):
        applied(folder, *both)
    assert [each.state() for each in both] == states
    assert "# house-11 is by the lake\n" in (two / "products.yaml").read_text()
    move(Workspace(two, {}), "mv", *houses, "--with-dependents", "--to", one)
    assert [files_of(one), files_of(two)] == files
    for folder in (two, one):
        plans_nothing(folder, *both)
    assert [each.state() for each in both] == states


SMALL = """\
reconciler:
  stack: villa-7f3a
contacts:
  # she pays
  jane:
    email: Jane@Example.com
    notes: |
      Two lines,
        one of them indented.
  john: {email: john@example.com}
bookings:
  stay: {reference: R-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: jane, booking_id: stay}   # hers
  - {contact_id: john, booking_id: stay}
"""


def test_a_row_that_stays_refers_to_one_that_went_by_a_lookup(
    organization: Organization, tmp_path: Path
) -> None:
    one, two = folders(tmp_path, SMALL)
    applied(one, organization)
    before = organization.state()
    move(Workspace(one, {}), "mv", "contacts.jane", "--to", two)
    assert (two / "contacts.yaml").read_text() == (
        "contacts:\n  jane:\n    email: Jane@Example.com\n    notes: |\n      Two lines,\n"
        "        one of them indented.\n"
    )
    text = (one / "park.yaml").read_text()
    assert "{contact_id: {lookup: {email: Jane@Example.com}}, booking_id: stay}   # hers" in text
    said = plans_nothing(one, organization)
    assert "1 row no longer managed here, since moved to the stack zuid-1a2b: contacts.jane" in said
    plans_nothing(two, organization)
    # the link is found by the pair that it had
    assert "contact_bookings.jane--stay" in (one / RECEIVED).read_text()
    move(Workspace(two, {}), "mv", "contacts.jane", "--to", one)
    assert "- {contact_id: jane, booking_id: stay}   # hers" in (one / "park.yaml").read_text()
    assert not (one / RECEIVED).exists()
    assert not (one / RELEASED).exists()
    assert files_of(two) == {"bookingmood.yaml": "reconciler: {stack: zuid-1a2b}\n"}
    plans_nothing(one, organization)
    assert organization.state() == before


def test_the_folder_that_has_it_deletes_it_and_the_other_never(
    organization: Organization, tmp_path: Path
) -> None:
    one, two = folders(tmp_path, SMALL)
    applied(one, organization)
    move(Workspace(one, {}), "mv", "contacts.john", "contact_bookings.john--stay", "--to", two)
    plans_nothing(one, organization)
    for name in ("contacts.yaml", "contact_bookings.yaml"):
        (two / name).unlink()
    there = Workspace(two, environment_for(organization))
    assert len([line for line in there.actions() if line.startswith("delete ")]) == 2
    plans_nothing(one, organization)
    there.apply("--allow", "deletes")
    assert "no longer managed" not in plans_nothing(one, organization)


def test_a_block_of_what_went_is_refused_where_it_was(
    organization: Organization, tmp_path: Path
) -> None:
    one, two = folders(tmp_path, SMALL)
    applied(one, organization)
    move(Workspace(one, {}), "mv", "contacts.john", "contact_bookings.john--stay", "--to", two)
    (one / "park.yaml").write_text(SMALL)
    said = Workspace(one, environment_for(organization)).refusal()
    assert "contacts.john: its row" in said
    assert "was moved to the stack zuid-1a2b" in said


def test_a_row_goes_through_three_folders(organization: Organization, tmp_path: Path) -> None:
    one, two = folders(tmp_path, SMALL)
    three = tmp_path / "west"
    three.mkdir()
    (three / "bookingmood.yaml").write_text("reconciler: {stack: west-1a2b}\n")
    applied(one, organization)
    before, files = organization.state(), files_of(one)
    names = ("contacts.john", "contact_bookings.john--stay")
    move(Workspace(one, {}), "mv", *names, "--to", two)
    move(Workspace(two, {}), "mv", "contacts.john", "contacts.johnny")
    move(Workspace(two, {}), "mv", "contacts.johnny", "--with-dependents", "--to", three)
    for folder in (three, one, two):
        plans_nothing(folder, organization)
    assert not (two / RECEIVED).exists()
    move(Workspace(three, {}), "mv", "contacts.johnny", "contacts.john")
    move(Workspace(three, {}), "mv", "contacts.john", "--with-dependents", "--to", one)
    assert files_of(one) == files
    plans_nothing(one, organization)
    assert organization.state() == before


@pytest.mark.parametrize(
    ("text", "names", "said"),
    [
        (SMALL, ["contacts.nobody"], "contacts.nobody is not in the configuration"),
        (
            "reconciler: {stack: villa-7f3a}\nx-a: &a {email: a@example.com}\n"
            "contacts:\n  jane: {<<: *a}\n",
            ["contacts.jane"],
            "contacts.jane shares text with others",
        ),
        (
            "reconciler: {stack: villa-7f3a}\ndefaults: {contacts: {country_code: NL}}\n"
            "contacts:\n  jane: {email: a@example.com}\n",
            ["contacts.jane"],
            "contacts.jane would not say the same as before",
        ),
        (
            SMALL + "products:\n  villa: {name: {default: V}, rent_period: daily, timezone: UTC}\n"
            "calendar_events:\n  week: {product_id: villa, type: note, title: A,"
            " start_date: 2026-07-01, end_date: 2026-07-08}\n"
            "tasks:\n  clean: {calendar_event_id: week, label: Clean}\n",
            ["tasks.clean"],
            "calendar_events.week would be in the other folder, and no lookup can stand for it",
        ),
        (
            "reconciler: {stack: zuid-1a2b}\ncontacts:\n  jane: {email: a@example.com}\n",
            ["contacts.jane"],
            "both folders have the stack zuid-1a2b",
        ),
        (
            SMALL.replace("  john: {", "  john: {$renamed_from: jon, "),
            ["contacts.john"],
            "contacts.john has $renamed_from",
        ),
    ],
    ids=["unknown", "anchor", "defaults", "no-lookup", "one-stack", "renamed"],
)
def test_what_cannot_move_is_refused_and_nothing_is_written(
    tmp_path: Path, text: str, names: list[str], said: str
) -> None:
    one, two = folders(tmp_path, text)
    before = [files_of(one), files_of(two)]
    assert said in move(Workspace(one, {}), "mv", *names, "--to", two, code=1).err
    assert [files_of(one), files_of(two)] == before


@pytest.mark.parametrize(
    "there",
    [
        "reconciler: {stack: zuid-1a2b}\ncontacts: {ola: {email: ola@example.com}}\n",
        "reconciler: {stack: zuid-1a2b}\ncontacts:\n  {ola: {email: ola@example.com}}\n",
        "{reconciler: {stack: zuid-1a2b}, contacts: {ola: {email: ola@example.com}}}\n",
        "{reconciler: {stack: zuid-1a2b}, contacts: {}}\n",
        "reconciler: {stack: zuid-1a2b}\ncontacts: &all {}\nx-all: *all\n",
    ],
    ids=["beside", "below", "all", "none", "anchor"],
)
def test_lines_are_put_into_no_brackets(tmp_path: Path, there: str) -> None:
    one, two = folders(tmp_path, SMALL)
    (two / "bookingmood.yaml").write_text(there)
    move(Workspace(one, {}), "mv", "contacts.john", "--to", two)
    assert (two / "bookingmood.yaml").read_text() == there
    own = (two / "contacts.yaml").read_text()
    assert own == "contacts:\n  john: {email: john@example.com}\n"
    assert run("validate", two, environment={}).code == 0


def test_what_is_there_already_is_not_doubled(tmp_path: Path) -> None:
    one, two = folders(tmp_path, SMALL)
    (two / "contacts.yaml").write_text("contacts:\n  jane: {email: other@example.com}\n")
    said = move(Workspace(one, {}), "mv", "contacts.jane", "--to", two, code=1).err
    assert f"contacts.jane is in {two} already" in said


def test_a_dry_run_shows_both_folders(tmp_path: Path) -> None:
    one, two = folders(tmp_path, SMALL)
    before = [files_of(one), files_of(two)]
    done = move(Workspace(one, {}), "mv", "contacts.john", "--to", two, "--dry-run")
    assert "-  john: {email: john@example.com}" in done.out
    assert "+  john: {email: john@example.com}" in done.out
    assert "+  contacts.john: {to: zuid-1a2b}" in done.out
    assert [files_of(one), files_of(two)] == before


def test_an_undo_leaves_rows_that_another_folder_has(
    organization: Organization, tmp_path: Path
) -> None:
    text = SMALL + "products:\n  villa: {name: {default: V}, rent_period: daily, timezone: UTC}\n"
    one, two = folders(tmp_path, text)
    applied(one, organization)
    names = ("contacts.john", "contact_bookings.john--stay", "products.villa")
    move(Workspace(one, {}), "mv", *names, "--to", two)
    before = organization.state()
    done = run(
        "undo", one, "--auto-approve", "--allow", "deletes,billing-delete,cascade",
        environment=environment_for(organization),
    )  # fmt: skip
    assert (done.code, organization.state()) == (4, before)  # the moved link holds the booking
    for name in names:
        assert f"{name} is no longer managed here; it stays" in " ".join(done.all.split())
        assert f"delete {name}" not in done.all
    assert "--allow deletes,referenced" in done.all


def test_comments_above_the_only_block_go_and_come_with_it(tmp_path: Path) -> None:
    text = (
        "reconciler: {stack: villa-7f3a}\ncontacts:\n  # she pays\n  jane: {email: a@example.com}\n"
    )
    one, two = folders(tmp_path, text)
    before = [files_of(one), files_of(two)]
    move(Workspace(one, {}), "mv", "contacts.jane", "--to", two)
    assert (two / "contacts.yaml").read_text().splitlines()[1] == "  # she pays"
    move(Workspace(two, {}), "mv", "contacts.jane", "--to", one)
    assert [files_of(one), files_of(two)] == before
