"""One writer per folder: another one waits or is told who is there; a killed one locks nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.diagnostics import UsageError
from reconciler.locking import LOCK, locked
from tests.commandline import Workspace, run
from tests.organization import Organization

HOLD = """
import sys
from pathlib import Path
from reconciler.locking import locked
with locked(Path(sys.argv[1]), "apply", tell=print):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock in a process of its own."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def never(text: str) -> None:
    raise AssertionError(text)


def test_a_lock_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "villa"
    with locked(folder, "export", tell=never):
        assert (folder / LOCK).exists()
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_in_a_new_folder_stays(tmp_path: Path) -> None:
    with locked(tmp_path / "villa", "export", tell=never):
        (tmp_path / "villa" / "a.yaml").write_text("taxes: {}\n")
    assert [path.name for path in (tmp_path / "villa").iterdir()] == ["a.yaml"]


def test_who_holds_it_is_told_at_once_and_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(UsageError) as caught, locked(tmp_path, "undo", tell=never):
            pass
        said = f"reconciler apply, process {process.pid} on {os.uname().nodename}, since 20"
        assert said in caught.value.message
        assert "--lock-timeout" in str(caught.value.hint)
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path, "undo", tell=never):
        pass


def test_it_can_be_waited_for(tmp_path: Path) -> None:
    told: list[str] = []
    with holder(tmp_path) as process:

        def let_go(text: str) -> None:
            told.append(text)
            process.kill()

        with locked(tmp_path, "undo", patience=30, tell=let_go):
            pass
    [said] = told
    assert said.startswith(f"waiting up to 30 s for reconciler apply, process {process.pid}")


def test_where_nothing_can_be_locked_that_is_told(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").write_text("a file where a folder belongs")
    told: list[str] = []
    with locked(tmp_path, "apply", tell=told.append):
        pass
    assert "cannot be locked" in told[0]


Words = Callable[[Workspace], tuple[str | Path, ...]]


@pytest.mark.parametrize("name", [".reconciler", ".reconciler/journal"])
def test_no_link_carries_journals_out_of_the_folder(tmp_path: Path, name: str) -> None:
    link, elsewhere = tmp_path / "villa" / name, tmp_path / "elsewhere"
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    folder, words = tmp_path / "villa", "leads out of the folder"
    with pytest.raises(UsageError, match=words), locked(folder, "apply", tell=never):
        pass
    assert not elsewhere.exists()


@pytest.mark.parametrize(
    "words",
    [
        lambda w: ("apply", w.folder, "--auto-approve"),
        lambda w: ("undo", w.folder, "--auto-approve"),
        lambda w: ("export", "--out", w.folder),
        lambda w: ("import", "taxes.vat", "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37", w.folder),
    ],
    ids=["apply", "undo", "export", "import"],
)
def test_commands_that_write_do_not_begin(
    workspace: Workspace, organization: Organization, words: Words
) -> None:
    workspace.write("taxes: {}\n")
    with holder(workspace.folder):
        done = run(*words(workspace), environment=workspace.environment)
        assert (done.code, done.out) == (1, "")
        assert "another run writes in" in done.err
        assert workspace.actions() == []
    assert not organization.ids("taxes")


@pytest.mark.parametrize(
    "words",
    [
        lambda folder, over: ("export", "--out", folder, "--overlay", over),
        lambda folder, over: ("pull", folder, over / "one.yaml"),
        lambda folder, over: ("forget", "taxes.vat", "--folder", folder, "--overlay", over),
        lambda folder, over: ("mv", "taxes.vat", "taxes.x", "--folder", folder, "--overlay", over),
    ],
    ids=["export", "pull", "forget", "mv"],
)
def test_what_is_laid_over_a_folder_is_locked_too(
    workspace: Workspace,
    organization: Organization,
    words: Callable[[Path, Path], tuple[str | Path, ...]],
) -> None:
    workspace.write("taxes: {vat: {}}\n")
    over = workspace.folder.parent / "staging"
    over.mkdir()
    (over / "one.yaml").write_text("taxes: {low: {}}\n")
    with holder(over):
        done = run(*words(workspace.folder, over), environment=workspace.environment)
    assert (done.code, done.out) == (1, "")
    assert f"another run writes in {over}" in done.err
    assert not (workspace.folder / LOCK).exists()
