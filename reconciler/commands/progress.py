"""What is told while changes are made: lines for people on stderr, or events for programs."""

import time
from collections.abc import Mapping
from typing import Protocol

import click
import orjson

from ..apply import Outcome, Report, State
from ..change import Change
from ..kind import JSON, Kind
from ..plan import Plan, document_of
from ..render.report_text import outcome_line, report_text
from ..render.words import count

MOST_LINES = 200
SECONDS_BETWEEN = 2.0


class Listening(Protocol):
    """Hears a run from its first change to its report."""

    def started(self, change: Change) -> None:
        """Hear that a change is under way."""

    def settled(self, outcome: Outcome) -> None:
        """Hear how a change ended."""

    def report(self, report: Report) -> None:
        """Hear how the run ended."""


class Progress:
    """Tells every outcome of a small plan, and a count now and then of a large one."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._settled = 0
        self._told = time.monotonic()

    def started(self, change: Change) -> None:
        """Say nothing: the outcome follows soon."""

    def settled(self, outcome: Outcome) -> None:
        """Tell one outcome; what was not done is always told."""
        self._settled += 1
        if outcome.state is not State.DONE or self._total <= MOST_LINES:
            click.echo(outcome_line(outcome), err=True)
        elif time.monotonic() - self._told > SECONDS_BETWEEN:
            self._told = time.monotonic()
            click.echo(f"{self._settled:,} of {count(self._total, 'change')}", err=True)

    def report(self, report: Report) -> None:
        """Print the counts."""
        click.echo(report_text(report), nl=False)


class Events:
    """Writes one JSON line per event on stdout, as `schemas/events.schema.json` documents."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds

    def planned(self, plan: Plan) -> None:
        """Write every change of the plan, and how many there are."""
        document = document_of(plan, self._kinds)
        _event("plan", digest=document["digest"], summary=dict(document["summary"]))
        for change in plan.changes:
            _event("planned", **_about(change), consents=list(change.consents))

    def started(self, change: Change) -> None:
        """Write that a change is under way."""
        _event("started", **_about(change))

    def settled(self, outcome: Outcome) -> None:
        """Write how a change ended."""
        about = {**_about(outcome.change), "id": outcome.id}
        _event(outcome.state.value, **about, message=outcome.message, hint=outcome.hint)

    def report(self, report: Report) -> None:
        """Write the counts."""
        counts: dict[str, JSON] = {state.value: report.count(state) for state in State}
        _event("end", stopped=report.stopped, summary=counts)


def _about(change: Change) -> dict[str, JSON]:
    place = change.position
    return {
        "address": str(change.address) if change.address else None,
        "kind": change.kind,
        "id": change.id,
        "action": change.action.value,
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def _event(name: str, **facts: JSON) -> None:
    click.echo(orjson.dumps({"event": name, **facts}))


class Reading:
    """Tells now and then how many rows have been read."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, kind: str, rows: int) -> None:
        """Tell the rows of one kind so far."""
        if time.monotonic() - self._told > SECONDS_BETWEEN:
            self._told = time.monotonic()
            click.echo(f"reading {kind}: {count(rows, 'row')}", err=True)
