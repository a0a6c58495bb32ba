"""``forget``: a block goes, its row stays, and the plan says so."""

from pathlib import Path
from typing import cast

import pytest

from reconciler.transfers import RELEASED
from tests.commandline import Workspace, run
from tests.moving import files_of, move, plans_nothing
from tests.organization import Organization

VILLA = """\
services:
  cleaning: {label: {default: Cleaning}, order: 1, type: statement}
products:
  house: {name: {default: House}, rent_period: daily, timezone: UTC}
  # by the sea
  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}
product_services:
  - {product_id: villa, service_id: cleaning}
contacts:
  jane: {email: jane@example.com}
"""
SAYS = "rows no longer managed, and never deleted: "


def released(workspace: Workspace) -> str:
    file = workspace.folder / RELEASED
    return file.read_text() if file.exists() else ""


def test_a_product_with_bookings_is_let_go(
    organization: Organization, workspace: Workspace
) -> None:
    workspace.write(VILLA)
    workspace.apply("--allow", "billing-create")
    for _ in range(3):
        organization.book(organization.rows("products", "name->>default=eq.Villa")[0]["id"])
    before = organization.state()
    names = ("products.villa", "product_services.villa--cleaning")
    done = move(workspace, "forget", *names)
    assert done.out == "".join(f"{name} is no longer managed; its row stays\n" for name in names)
    text = (workspace.folder / "bookingmood.yaml").read_text()
    assert "villa:" not in text
    assert "by the sea" not in text
    said = plans_nothing(workspace.folder, organization)
    assert f"2 {SAYS}product_services.villa--cleaning, products.villa" in said
    workspace.apply()
    assert organization.state() == before
    [note] = cast("list[str]", workspace.plan()["notes"])
    assert "2 rows no longer managed" in note


@pytest.mark.parametrize("key", ["jane", "villa"])
def test_a_block_that_is_written_again_means_the_same_row(
    organization: Organization, workspace: Workspace, key: str
) -> None:
    text = VILLA.replace("product_services:\n  - {product_id: villa, service_id: cleaning}\n", "")
    workspace.write(text)
    workspace.apply("--allow", "billing-create")
    before = organization.state()
    name = {"jane": "contacts.jane", "villa": "products.villa"}[key]
    move(workspace, "forget", name)
    workspace.write(text)
    said = plans_nothing(workspace.folder, organization)
    assert f"1 row managed again, having a block: {name}" in said
    assert released(workspace)
    workspace.apply()
    assert released(workspace) == ""
    assert "managed" not in plans_nothing(workspace.folder, organization)
    assert organization.state() == before
    # without `forget` it is a delete again
    lines = text.splitlines(keepends=True)
    workspace.write("".join(line for line in lines if not line.startswith(f"  {key}:")))
    [action] = workspace.actions()
    assert action.startswith(f"delete {name.partition('.')[0]}")


