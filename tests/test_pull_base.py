"""What ``pull`` takes for applied: a tag, a commit, or nothing; and what git does not know."""

import os
import subprocess
from pathlib import Path

import pytest

from reconciler.diagnostics import UsageError
from reconciler.pulling.commit import find_commit
from tests.commandline import Finished, Workspace
from tests.organization import Organization
from tests.test_pull import YAML, applied, change, git, pull, text, villa

__all__ = ["villa"]

JANE = YAML.replace('"Jane"', '"Joan"')


@pytest.mark.parametrize(
    ("tags", "code", "says"),
    [
        (["applied/{id}"], 0, "what was applied is applied/"),
        (["applied"], 1, "git tag -d applied, then git fetch --tags"),
        ([], 1, "git fetch --tags; or name the commit that was applied: --base REF"),
    ],
)
def test_the_tag_says_what_was_applied(
    villa: Workspace, organization: Organization, tags: list[str], code: int, says: str
) -> None:
    git(villa.folder, "tag", "-d", f"applied/{organization.id}")
    for tag in tags:
        git(villa.folder, "tag", tag.format(id=organization.id))
    done = pull(villa, "--check", code=code)
    assert says in done.all
    assert text(villa) == YAML


def test_the_old_tag_counts_where_bindings_name_one_organization(
    villa: Workspace, organization: Organization
) -> None:
    git(villa.folder, "tag", "-d", f"applied/{organization.id}")
    git(villa.folder, "tag", "applied")
    bindings = villa.folder / "bindings"
    bindings.mkdir(exist_ok=True)
    (bindings / f"{organization.id}.yaml").write_text("")
    (bindings / "received.yaml").write_text("")
    assert "what was applied is applied (" in pull(villa).out
    (bindings / "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1dffff.yaml").write_text("")
    pull(villa, code=1)


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("HEAD", None),
        ("none", "there is no commit none"),
        ("", "there is no commit without a name"),
        ("--all", "there is no commit --all"),
        ("HEAD:bookingmood.yaml", "there is no commit HEAD:bookingmood.yaml"),
    ],
)
def test_people_name_the_commit(
    villa: Workspace, organization: Organization, base: str, says: str | None
) -> None:
    git(villa.folder, "tag", "-d", f"applied/{organization.id}")
    change(organization, "jane@example.com", first_name="Janet")
    done = pull(villa, f"--base={base}", code=1 if says else 0)
    if says:
        assert says in done.err
    assert text(villa) == (YAML if says else YAML.replace('"Jane"', '"Janet"'))


def test_a_base_that_is_no_configuration_is_refused(villa: Workspace) -> None:
    villa.write("reconciler: {stack: villa-7f3a}\ncontacts:\n  jane: {emial: x}\n")
    git(villa.folder, "add", "-A")
    git(villa.folder, "commit", "-qm", "x")
    villa.write(YAML)
    refusal = villa.refusal("pull", "--base", "HEAD")
    assert "is no valid configuration: contacts has no column 'emial'" in refusal


def test_git_that_does_not_read_the_repository_is_no_missing_git(villa: Workspace) -> None:
    (villa.folder / ".git" / "HEAD").write_text("nonsense")
    assert "git does not read the repository" in villa.refusal("pull")


def test_a_repository_that_a_pull_request_put_into_the_folder_is_not_asked(tmp_path: Path) -> None:
    """A bare one can be committed as plain files, and would be found before the real one."""
    git(tmp_path, "init", "-q")
    folder = tmp_path / "villa"
    git(tmp_path, "init", "-q", "--bare", str(folder))
    git(folder, "config", "core.bare", "false")
    git(folder, "config", "core.worktree", str(tmp_path))
    with pytest.raises(UsageError, match="git does not read the repository"):
        find_commit(folder, "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001", "HEAD")


def test_no_program_of_the_repository_is_run(villa: Workspace, organization: Organization) -> None:
    mark = villa.folder / "ran"
    for name in ("core.fsmonitor", "core.pager", "filter.x.smudge", "filter.x.clean"):
        git(villa.folder, "config", name, f"touch {mark}; cat")
    (villa.folder / ".git" / "info" / "attributes").write_text("*.yaml filter=x\n")
    change(organization, "jane@example.com", first_name="Janet")
    pull(villa)
    assert not mark.exists()


# -- outside of git --------------------------------------------------------------------------------


@pytest.fixture
def outside(workspace: Workspace, organization: Organization) -> Workspace:
    workspace.write(YAML)
    workspace.apply()
    change(organization, "jane@example.com", first_name="Janet", last_name="Dough")
    return workspace


