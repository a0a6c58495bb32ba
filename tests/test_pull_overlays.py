"""``pull`` from staging and production, which share a base, with overlays and variables."""

from pathlib import Path

import pytest

from tests.organization import Organization
from tests.test_export_overlays import BASE, Side, make_side, texts
from tests.test_pull import git

CITIES = {"staging": "Test", "production": "Rome"}
SHARED = BASE.replace("city: Bergen", "city: '${CITY}'")


@pytest.fixture
def sides(
    organization: Organization, other_organization: Organization, tmp_path: Path
) -> tuple[Side, Side]:
    """Both of one folder, with a variable that each has in a file of its own; applied, in git."""
    folder = tmp_path / "houses"
    folder.mkdir()
    (folder / "bookingmood.yaml").write_text(SHARED)
    git(tmp_path, "init", "-q")
    made = []
    for (name, city), there in zip(CITIES.items(), (organization, other_organization), strict=True):
        file = tmp_path / f"{name}.env"
        file.write_text(f"# of {name}\nCITY='{city} City'   # theirs\n")
        made.append(make_side(folder, name, city, there, ("--var-file", str(file))))
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")
    for side in made:
        git(tmp_path, "tag", f"applied/{side.organization.id}")
    first, second = made
    return first, second


def pull(side: Side, *options: str | Path, code: int = 0) -> str:
    done = side.run("pull", *options)
    assert done.code == code, done.all
    return done.all


def test_edits_in_both_come_in_and_the_base_stays_as_it_is(sides: tuple[Side, Side]) -> None:
    staging, production = sides
    base, folder = texts(staging.folder), staging.folder.parent
    staging.change("ann", city="Turin", first_name="Anna")
    staging.change("guest", city="Lima")
    production.change("ann", first_name="Anni")
    production.change("guest", city="Bonn")
    for side in sides:
        pull(side, "--check", code=2)
        pull(side)
        assert side.in_line()
    assert texts(staging.folder) == base
    assert "city: Turin   # ours" in staging.file.read_text()
    assert "first_name: Anna" in staging.file.read_text()
    assert "first_name: Anni" in production.file.read_text()
    assert "# staging" in staging.file.read_text()
    for side in sides:  # nothing is left to be pulled
        assert "Nothing to take in" in pull(side)
    changed = git(folder, "status", "--porcelain", "--untracked-files=no").split()
    assert {name for name in changed if "/" in name} == {"staging/all.yaml", "production/all.yaml"}


def test_a_variable_is_edited_where_it_is_set(sides: tuple[Side, Side]) -> None:
    staging, production = sides
    base = texts(staging.folder)
    staging.change("bob", city="Graz")
    said = pull(staging)
    assert "${CITY}" in said
    assert not staging.in_line()
    file = staging.folder.parent / "staging.env"
    pull(staging, "--update-var-file", file)
    assert file.read_text() == "# of staging\nCITY='Graz'   # theirs\n"
    assert staging.in_line()
    assert production.in_line()
    assert texts(staging.folder) == base


def test_each_has_its_own_base(sides: tuple[Side, Side]) -> None:
    staging, production = sides
    file = staging.folder / "bookingmood.yaml"
    file.write_text(file.read_text().replace("Ann ", "Anne "))
    done = staging.run("apply", "--auto-approve")
    assert done.code == 0, done.all
    git(staging.folder, "commit", "-qam", "y")
    git(staging.folder, "tag", "-f", f"applied/{staging.organization.id}")
    assert "Nothing to take in" in pull(production)  # there it was not applied yet: it stays
    assert "1 difference stays as the files say" in pull(production)
    assert "difference" not in pull(staging)
    production.change("ann", first_name="Annie")
    assert "Conflict: contacts.ann.first_name" in pull(production, code=6)


def test_what_all_share_can_be_changed_for_all(sides: tuple[Side, Side]) -> None:
    staging, _ = sides
    staging.change("eve", city="Cork")
    overlay = staging.file.read_text()
    staging.change("ann", first_name="Anna")
    pull(staging, "--into", staging.folder)
    assert staging.file.read_text() == overlay
    assert "first_name: Anna   # as she says" in (staging.folder / "bookingmood.yaml").read_text()