def test_an_overlay_that_has_the_block_keeps_the_entry(
    organization: Organization, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n  bob: {email: b@example.com}\n")
    workspace.apply()
    move(workspace, "forget", "contacts.jane")
    overlay = tmp_path / "staging.yaml"
    overlay.write_text("contacts:\n  jane: {email: jane@example.com}\n")
    done = workspace.run("apply", overlay, "--auto-approve")
    assert done.code == 0, done.all
    assert "managed again" in done.all
    assert released(workspace)
    assert "no longer managed" in plans_nothing(workspace.folder, organization)


def test_an_overlay_that_is_a_file_stays_to_be_named(
    organization: Organization, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.write("contacts:\n  bob: {email: bob@example.com}\n")
    overlay = tmp_path / "staging.yaml"
    overlay.write_text("contacts:\n  jane: {email: jane@example.com}\n")
    assert workspace.run("apply", overlay, "--auto-approve").code == 0
    move(workspace, "forget", "contacts.jane", "--overlay", overlay)
    said = plans_nothing(workspace.folder, organization, overlays=(overlay,))
    assert "1 row no longer managed, and never deleted: contacts.jane" in said


def test_a_renamed_row_is_let_go_and_comes_back(
    organization: Organization, workspace: Workspace
) -> None:
    text = "contacts:\n  jane: {email: jane@example.com}\n"
    workspace.write(text)
    workspace.apply()
    move(workspace, "mv", "contacts.jane", "contacts.joan")
    before, there = organization.state(), files_of(workspace.folder)
    move(workspace, "forget", "contacts.joan")
    assert "contacts.joan" in plans_nothing(workspace.folder, organization)
    (workspace.folder / "bookingmood.yaml").write_text(there["bookingmood.yaml"])
    workspace.apply()
    assert files_of(workspace.folder) == there
    assert organization.state() == before


def test_a_row_that_is_gone_is_not_spoken_of(
    organization: Organization, workspace: Workspace
) -> None:
    workspace.write("contacts:\n  jane: {email: jane@example.com}\n")
    workspace.apply()
    move(workspace, "forget", "contacts.jane")
    organization.remove("contacts", organization.one("contacts")["id"])
    assert "managed" not in plans_nothing(workspace.folder, organization)


def test_an_export_does_not_take_it_in_again(
    organization: Organization, workspace: Workspace
) -> None:
    workspace.write("contacts:\n  jane: {email: j@example.com}\n  bob: {email: b@example.com}\n")
    workspace.apply()
    move(workspace, "forget", "contacts.jane")
    done = run(
        "export",
        "--out",
        workspace.folder,
        "--kinds",
        "contacts",
        environment=workspace.environment,
    )
    assert done.code == 0, done.all
    assert "contacts: 1 left out, which this folder let go" in done.err
    assert "j@example.com" not in (workspace.folder / "bookingmood.yaml").read_text()
    assert released(workspace)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["products.villa"], "product_services.villa--cleaning refers to products.villa"),
        (["products.vila"], "did you mean 'products.villa'?"),
        (["villa"], "villa is not KIND.KEY"),
    ],
)
def test_what_cannot_be_forgotten_is_refused(
    workspace: Workspace, names: list[str], said: str
) -> None:
    path = workspace.write(VILLA)
    before = files_of(workspace.folder)
    assert said in move(workspace, "forget", *names, code=1).err
    assert files_of(workspace.folder) == before
    assert path.exists()


def test_a_part_of_an_instance_is_not_forgotten(workspace: Workspace) -> None:
    workspace.write(
        "templates:\n  stay:\n    contacts: {'${key}': {email: '${key}@example.com'}}\n"
        "stay:\n  jane: {}\n"
    )
    said = move(workspace, "forget", "contacts.jane", code=1).err
    assert "contacts.jane is a part of what a template makes" in said
    assert "expand it first" in said


def test_each_reference_to_it_is_told_with_its_place(workspace: Workspace) -> None:
    workspace.write(VILLA)
    said = move(workspace, "forget", "services.cleaning", code=1).err
    assert "bookingmood.yaml:9:37: error: product_services.villa--cleaning refers to" in said


def test_rows_that_were_let_go_do_not_make_many_deletes_few(
    organization: Organization, workspace: Workspace
) -> None:
    kept = "".join(f"  k-{n}: {{email: k{n}@example.com}}\n" for n in range(4))
    gone = "".join(f"  g-{n}: {{email: g{n}@example.com}}\n" for n in range(20))
    workspace.write(f"contacts:\n{kept}{gone}")
    workspace.apply()
    move(workspace, "forget", *(f"contacts.g-{n}" for n in range(20)))
    workspace.write("contacts:\n  k-0: {email: k0@example.com}\n  k-1: {email: k1@example.com}\n")
    assert "deletes" in workspace.run("plan").out
    done = workspace.run("apply", "--auto-approve")
    assert done.code == 4, done.all
    assert len(organization.rows("contacts")) == 24
