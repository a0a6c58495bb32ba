"""Trouble with the key: said clearly, exit 1, nothing changed, and the key never shown."""

from pathlib import Path

import pytest

from tests.commandline import Workspace
from tests.organization import Organization
from tests.server import workspace_for
from tests.trouble.prepared import EDITED, Refused, says


@pytest.mark.parametrize("key", [None, "", "   "])
def test_without_a_key(edited: Workspace, refused: Refused, key: str | None) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = key or ""
    says(refused(), "error: no API key is set", "hint: set BOOKINGMOOD_API_KEY")


def test_with_a_key_that_cannot_be_one(edited: Workspace, refused: Refused) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = "two words"
    done = refused()
    says(done, "characters a key cannot have")
    assert "two words" not in done["plan"].all


def test_with_a_key_that_nobody_knows(edited: Workspace, refused: Refused) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = "mistyped-key"
    done = refused()
    says(done, "GET /organizations", "401", "hint: check the API key (BOOKINGMOOD_API_KEY)")
    assert "mistyped-key" not in done["plan"].all + done["apply"].all


def test_with_a_key_file(edited: Workspace, organization: Organization, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{organization.key}\n")
    edited.environment["BOOKINGMOOD_API_KEY"] = "mistyped-key"
    file.chmod(0o600)
    done = edited.run("plan", "--api-key-file", file, "--format", "json")
    assert (done.code, done.err) == (0, "")
    file.chmod(0o640)
    assert len(edited.actions("--api-key-file", file)) == 4
    done = edited.run("plan", "--api-key-file", file, "--format", "json")
    says({"plan": done}, "others may read the API key file", "chmod 600")


@pytest.mark.parametrize("name", ["missing", "."])
def test_with_a_key_file_that_cannot_be_read(refused: Refused, tmp_path: Path, name: str) -> None:
    says(refused("--api-key-file", tmp_path / name), "the API key file", "cannot be read")


def test_with_a_key_file_that_holds_something_else(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("-----BEGIN PRIVATE KEY-----\nMIIE\n")
    done = refused("--api-key-file", file)
    says(done, "characters a key cannot have")
    assert "PRIVATE" not in done["plan"].all


def test_with_the_key_of_another_organization(
    edited: Workspace, other_organization: Organization, organization: Organization, tmp_path: Path
) -> None:
    there = workspace_for(other_organization, tmp_path / "villa")
    block = f"reconciler: {{stack: villa-7f3a, organization: {organization.id}}}\n"
    there.write(block + EDITED)
    before = other_organization.state()
    for command in ("plan", "apply"):
        options = ["--auto-approve"] if command == "apply" else []
        words = f"is of organization {other_organization.id}, not of {organization.id}"
        assert words in there.refusal(command, *options)
    assert other_organization.state() == before


def test_with_a_key_that_may_only_read(edited: Workspace) -> None:
    """Planning works with it; applying says what is missing, once, and changes nothing."""
    edited.environment["BOOKINGMOOD_API_KEY"] = "reader-key"
    assert len(edited.actions()) == 4
    done = edited.run("apply", "--auto-approve")
    assert done.code == 1, done.all
    assert "Nothing was changed: 0 done" in done.out
    assert "again" not in done.all
    assert "this API key may not do that" in done.err
    assert "reader-key" not in done.all


def test_with_a_key_that_may_not_read_a_kind_of_the_yaml(
    edited: Workspace, refused: Refused
) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = "blind-key"
    says(refused(), "error: contacts cannot be read", "refused")


def test_a_kind_outside_the_yaml_that_may_not_be_read_is_noted_and_left_alone(
    edited: Workspace, tmp_path: Path
) -> None:
    taxes_only = Workspace(tmp_path, edited.environment)
    taxes_only.write("taxes:\n  vat: {percentage: 21, label: {default: VAT}}\n")
    taxes_only.environment["BOOKINGMOOD_API_KEY"] = "blind-key"
    plan = taxes_only.plan()
    assert plan["changes"] == []
    assert "contacts was not looked at, and nothing is deleted there" in str(plan["notes"])
    assert taxes_only.apply().out.startswith("Stack")
