"""Kill undo before and after every write request, and exports and imports at random moments.

``python -m tests.crash_others`` tries all, ``--sample N`` some of each. Every trial is run again
undisturbed, and must end as a run that nobody disturbed; a table says what was found.
"""

import argparse
import random
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.commandline import Finished, run
from tests.comparable import state_of
from tests.crash import ALLOWED, Figures, Laboratory, compare, laboratory, spread
from tests.killing_proxy import Moment

AT_RANDOM = 60
"""Kills of exports, and of imports."""
TRIES = 3
"""So many runs for each kill at most: some have ended before their moment comes."""


def undo(lab: Laboratory, figures: Figures, sample: int | None) -> None:
    """Kill an undo at each of its writes, then take the same run back again."""
    start = state_of(lab.organization, _applied(lab)[0])
    folder, name = _applied(lab)
    assert lab.alone(_undo(folder, name), 0, "before").code == 0
    writes, expected = lab.proxy.writes, state_of(lab.organization, folder)
    moments: tuple[Moment, ...] = ("before", "after")
    trials = [(n, moment) for n in range(1, writes + 1) for moment in moments]
    for n, moment in spread(trials, sample):
        folder, name = _applied(lab)
        trial = f"undo killed {moment} write {n}"
        figures.count(trial, lab.alone(_undo(folder, name), n, moment))
        done = _again(lab, _undo(folder, name))
        if done.code != 0:
            figures.failures.append(f"{trial}, the second one said: {done.all}")
        compare(figures, trial, start, expected, state_of(lab.organization, folder))


def export(lab: Laboratory, figures: Figures, sample: int | None) -> None:
    """Kill an export at random moments; the next one gives a folder that plans nothing."""
    _applied(lab)
    folder = lab.folder.with_name("exported")

    def begin() -> tuple[str, ...]:
        shutil.rmtree(folder, ignore_errors=True)
        return ("export", "--out", str(folder), "--stack", "crash-1a2b")

    def check() -> str:
        again = () if (folder / "bookingmood.yaml").exists() else ("--stack", "crash-1a2b")
        done = _again(lab, ("export", "--out", str(folder), *again))
        plan = _again(lab, ("plan", str(folder), "--detailed-exitcode"))
        return "" if (done.code, plan.code) == (0, 0) else done.all + plan.all

    _at_random(lab, figures, "export", begin, check, folder, sample)


def import_(lab: Laboratory, figures: Figures, sample: int | None) -> None:
    """Kill an import at random moments; the next one binds the row once, in one block."""
    folder, _ = _applied(lab)
    row = str(lab.organization.one("contacts", "email=eq.not@ours.test")["id"])
    kept = folder.with_name("kept")
    shutil.copytree(folder, kept, dirs_exist_ok=True)
    arguments = ("import", "contacts.not-ours", row, str(folder))

    def begin() -> tuple[str, ...]:
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        return arguments

    def check() -> str:
        done = _again(lab, arguments)
        plan = _again(lab, ("plan", str(folder), "--detailed-exitcode"))
        text = "".join(file.read_text() for file in folder.rglob("*.yaml"))
        once = text.count(f"contacts.not-ours: {{id: {row}") == text.count("not@ours.test") == 1
        return "" if (done.code, plan.code, once) == (0, 0, True) else done.all + plan.all

    _at_random(lab, figures, "import", begin, check, folder, sample)


def _at_random(
    lab: Laboratory,
    figures: Figures,
    name: str,
    begin: Callable[[], tuple[str, ...]],
    check: Callable[[], str],
    folder: Path,
    sample: int | None,
) -> None:
    before = state_of(lab.organization)
    whole = min(_seconds(lab, begin()) for _ in range(2))  # the first one finds a cold server
    assert not check()
    expected = state_of(lab.organization, folder)
    dice, count = random.Random(7), min(sample or AT_RANDOM, AT_RANDOM)
    for _ in range(TRIES * count):
        if figures.killed == count:
            break
        moment = dice.uniform(0.1, 0.9) * whole
        trial = f"{name} killed after {moment:.2f} s"
        figures.count(trial, lab.killed_after(begin(), moment))
        if words := check():
            figures.failures.append(f"{trial}, then: {words}")
        compare(figures, trial, before, expected, state_of(lab.organization, folder))


def _seconds(lab: Laboratory, arguments: tuple[str, ...]) -> float:
    began = time.monotonic()
    assert lab.alone(arguments, 0, "before").code == 0
    return time.monotonic() - began


def _applied(lab: Laboratory) -> tuple[Path, str]:
    """Set all back and apply; gives the folder, and the name of the run."""
    folder = lab.fresh_folder()
    assert not lab.apply_again(folder)
    [journal] = (folder / ".reconciler" / "journal").glob("*.jsonl")
    return folder, journal.stem


def _undo(folder: Path, name: str) -> tuple[str, ...]:
    return ("undo", str(folder), "--run", name, "--auto-approve", "--allow", ALLOWED)


def _again(lab: Laboratory, arguments: tuple[str, ...]) -> Finished:
    return run(*arguments, environment=lab.environment(lab.organization.url))


def main() -> None:
    """Execute the trials that the command line asks for, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="try only so many of each")
    sample, clean = parser.parse_args().sample, True
    with laboratory() as lab:
        for verb in (undo, export, import_):
            figures = Figures()
            verb(lab, figures, sample)
            for failure in figures.failures:
                print(failure, file=sys.stderr)
            print(f"{verb.__name__.strip('_'):<8} {figures}", flush=True)
            clean = clean and figures.clean
    sys.exit(0 if clean else 1)


if __name__ == "__main__":
    main()