def test_outside_of_git_each_difference_is_a_conflict(outside: Workspace) -> None:
    done = pull(outside, code=6)
    assert text(outside) == YAML
    assert "2 conflicts are left" in done.err
    assert "(not known)" in done.out
    pull(outside, "--take-live", "contacts.jane.first_name", "--keep-files", "contacts.jane")
    assert text(outside) == YAML.replace('"Jane"', '"Janet"')
    assert "is in no git repository" in outside.refusal("pull", "--base", "HEAD")


def test_a_row_that_was_there_before_is_in_conflict_and_a_new_block_is_not(
    outside: Workspace, organization: Organization
) -> None:
    organization.remove("contacts", organization.one("contacts", "email=like.ola*")["id"])
    outside.write(YAML.replace("taxes:", "  new: {email: new@example.com}\ntaxes:"))
    done = pull(outside, "--keep-files", "contacts.jane", code=6)
    assert "Conflict: contacts.ola\n" in done.out
    assert "contacts.new" not in done.out


def on_a_terminal(workspace: Workspace, answers: str) -> Finished:
    """Run it where somebody types answers."""
    import pty  # a terminal is asked for here alone
    import sys

    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "reconciler", "pull", str(workspace.folder),
         "--show-personal-data"],
        stdin=child, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **workspace.environment},
    ) as process:  # fmt: skip
        os.write(parent, answers.encode())
        out, err = process.communicate()
    os.close(parent)
    os.close(child)
    return Finished(process.returncode, out, err)


@pytest.mark.parametrize(
    ("answers", "expected", "code"),
    [
        ("l\nf\n", YAML.replace('"Jane"', '"Janet"'), 0),
        ("s\nl\n", YAML.replace("Doe", "Dough"), 6),
        ("l\nq\n", YAML.replace('"Jane"', '"Janet"'), 6),
        ("x\nl\nl\n", YAML.replace('"Jane"', '"Janet"').replace("Doe", "Dough"), 0),
    ],
)
def test_on_a_terminal_each_is_asked(
    outside: Workspace, answers: str, expected: str, code: int
) -> None:
    done = on_a_terminal(outside, answers)
    assert (done.code, text(outside)) == (code, expected), done.all
    assert '"Janet"' in done.out


# -- what git does not know ------------------------------------------------------------------------

WITH_VARIABLE = YAML.replace('"Jane"', "${NAME}")


def with_variable(workspace: Workspace, organization: Organization) -> None:
    """Apply a configuration with a variable that is kept elsewhere; then live changes."""
    workspace.write(WITH_VARIABLE)
    applied(workspace, organization, "--var", "NAME=Jane")


@pytest.mark.parametrize(
    ("now", "code", "expected"),
    [
        (WITH_VARIABLE, 0, WITH_VARIABLE),  # left and named: a variable is never replaced
        (YAML.replace('"Jane"', "Jeanne"), 6, YAML.replace('"Jane"', "Jeanne")),
        (JANE, 6, JANE),
    ],
)
def test_a_variable_of_elsewhere_has_no_base_where_the_text_changed(
    workspace: Workspace, organization: Organization, now: str, code: int, expected: str
) -> None:
    with_variable(workspace, organization)
    change(organization, "jane@example.com", first_name="Janet")
    workspace.write(now)
    done = pull(workspace, "--var", "NAME=Jane", code=code)
    assert text(workspace) == expected
    assert "${NAME}" in done.err if now is WITH_VARIABLE else "(not known)" in done.out


def test_a_variable_of_a_file_in_git_is_read_at_the_commit(
    workspace: Workspace, organization: Organization
) -> None:
    file = workspace.folder / "names.env"
    file.write_text("NAME=Jane\n")
    workspace.write(WITH_VARIABLE)
    applied(workspace, organization, "--var-file", str(file))
    file.write_text("NAME=Joan\n")
    assert "stays as the files say" in pull(workspace, "--var-file", file).out
    change(organization, "jane@example.com", first_name="Janet")
    assert "Conflict: contacts.jane.first_name" in pull(workspace, "--var-file", file, code=6).out
    file.write_text("NAME=Jane  # hers\n")
    pull(workspace, "--var-file", file, "--update-var-file", file)
    assert file.read_text() == "NAME=Janet  # hers\n"
    assert text(workspace) == WITH_VARIABLE


def test_what_only_an_untracked_file_says_has_no_base(
    workspace: Workspace, organization: Organization, tmp_path: Path
) -> None:
    workspace.write(YAML)
    git(tmp_path, "init", "-q")
    overlay = tmp_path / "here.yaml"
    overlay.write_text("contacts:\n  jane: {first_name: Joan}\n")
    (tmp_path / ".gitignore").write_text("here.yaml\n")
    workspace.apply(str(overlay))
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")
    git(tmp_path, "tag", f"applied/{organization.id}")
    change(organization, "jane@example.com", first_name="Jane")  # as the folder said
    done = workspace.run("pull", overlay)
    assert done.code == 6, done.all
    assert "Conflict: contacts.jane.first_name" in done.out
