"""Execute changes on a server in memory, and see all that came of it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reconciler.bindings import Binding, Bindings
from reconciler.client.protocols import Writer
from reconciler.execution import Outcome, Report, apply
from reconciler.journal.read import past_runs, read_run
from reconciler.journal.records import PastRun
from reconciler.plan.change import Change, Difference
from reconciler.plan.consents import MEANINGS
from reconciler.plan.model import Plan
from reconciler.planning.approval import approve
from reconciler.planning.planned import Planned
from reconciler.values.column import JSON
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    address,
    change,
    foreign_id,
    own_id,
    remembered,
    row,
)
from tests.unruly import Step, Unruly


@dataclass(slots=True)
class Heard:
    """Listens, and keeps what it heard: ``started contacts.jane``, ``done contacts.jane``."""

    events: list[str] = field(default_factory=list)

    def started(self, change: Change) -> None:
        """Keep that a change begins."""
        self.events.append(f"started {change.name}")

    def settled(self, outcome: Outcome) -> None:
        """Keep how a change ended."""
        self.events.append(f"{outcome.state.value} {outcome.change.name}")


@dataclass(frozen=True, slots=True)
class Execution:
    """All that came of a run."""

    report: Report
    bindings: Bindings
    events: list[str]
    folder: Path

    @property
    def journal(self) -> PastRun:
        """Read the journal of the last run back."""
        return read_run(past_runs(self.folder / "journal")[-1])

    @property
    def answers(self) -> list[str | None]:
        """List how the requests of the journal ended, once for each change."""
        return [entry.answer for entry in self.journal.entries]

    @property
    def ends(self) -> list[str]:
        """Write each outcome in a line: state, name, message."""
        return [
            " ".join(filter(None, [one.state.value, one.change.name, one.message]))
            for one in self.report.outcomes
        ]

    @property
    def bound(self) -> Mapping[str, tuple[str, str]]:
        """List the bindings as they stand in the file: address → (id, origin)."""
        entries = Bindings.read(self.bindings.path).entries
        return {str(name): (one.id, one.origin) for name, one in entries.items()}


def bindings_in(folder: Path, **bound: tuple[str, str]) -> Bindings:
    """Make bindings with entries such as ``contacts__jane=(id, "owned")``; they are in the file."""
    bindings = Bindings(folder / "bindings.yaml", {})
    for name, (row_id, origin) in bound.items():
        binding = Binding(row_id, "owned" if origin == "owned" else "adopted")
        bindings.bind(address(name.replace("__", ".")), binding.id, binding.origin)
    bindings.save()
    return bindings


def execute(
    api: Writer,
    folder: Path,
    *levels: Iterable[Change],
    bindings: Bindings | None = None,
    stop: Callable[[], bool] = lambda: False,
    listener: Heard | None = None,
    stack: str = STACK,
) -> Execution:
    """Apply changes level by level, without long waits."""
    bindings, listener = bindings or bindings_in(folder), listener or Heard()
    steps: Sequence[tuple[Change, ...]] = [tuple(level) for level in levels]
    plan = Plan(stack, ORGANIZATION, "sha256:0", tuple(steps), 0)
    approved = approve(Planned(plan, remembered(bindings, stack)), KINDS, consents=MEANINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reconciler.client.retries._SECOND", 0.0004)
        journal = folder / "journal"
        report = asyncio.run(apply(approved, api, KINDS, journal, listener=listener, stop=stop))
    return Execution(report, bindings, listener.events, folder)


def create(key: str, *, needs: str = "") -> Change:
    """Create a contact whose first name is its key; ``needs`` are the keys of others."""
    wanted = [f"contacts.{one}" for one in needs.split()]
    return change(f"create contacts.{key}", first_name=key, needs=wanted)


def contacts(script: Mapping[str, Sequence[Step]] | None = None, *, keys: str = "") -> Unruly:
    """Have contacts whose first names are their keys."""
    api = Unruly(script)
    for key in keys:
        api.put("contacts", row("contacts", own_id(f"contacts.{key}"), first_name=key))
    return api


def on(api: Unruly, line: str, **columns: str) -> Change:
    """Change the row of a contact as it is now: ``on(api, "update contacts.a", city="X")``."""
    key = line.rpartition(".")[2]
    there = seen(api, key)
    one = change(line, row=there)
    return replace(one, columns={n: Difference(there[n], value) for n, value in columns.items()})


def seen(api: Unruly, key: str) -> dict[str, JSON]:
    """Copy the row of a contact as it is now."""
    return dict(api.rows["contacts"][own_id(f"contacts.{key}")])


def edit(key: str, **values: JSON) -> Callable[[Unruly], None]:
    """Have somebody change a row."""
    return lambda api: api.put("contacts", {**seen(api, key), **values})


def remove(key: str) -> Callable[[Unruly], None]:
    """Have somebody delete a row."""

    def do(api: Unruly) -> None:
        del api.rows["contacts"][own_id(f"contacts.{key}")]

    return do


def words(done: Execution) -> list[str]:
    """Write each outcome in a line, without the name of the kind: state, key, message."""
    return [line.replace("contacts.", "") for line in done.ends]


def made(number: int, name: str = "Villa") -> Callable[[Unruly], None]:
    """Have somebody make a product."""
    return lambda api: api.put(
        "products", row("products", foreign_id(number), name={"default": name})
    )


def ids(api: Unruly, kind: str = "products") -> list[str]:
    """List the ids of the rows that are there."""
    return sorted(api.rows.get(kind, {}))


def only(done: Execution) -> tuple[str, str | None, str | None]:
    """Give the state, the message and the hint of the one change."""
    [outcome] = done.report.outcomes
    return outcome.state.value, outcome.message, outcome.hint
