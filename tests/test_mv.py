"""``mv``: keys change wherever they are used, and no row does."""

from pathlib import Path

import pytest

from reconciler.moving.rename import rename
from tests.commandline import Workspace
from tests.moving import applied, example, files_of, move, plans_nothing
from tests.organization import Organization

SMALL = """\
reconciler:
  stack: villa-7f3a
  protect: [contacts.jane]  # she pays
contacts:
  jane: {email: jane@example.com}  # the first
  john: {email: john@example.com}
bookings:
  stay: {reference: R-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  # who comes
  - {contact_id: 'jane', booking_id: stay}
  - {contact_id: john, booking_id: stay}
"""


def test_two_hundred_contacts_get_other_keys_and_no_row_changes(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> None:
    folder = tmp_path / "guests"
    folder.mkdir()
    contacts = "".join(f"  c-{n}:\n    email: c{n}@example.com\n" for n in range(200))
    stays = "".join(
        f"  s-{n}: {{reference: R-{n}, currency: EUR, display_currency: EUR, exchange_rate: 1,"
        " silent: true}\n"
        for n in range(20)
    )
    links = "".join(f"  - {{contact_id: c-{n}, booking_id: s-{n}}}\n" for n in range(20))
    head = "reconciler: {stack: guests-7f3a}\n"
    text = f"{head}contacts:\n{contacts}bookings:\n{stays}contact_bookings:\n{links}"
    (folder / "bookingmood.yaml").write_text(text)
    adopted = other_organization.insert("contacts", email="c7@example.com")
    both = (organization, other_organization)
    applied(folder, *both)
    before = [one.state() for one in both]
    names = tmp_path / "map.csv"
    names.write_text(
        "old,new\n" + "".join(f"contacts.c-{n},contacts.guest-{n}\n" for n in range(200))
    )
    done = move(Workspace(folder, {}), "mv", "--map", names)
    assert done.out.startswith("contacts.c-0 is contacts.guest-0 now\n")
    assert "and 200 more addresses" in done.out
    assert (folder / "bookingmood.yaml").read_text() == text.replace(" c-", " guest-")
    plans_nothing(folder, *both)
    assert [one.state() for one in both] == before
    bound = folder / "bindings" / f"{other_organization.id}.yaml"
    assert f"contacts.guest-7: {{id: {adopted['id']}, origin: adopted}}" in bound.read_text()


def test_keys_change_places_and_go_round(organization: Organization, workspace: Workspace) -> None:
    workspace.write(SMALL)
    workspace.apply()
    before = organization.state()
    swap = workspace.folder.parent / "swap.csv"
    swap.write_text("contacts.jane,contacts.john\ncontacts.john,contacts.jane\n")
    move(workspace, "mv", "--map", swap)
    text = (workspace.folder / "bookingmood.yaml").read_text()
    assert text == (
        SMALL.replace("jane", "X").replace("john", "jane").replace("X", "john")
        .replace("john@", "Y@").replace("jane@", "john@").replace("Y@", "jane@")
    )  # fmt: skip
    plans_nothing(workspace.folder, organization)
    move(workspace, "mv", "--map", swap)
    assert files_of(workspace.folder) == {"bookingmood.yaml": SMALL}
    plans_nothing(workspace.folder, organization)
    assert organization.state() == before


def test_a_block_that_is_taken_out_after_a_rename_is_still_a_delete(
    organization: Organization, workspace: Workspace
) -> None:
    workspace.write(SMALL.replace("  protect: [contacts.jane]  # she pays\n", ""))
    workspace.apply()
    move(workspace, "mv", "contacts.john", "contacts.johnny")
    text = (workspace.folder / "bookingmood.yaml").read_text()
    kept = [line for line in text.splitlines(keepends=True) if "johnny" not in line]
    (workspace.folder / "bookingmood.yaml").write_text("".join(kept))
    gone = ["delete contact_bookings.johnny--stay", "delete contacts.johnny"]
    assert sorted(workspace.actions()) == gone


def test_an_instance_takes_with_it_all_that_it_makes(
    organization: Organization, tmp_path: Path
) -> None:
    folder = example("villa-park", tmp_path / "park")
    applied(folder, organization)
    before = organization.state()
    text = (folder / "bookingmood.yaml").read_text()
    move(Workspace(folder, {}), "mv", "house.willow", "house.lakeside")
    after = (folder / "bookingmood.yaml").read_text()
    assert after == text.replace("willow", "lakeside")
    plans_nothing(folder, organization)
    assert organization.state() == before


UNITS = """\
x-pet: &pet {contact_id: jane}
defaults:
  bookings: {currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
templates:
  stay:
    parameters: {who: {type: string, default: jane}}
    bookings: {"${key}": {reference: "${key}"}}
    contact_bookings:
      - {contact_id: "${who}", booking_id: "${key}"}
      - {contact_id: bob, booking_id: "${key}"}
stay:
  spring: {}
  autumn: {who: jane}
  winter: {who: ann}
contacts:
  jane: {email: jane@example.com}
  bob: {email: bob@example.com}
  ann: {email: ann@example.com}
bookings:
  summer: {reference: S}
contact_bookings:
  - {<<: *pet, booking_id: summer}
"""


def test_templates_anchors_arguments_and_overlays_follow(
    organization: Organization, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.write(UNITS)
    overlay = tmp_path / "staging.yaml"
    overlay.write_text("contacts:\n  jane: {first_name: Jane} # there\n")
    done = workspace.run("apply", overlay, "--auto-approve")
    assert done.code == 0, done.all
    before = organization.state()
    text = (workspace.folder / "bookingmood.yaml").read_text()
    move(workspace, "mv", "contacts.jane", "contacts.joan", "--overlay", overlay)
    after = (workspace.folder / "bookingmood.yaml").read_text()
    assert after == text.replace("jane", "joan").replace("joan@", "jane@")
    assert overlay.read_text() == "contacts:\n  joan: {first_name: Jane} # there\n"
    plans_nothing(workspace.folder, organization, overlays=(overlay,))
    assert organization.state() == before


def test_a_dry_run_shows_the_diff_and_writes_nothing(workspace: Workspace) -> None:
    workspace.write(SMALL)
    done = move(workspace, "mv", "contacts.jane", "contacts.joan", "--dry-run")
    assert "-  jane: {email: jane@example.com}  # the first\n+  joan: {email: jane@" in done.out
    assert "+contacts.joan: {from: contacts.jane, stack: villa-7f3a}" in done.out
    assert files_of(workspace.folder) == {"bookingmood.yaml": SMALL}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["contacts.jane"], "mv takes OLD and NEW"),
        (["contacts.jane", "bookings.jane"], "a resource keeps its kind"),
        (["jane", "joan"], "jane is not KIND.KEY"),
        (["contacts.jane", "contacts.Joan"], "contacts.Joan is not KIND.KEY"),
        (["contacts.jnae", "contacts.joan"], "did you mean 'contacts.jane'?"),
        (["contacts.jane", "contacts.john"], "contacts.jane cannot become contacts.john"),
        (["contact_bookings.jane--stay", "contact_bookings.a--b"], "rename what it links"),
    ],
)  # fmt: skip
def test_what_cannot_be_renamed_is_refused(
    workspace: Workspace, words: list[str], said: str
) -> None:
    workspace.write(SMALL)
    assert said in move(workspace, "mv", *words, code=1).err
    assert files_of(workspace.folder) == {"bookingmood.yaml": SMALL}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("contacts.jane\n", "map.csv:1: a line takes OLD,NEW"),
        ("", "map.csv lists nothing"),
        ("contacts.jane,contacts.a\ncontacts.john,contacts.a\n", "contacts.a is named twice"),
        ("contacts.x,contacts.y\ncontacts.z,contacts.john\n", "contacts.x is not in the config"),
    ],
)
def test_a_map_that_is_wrong_is_refused(
    workspace: Workspace, tmp_path: Path, lines: str, said: str
) -> None:
    workspace.write(SMALL)
    file = tmp_path / "map.csv"
    file.write_text(lines)
    assert said in move(workspace, "mv", "--map", file, code=1).err


def test_a_part_of_an_instance_is_not_renamed_alone(workspace: Workspace) -> None:
    workspace.write(UNITS)
    said = move(workspace, "mv", "bookings.spring", "bookings.lent", code=1).err
    assert "bookings.spring is made by a template" in said
    assert "rename the instance of stay" in said


def test_a_file_that_was_saved_meanwhile_is_not_written_over(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace.write("contacts:\n  jane: {email: jane@example.com}\n")

    def rename_and_save(*given: object) -> object:
        changed = rename(*given)  # type: ignore[arg-type]
        file.write_text(f"{file.read_text()}# saved by hand\n")
        return changed

    monkeypatch.setattr("reconciler.moving.moves.rename", rename_and_save)
    done = move(workspace, "mv", "contacts.jane", "contacts.joan", code=1)
    assert "was changed since this run read it" in done.err
    assert "jane:" in file.read_text()
    assert not (workspace.folder / "bindings").exists()
