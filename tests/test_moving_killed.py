"""``mv`` and ``forget`` are killed at every file operation: all is as before, or as after."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commandline import Workspace, run
from tests.dying import killed
from tests.moving import files_of, move

HERE = """\
reconciler: {stack: villa-7f3a}
contacts:
  jane: {email: jane@example.com}
  john: {email: john@example.com}
"""
THERE = "reconciler: {stack: zuid-1a2b}\n"
_MANY = 300
EACH = pytest.mark.parametrize(
    "step", [3, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "each"]
)
"""At each file operation it takes long: `make test` tries a third of them."""


def across(parent: Path) -> None:
    move(Workspace(parent / "one", {}), "mv", "contacts.john", "--to", parent / "two")


def inside(parent: Path) -> None:
    move(Workspace(parent / "one", {}), "mv", "contacts.john", "contacts.jon")


def away(parent: Path) -> None:
    move(Workspace(parent / "one", {}), "forget", "contacts.john")


@EACH
@pytest.mark.parametrize("next_one", ["one", "two"])
@pytest.mark.parametrize("action", [across, inside, away], ids=["mv --to", "mv", "forget"])
def test_the_next_command_finishes_or_takes_back_what_was_killed(
    tmp_path: Path, action: Callable[[Path], None], next_one: str, step: int
) -> None:
    def both(name: str) -> Path:
        parent = tmp_path / name
        for folder, text in (("one", HERE), ("two", THERE)):
            (parent / folder).mkdir(parents=True)
            (parent / folder / "bookingmood.yaml").write_text(text)
        return parent

    whole = both("whole")
    before = files_of(whole)
    action(whole)
    after = files_of(whole)
    told = set[str]()
    for number in range(0, _MANY, step):
        parent = both(f"{number:03}")
        if not killed(parent, action, number):
            assert files_of(parent) == after
            assert number > 15
            assert bool(told) or action is not across
            return
        order = ("one", "two") if next_one == "one" else ("two", "one")
        for folder in order:
            done = run("validate", parent / folder, environment={"NO_COLOR": "1"})
            assert done.code == 0, done.all
            told |= {
                line.rpartition(": ")[2] for line in done.err.splitlines() if "stopped" in line
            }
        assert files_of(parent) in (before, after), number
    raise AssertionError("it never ended")
