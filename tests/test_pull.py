"""``pull``: what changed live comes into the files, by three sides; conflicts are never guessed."""

import subprocess
from pathlib import Path

import pytest

from reconciler.pulling.choosing import decide
from tests.ci.machine import GIT
from tests.commandline import Finished, Workspace, run
from tests.organization import Organization

YAML = """\
reconciler: {stack: villa-7f3a}

# those who come every year
contacts:
  jane:
    email: jane@example.com   # never changes
    first_name: "Jane"
    last_name: Doe
  ola: {email: ola@example.com, first_name: Ola}
taxes:
  vat: {label: {default: VAT}, percentage: 21}
"""


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, env={"PATH": "/usr/bin:/bin", **GIT}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def applied(workspace: Workspace, organization: Organization, *options: str) -> None:
    """Apply, commit, and move the tag as CI does."""
    workspace.apply(*options)
    folder = workspace.folder
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    git(folder, "tag", "-f", f"applied/{organization.id}")


@pytest.fixture
def villa(workspace: Workspace, organization: Organization) -> Workspace:
    workspace.write(YAML)
    applied(workspace, organization)
    return workspace


def pull(workspace: Workspace, *options: str | Path, code: int = 0) -> Finished:
    done = workspace.run("pull", *options)
    assert done.code == code, done.all
    return done


def change(organization: Organization, email: str, **values: str) -> None:
    row = organization.one("contacts", f"email=eq.{email}")
    organization.change("contacts", row["id"], **values)


def text(workspace: Workspace) -> str:
    return (workspace.folder / "bookingmood.yaml").read_text()


def test_nothing_changed(villa: Workspace) -> None:
    assert "Nothing to take in" in pull(villa).out
    assert text(villa) == YAML


def test_what_changed_live_comes_in(villa: Workspace, organization: Organization) -> None:
    change(organization, "jane@example.com", first_name="Janet")
    checked = pull(villa, "--check", code=2)
    assert text(villa) == YAML
    assert "contacts.jane: first_name  " in checked.out
    pull(villa)
    assert text(villa) == YAML.replace('"Jane"', '"Janet"')
    assert villa.actions() == []


def test_what_changed_in_the_files_stays(villa: Workspace, organization: Organization) -> None:
    change(organization, "ola@example.com", first_name="Olaf")
    mine = YAML.replace('"Jane"', '"Joan"')
    villa.write(mine)
    pull(villa)
    assert text(villa) == mine.replace("first_name: Ola}", "first_name: Olaf}")
    assert villa.actions() == ["update contacts.jane"]


@pytest.mark.parametrize(
    ("options", "expected", "code"),
    [
        ([], "Joan", 6),
        (["--keep-files", "contacts.jane"], "Joan", 0),
        (["--take-live", "contacts.jane"], "Janet", 0),
        (["--take-live", "contacts.jane.first_name"], "Janet", 0),
        (["--take-live", "contacts.jane", "--keep-files", "contacts.jane.first_name"], "Joan", 0),
        (["--keep-files", "contacts.ola"], "Joan", 6),
    ],
)
def test_a_conflict_is_decided_by_people(
    villa: Workspace,
    organization: Organization,
    options: list[str],
    expected: str,
    code: int,
) -> None:
    change(organization, "jane@example.com", first_name="Janet")
    villa.write(YAML.replace('"Jane"', '"Joan"'))
    done = pull(villa, *options, code=code)
    assert text(villa) == YAML.replace('"Jane"', f'"{expected}"')
    if code:
        assert "Conflict: contacts.jane.first_name" in done.out
        assert "bookingmood.yaml:7:17 at applied/" in done.out
        assert "1 conflict is left" in done.err
        assert not any(name in done.all for name in ("Joan", "Janet"))
        shown = pull(villa, *options, "--check", "--show-personal-data", code=6).out
        assert '  applied  "Jane"  ' in shown
        assert '  files    "Joan"  ' in shown
        assert '  live     "Janet"' in shown


def test_what_is_in_no_conflict_comes_in_all_the_same(
    villa: Workspace, organization: Organization
) -> None:
    change(organization, "jane@example.com", first_name="Janet", last_name="Dough")
    villa.write(YAML.replace('"Jane"', '"Joan"'))
    pull(villa, code=6)
    assert text(villa) == YAML.replace('"Jane"', '"Joan"').replace("Doe", "Dough")


def test_a_row_that_is_gone_takes_its_block_along(
    villa: Workspace, organization: Organization
) -> None:
    organization.remove("contacts", organization.one("contacts", "email=like.ola*")["id"])
    pull(villa)
    assert "ola" not in text(villa)
    assert villa.actions() == []


