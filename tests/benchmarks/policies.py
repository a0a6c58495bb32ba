"""What policies cost: a plan of many changes, with the five examples and without them.

``python -m tests.benchmarks.policies [CHANGES]`` prints the seconds of the processor of both, those
of the process that judges included; CHANGES is 10,000 unless said. Rows are read out of memory, so
there is no network in either: what is compared is the least that a plan takes.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from reconciler.catalogue import load_kinds
from reconciler.configuration.read import read_configuration
from reconciler.plan.document import flowing_document_of, parts_of_text
from reconciler.planning.folder import plan_folder
from reconciler.policies.folders import PolicyFolder
from reconciler.policies.judge import judged
from reconciler.policies.policy import Policy
from reconciler.policies.read import read_folders
from tests.benchmarks.figures import Figure
from tests.memory import Memory
from tests.sandbox_server import ROOT

EXAMPLES = ROOT / "examples" / "policies"
KINDS = load_kinds()
RUNS = 3


def main(changes: int = 10_000) -> list[Figure]:
    """Measure both in turn, and keep the least of each."""
    folders = [PolicyFolder(EXAMPLES / n, n == "trusted") for n in ("repository", "trusted")]
    policies = read_folders(folders, KINDS).all
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "all.yaml").write_text("\n".join(_lines(changes)), "utf-8")
        measured = [
            (_cpu(partial(_plan, folder, ())), _cpu(partial(_plan, folder, policies)))
            for _ in range(RUNS)
        ]
    without, judging = (min(times) for times in zip(*measured, strict=True))
    found = f"{judging / without:.2f} of the {without:.1f} s of the processor that it takes without"
    sys.stdout.write(f"{changes:,} changes with {len(policies)} policies: {found}\n")
    return [Figure(f"plan of {changes:,} changes, judged by {len(policies)} policies", found)]


def _lines(changes: int) -> Iterator[str]:
    """Write a configuration: a third each are guests with notes, bookings, and prices of houses."""
    part = range(changes // 3)
    yield "reconciler: {stack: speed-of-policies}\ncontacts:"
    for n in part:
        yield f"  c{n}: {{first_name: N, email: n{n}@example.com, notes: note {n}, language: nl}}"
    yield "bookings:"
    money = "currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true"
    for n in part:
        yield f"  b{n}: {{reference: R{n}, {money}}}"
    yield "price_calendar_entries:"
    house = "product_id: 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
    rates = (
        "rates: [{duration: 1, occupancy: 6, rate: 340}, {duration: 7, occupancy: 6, rate: 300}]"
    )
    days = "check_in_days: &d [true, true, true, true, true, true, true], checkout_days: *d"
    span = 'intervals: "{[2026-06-01,2026-09-01)}"'
    for n in part:
        line = f"  p{n}: {{{house}, name: {{default: P{n}}}, {rates}, {days}, {span}}}"
        yield line if not n else line.replace("&d [true, true, true, true, true, true, true]", "*d")


def _plan(folder: Path, policies: tuple[Policy, ...]) -> None:
    desired = read_configuration([folder], KINDS, variables={}, environment={}).configuration
    planned = asyncio.run(plan_folder(desired, Memory(), KINDS))
    plan = judged(planned, policies, desired, KINDS).plan
    for _ in parts_of_text(flowing_document_of(plan, KINDS)):
        pass


def _cpu(work: Callable[[], None]) -> float:
    """Measure the seconds of the processor that this process and those that it starts take."""
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
