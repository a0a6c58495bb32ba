"""What programs hear of changes, on stdout, while they are made."""

from collections.abc import Callable, Mapping

import orjson

from ...catalogue import Kind
from ...execution import Outcome, Report, State
from ...plan.change import Change
from ...plan.document import flowing_document_of
from ...plan.model import Plan
from ...values.column import JSON
from ..out import hand_over


class Events:
    """Writes one JSON line per event on stdout, as `schemas/events.schema.json` documents."""

    def __init__(self, kinds: Mapping[str, Kind], metrics: Callable[[], Mapping[str, int]]) -> None:
        self._kinds = kinds
        self._metrics = metrics

    def planned(self, plan: Plan) -> None:
        """Write every change of the plan, and how many there are."""
        document = flowing_document_of(plan, self._kinds)
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

    def nothing(self) -> None:
        """Write that the run ended without a change."""
        self.report(Report((), stopped=False))

    def report(self, report: Report) -> None:
        """Write what it took, and the counts."""
        _event("metrics", **self._metrics())
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
    hand_over(orjson.dumps({"event": name, **facts}).decode() + "\n")