def test_a_row_that_is_gone_and_changed_in_the_files_is_a_conflict(
    villa: Workspace, organization: Organization
) -> None:
    organization.remove("contacts", organization.one("contacts", "email=like.ola*")["id"])
    mine = YAML.replace("first_name: Ola}", "first_name: Olaf}")
    villa.write(mine)
    done = pull(villa, code=6)
    assert "Conflict: contacts.ola\n" in done.out
    assert text(villa) == mine
    pull(villa, "--take-live", "contacts.ola")
    assert "ola" not in text(villa)


@pytest.mark.parametrize("saved", ["x: saved by hand\n", None])
def test_a_file_that_was_saved_meanwhile_is_not_written_over(
    villa: Workspace,
    organization: Organization,
    monkeypatch: pytest.MonkeyPatch,
    saved: str | None,
) -> None:
    """People read the conflicts, open the file in their editor, and answer then."""
    change(organization, "jane@example.com", last_name="Dough")
    file = villa.folder / "bookingmood.yaml"

    def save_and_decide(*given: object) -> object:
        if saved is None:
            file.unlink()
        else:
            file.write_text(saved)
        return decide(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("reconciler.commands.pull.decide", save_and_decide)
    done = pull(villa, code=1)
    assert "bookingmood.yaml was changed since this run read it" in done.err
    assert (file.read_text() if file.exists() else None) == saved


def test_what_is_not_applied_yet_stays(villa: Workspace) -> None:
    mine = YAML.replace("taxes:", "  new: {email: new@example.com}\ntaxes:")
    villa.write(mine)
    pull(villa)
    assert text(villa) == mine
    assert villa.actions() == ["create contacts.new"]


def test_a_block_that_was_taken_out_stays_out(villa: Workspace, organization: Organization) -> None:
    change(organization, "ola@example.com", first_name="Olaf")
    mine = "\n".join(line for line in YAML.split("\n") if "ola:" not in line)
    villa.write(mine)
    pull(villa)
    assert text(villa) == mine
    assert villa.actions() == ["delete contacts." + "ola"] or "delete" in villa.actions()[0]


def test_what_was_renamed_or_let_go_since_is_still_known(
    villa: Workspace, organization: Organization
) -> None:
    folder = ("--folder", villa.folder)
    for words in (("mv", "contacts.jane", "contacts.joan"), ("forget", "contacts.ola")):
        assert run(*words, *folder, environment=villa.environment).code == 0
    change(organization, "jane@example.com", first_name="Janet")
    change(organization, "ola@example.com", first_name="Olaf")
    pull(villa)
    assert '    first_name: "Janet"' in text(villa)
    assert "Olaf" not in text(villa)
    assert villa.actions() == []


# -- rows that are in no YAML ----------------------------------------------------------------------


def test_strangers_are_told_and_taken_in_where_they_are_named(
    villa: Workspace, organization: Organization
) -> None:
    for number in range(2):
        organization.insert("contacts", email=f"guest{number}@example.com")
    organization.insert("taxes", label={"default": "City"}, percentage=3)
    told = pull(villa, "--unmanaged", "--check")
    assert "Not in the YAML: 3 rows." in told.out
    assert "  contacts: 2 (email (personal); email (personal))" in told.out
    assert text(villa) == YAML
    checked = pull(villa, "--unmanaged", "--kinds", "taxes", "--check", code=2)
    assert "  taxes: 1 row in no YAML" in checked.out
    assert text(villa) == YAML
    pull(villa, "--unmanaged", "--kinds", "taxes")
    assert text(villa).startswith(YAML)
    assert "  city:\n" in text(villa)
    assert villa.actions() == []
    pull(villa, "--unmanaged", "--where", "contacts:email=eq.guest1@example.com")
    assert "guest1@example.com" in text(villa)
    assert "guest0@example.com" not in text(villa)
    assert villa.actions() == []


def test_who_the_account_belongs_to_comes_in_only_where_it_is_named(villa: Workspace) -> None:
    assert "Not in the YAML: no row." in pull(villa, "--unmanaged").out
    pull(villa, "--unmanaged", "--kinds", "sites")
    assert (villa.folder / "sites.yaml").exists() or "sites:" in text(villa)
    assert villa.actions() == []


def test_kinds_without_unmanaged_are_refused(villa: Workspace) -> None:
    assert "give --unmanaged, too" in villa.refusal("pull", "--kinds", "taxes")
