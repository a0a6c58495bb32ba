"""A row to be deleted keeps its name: that in the YAML of the last commits, as a label only."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import cast

import orjson
import pytest

from reconciler.bindings import Bindings
from reconciler.history import old_names
from reconciler.ids import Owner
from reconciler.plan.model import Plan
from reconciler.planning.folder import with_old_names
from reconciler.planning.planned import Planned
from reconciler.values.address import Address
from tests.builders import KINDS, ORGANIZATION, change, configuration, remembered, resource
from tests.commandline import Document, Workspace

CONTACTS = "contacts:\n  jane: {first_name: Jane}\n  ola: {first_name: Ola}\n"
JANE = "contacts:\n  jane: {first_name: Jane}\n"


def git(folder: Path, *words: str) -> None:
    """Run git with a person of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    person = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(["git", *person, *words], cwd=folder, env=kept, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x", "--allow-empty")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "villa"
    folder.mkdir()
    git(tmp_path, "init", "-q")
    return folder


OWNER = Owner(ORGANIZATION, "villa-7f3a")
OLA, HERE = Address("contacts", "ola"), Address("contacts", "jane")
ROW = "contacts", OWNER.id_of(OLA)


def found(folder: Path, *rows: tuple[str, str]) -> dict[tuple[str, str], Address]:
    return dict(old_names(folder, OWNER, KINDS, rows or [ROW]))


@pytest.mark.parametrize(
    ("commits", "tag", "expected"),
    [
        ([CONTACTS], None, OLA),  # taken out, and not yet committed
        ([CONTACTS, JANE], None, OLA),
        ([CONTACTS, JANE, JANE], None, None),  # only so many commits are looked at
        ([CONTACTS, JANE, JANE], (0, "applied"), OLA),
        ([CONTACTS, JANE, JANE], (0, f"applied/{ORGANIZATION}"), OLA),
        ([CONTACTS, JANE, JANE], (0, "applied/another"), None),
        ([": not yaml: [", CONTACTS, JANE], None, OLA),
        ([], None, None),
    ],
)
def test_a_name_is_found_in_the_last_commits(
    repository: Path, commits: list[str], tag: tuple[int, str] | None, expected: Address | None
) -> None:
    for number, text in enumerate(commits):
        (repository / "a.yaml").write_text(text)
        commit(repository)
        if tag and number == tag[0]:
            git(repository, "tag", tag[1])
    assert found(repository).get(ROW) == expected
    assert found(repository, ("contacts", "another")) == {}


def test_bindings_say_which_row_a_name_meant(repository: Path) -> None:
    row = "00000001-aaaa-4aaa-8aaa-000000000001"
    (repository / "a.yaml").write_text(CONTACTS)
    (repository / "bindings").mkdir()
    file = repository / "bindings" / f"{ORGANIZATION}.yaml"
    file.write_text(f"contacts.ola: {{id: {row}, origin: owned}}\n")
    commit(repository)
    assert found(repository, ("contacts", row), ROW) == {("contacts", row): OLA}


def test_only_what_nothing_is_called_now_is_an_old_name(repository: Path) -> None:
    (repository / "a.yaml").write_text(CONTACTS)
    commit(repository)
    rows = change("delete contacts", id=ROW[1]), change("delete contacts", id=OWNER.id_of(HERE))
    plan = Plan(OWNER.stack, ORGANIZATION, "sha256:0", (rows,), 0)
    planned = Planned(plan, remembered(Bindings(repository / "none.yaml", {}), OWNER.stack))
    there = replace(configuration(resource(str(HERE))), folder=repository)
    assert with_old_names(planned, there).plan.old_names == {ROW: OLA}
    assert with_old_names(planned, replace(there, folder=repository / "none")) is planned


def test_nothing_goes_wrong_where_there_is_no_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(tmp_path) == {}
    assert found(tmp_path / "none") == {}
    monkeypatch.setattr("reconciler.git.which", lambda name: None)
    assert found(tmp_path) == {}


def test_no_program_of_the_repository_is_run(repository: Path) -> None:
    (repository / "a.yaml").write_text(CONTACTS)
    (repository / ".gitattributes").write_text("*.yaml diff=x filter=x\n")
    commit(repository)
    mark = repository / "ran"
    for name in ("core.fsmonitor", "core.pager", "diff.x.textconv", "filter.x.smudge"):
        git(repository, "config", name, f"touch {mark}; cat")
    assert found(repository).get(ROW) == OLA
    assert not mark.exists()


def test_the_plan_calls_an_orphan_what_it_was_called(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write(CONTACTS)
    workspace.apply()
    outside = tmp_path / "outside.json"
    workspace.write(JANE)
    workspace.run("plan", "--out", outside)
    without = workspace.run("plan").out
    assert "delete contacts[" in without
    git(workspace.folder, "init", "-q")
    workspace.write(CONTACTS)
    commit(workspace.folder)
    workspace.write(JANE)
    assert "- delete contacts.ola" in workspace.run("plan").out
    assert "- delete contacts.ola" in workspace.run("plan", "--compact").out
    document = workspace.plan()
    [change] = cast("list[Document]", document["changes"])
    assert (change["address"], change["was_named"]) == (None, "contacts.ola")
    assert document["digest"] == orjson.loads(outside.read_bytes())["digest"]
    done = workspace.run("apply", "--plan", outside)  # reviewed before the name was known
    assert done.code == 0, done.all
    assert workspace.actions() == []
