"""What people say to have old journals removed, and what is said of many."""

from pathlib import Path

import pytest

from tests.commandline import run
from tests.unit.test_pruning import journal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration with four runs: the oldest was cut off, the last one undid the third."""
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa-7f3a}\ntaxes: {}\n")
    journals = tmp_path / ".reconciler" / "journal"
    journals.mkdir(parents=True)
    for name in ("1 cut off", "2", "3", "4 undoes 3"):
        journal(journals, name)
    return tmp_path


def runs(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / ".reconciler" / "journal").glob("*.jsonl"))


@pytest.mark.parametrize(
    ("options", "left"),
    [(("--keep", "1"), ["3", "4"]), (("--keep", "3"), ["2", "3", "4"])],
)
def test_undo_prune_needs_no_key(folder: Path, options: tuple[str, ...], left: list[str]) -> None:
    done = run("undo", folder, "--prune", *options, environment={})
    assert (done.code, runs(folder)) == (0, left)
    assert f"removed {4 - len(left)} journal" in done.err


def test_the_list_tells_runs_that_were_cut_off(folder: Path) -> None:
    done = run("undo", folder, "--list", environment={})
    assert done.code == 0
    lines = {line.split()[0]: line for line in done.out.splitlines()}
    assert "cut off" in lines["1"]
    assert "ended" in lines["2"]
