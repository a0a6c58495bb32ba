"""What a fleet run wrote down, and what is known of one that was killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.diagnostics import Position, UsageError
from reconciler.fleet.members import Member, Turn
from reconciler.fleet.results import Result
from reconciler.fleet.runs import (
    FLEET,
    FleetJournal,
    find_fleet_run,
    fleet_runs,
    prune_fleet_runs,
)

ORGANIZATIONS = {name: f"0d9cbb5e-62a4-4f0e-8d7b-00000000000{name}" for name in "abc"}


@contextmanager
def written(folder: Path, members: str, verb: str = "apply") -> Iterator[FleetJournal]:
    turns = [
        Turn(f"wave {m}", (Member(m, ORGANIZATIONS[m], Position("f", 1, 1)),)) for m in members
    ]
    with FleetJournal(folder / FLEET, verb, turns) as journal:
        yield journal


def run_of(folder: Path, name: str, after: FleetJournal) -> str:
    """Put a journal of an organization there, as a run after the beginning of a fleet run."""
    own = folder / ORGANIZATIONS[name]
    own.mkdir(exist_ok=True)
    run = f"{after.run[:-4]}ffff-{name}"
    (own / f"{run}.jsonl").write_text("{}\n")
    return run


def ended(journal: FleetJournal, name: str, *runs: str) -> None:
    journal.began(name)
    journal.ended(Result(name, ORGANIZATIONS[name], 0, "done", runs=runs, wrote=bool(runs)))


def test_members_that_were_written_to_are_known_in_the_order_of_waves(tmp_path: Path) -> None:
    with written(tmp_path, "abc") as journal:
        ended(journal, "b", "1", "2")
        ended(journal, "a", "3")
        ended(journal, "c")
    run = find_fleet_run(tmp_path, None)
    assert run.ended
    assert [(one.name, one.wave, one.runs) for one in run.members] == [
        ("a", "wave a", ("3",)),
        ("b", "wave b", ("2", "1")),
    ]
    assert find_fleet_run(tmp_path, journal.run) == run


def test_a_run_that_wrote_nothing_leaves_nothing(tmp_path: Path) -> None:
    with written(tmp_path, "a") as journal:
        ended(journal, "a")
    assert fleet_runs(tmp_path) == ()
    with pytest.raises(UsageError, match="no fleet run that changed anything"):
        find_fleet_run(tmp_path, None)


def test_of_a_killed_run_the_journals_of_the_organizations_tell(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), written(tmp_path, "ab") as killed:
        killed.began("a")
        raise KeyboardInterrupt
    run = run_of(tmp_path, "a", killed)
    with written(tmp_path, "c") as beside:  # of another organization: it says nothing of a
        ended(beside, "c", "1")
    with written(tmp_path, "a") as later:
        ended(later, "a", run_of(tmp_path, "a", later))
    found = find_fleet_run(tmp_path, killed.run)
    assert not found.ended
    assert [(one.name, one.runs) for one in found.members] == [("a", (run,))]


def test_the_last_ones_stay(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), written(tmp_path, "a") as first:
        first.began("a")
        raise KeyboardInterrupt
    for _ in range(4):
        with written(tmp_path, "a") as journal:
            ended(journal, "a", "1")
    with pytest.raises(KeyboardInterrupt), written(tmp_path, "a") as killed:
        killed.began("a")
        raise KeyboardInterrupt
    assert prune_fleet_runs(tmp_path, 5) == 0  # only four ended
    assert prune_fleet_runs(tmp_path, 2) == 3
    names = [one.run for one in fleet_runs(tmp_path)]
    assert names[-2:] == [journal.run, killed.run]
    assert len(names) == 3


@pytest.mark.parametrize(
    "text", ["", "{}\n", '{"type": "fleet-run", "format_version": 9}\n', "x\n"]
)
def test_what_is_no_journal_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FLEET).mkdir()
    (tmp_path / FLEET / "1.jsonl").write_text(text)
    with pytest.raises(UsageError, match=r"1\.jsonl"):
        find_fleet_run(tmp_path, None)
