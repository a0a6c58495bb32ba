"""What many organizations have alike, put together so that each view shows it once.

Ids differ from organization to organization, and so do places in overlays; so what people see is
compared: the kind, the name, the action, the columns before and after. A hidden value is not
compared, not even by a digest: who knows one value could find out others by it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ...diagnostics.words import count, few
from ...fleet.results import FleetReport, Result, Told
from ...plan.change import Action
from ...plan.consents import ADVISORY
from ...plan.shape import ChangeDocument, ColumnDocument, PlanDocument, name_of
from ...values.jsonform import canonical_json
from ..facts import flowing_sanitized, from_here, names_of, needs_of
from ..policies import broken_policies
from ..visible import visible

PlanOf = Callable[[str], PlanDocument | None]
FINE = frozenset({"done", "unchanged", "pending"})
"""How an organization ends in which nothing went wrong."""
MOST_NAMES = 8
MOST_DETAILED = 50_000
"""So many different changes are kept with their columns, since all are in memory together."""
_LEFT_OUT = "columns of changes are left out: too many are different"
_DRAWN = frozenset({"before", "after", "hidden", "refers_to", "referred_to"})
_DRAWN_HIDDEN = frozenset({"hidden", "file", "line"})


class Shown(NamedTuple):
    """A change as one organization has it; ``names`` are those of rows that its columns name."""

    change: ChangeDocument
    names: Mapping[str, str]


class Shared(NamedTuple):
    """The changes that just these organizations have alike."""

    members: tuple[str, ...]
    changes: tuple[Shown, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of them there are of each action."""
        return Counter(one.change["action"] for one in self.changes)

    def shown(self) -> Iterator[Shown]:
        """Give the changes without what is true in one organization alone, if there are others."""
        for change, names in self.changes:
            if len(self.members) == 1:
                yield Shown(change, names)
                continue
            called = change["address"] or f"a row of {change['kind']}"
            yield Shown({**change, "address": called, "id": None, "referenced_by": []}, names)

    @property
    def hides(self) -> bool:
        """Tell whether there are values that nobody sees, and that may differ therefore."""
        columns = (c for one in self.changes for c in one.change["columns"].values())
        return len(self.members) > 1 and any("hidden" in column for column in columns)


class Alert(NamedTuple):
    """What is said of some organizations; ``mark`` is x, ! or i, as in a plan."""

    mark: str
    text: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a view tells."""

    report: FleetReport
    shared: tuple[Shared, ...]
    wrong: tuple[Alert, ...]
    told: tuple[Alert, ...]
    asked: Mapping[str, tuple[str, ...]]
    """Which organizations ask for a consent, by its name."""

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What went wrong, then what is said of plans: refusals, questions, notes."""
        return (*self.wrong, *self.told)

    @property
    def summary(self) -> str:
        """Count how the organizations ended."""
        states = Counter(one.state for one in self.report.results)
        words = ", ".join(f"{number:,} {visible(state)}" for state, number in states.most_common())
        return f"{organizations(len(self.report.results))}: {words or 'none'}"


def gather(report: FleetReport, plan_of: PlanOf, folder: Path | None = None) -> Gathered:
    """Put together what is alike; ``folder`` is the base, from which plans name files."""
    seen = _Seen()
    for one in report.results:
        seen.result(one)
        plan = plan_of(one.name)
        if plan is not None:
            seen.plan(one.name, flowing_sanitized(from_here(plan, folder)))
    shared = sorted(seen.shared(), key=lambda s: (not _matters(s), -len(s.members), s.members))
    asked = {consent: tuple(names) for consent, names in seen.asked.items()}
    return Gathered(report, tuple(shared), _alerts(seen.wrong), _alerts(seen.told), asked)


def _alerts(said: Mapping[tuple[str, str], list[str]]) -> tuple[Alert, ...]:
    alerts = (Alert(mark, text, tuple(names)) for (mark, text), names in said.items())
    return tuple(sorted(alerts, key=lambda one: ("x!i".index(one.mark), -len(one.members))))


def organizations(number: int) -> str:
    """Count organizations."""
    return count(number, "organization")


def who(members: Sequence[str], total: int, most: int = MOST_NAMES) -> str:
    """Name some organizations, after how many they are."""
    if len(members) == 1:
        return members[0]
    every = "all " if len(members) == total else ""
    return f"{every}{organizations(len(members))} ({few(members, most)})"


class _Seen:
    """What was seen in one organization after the other."""

    def __init__(self) -> None:
        self._changes: dict[tuple[bytes, int], Shown] = {}
        self._strewn: set[tuple[bytes, int]] = set()
        self._having: dict[tuple[bytes, int], list[str]] = {}
        self.wrong: dict[tuple[str, str], list[str]] = {}
        self.told: dict[tuple[str, str], list[str]] = {}
        self.asked: dict[str, list[str]] = {}

    def result(self, one: Result) -> None:
        for note in one.notes:
            _say(self.told, "i", visible(note), one.name)
        for warning in one.warnings:
            _say(self.told, "i", _problem(warning), one.name)
        if one.error is not None:
            wrote = ", after something was written" if one.wrote else ""
            hint = f" ({one.error['hint']})" if one.error["hint"] else ""
            text = visible(f"{one.state}{wrote}: {one.error['message']}{hint}")
            _say(self.wrong, "x", text, one.name)
            for problem in one.error.get("problems", ()):
                _say(self.wrong, "x", _problem(problem), one.name)
            for reason in one.error.get("reasons", ()):
                _say(self.wrong, "x", visible(reason), one.name)

    def plan(self, name: str, plan: PlanDocument) -> None:
        rows = names_of(plan)
        seen: Counter[bytes] = Counter()
        for change in plan["changes"]:
            drawn = _drawn(change, rows)
            key = (drawn, seen[drawn])  # rows without a name may look alike
            seen[drawn] += 1
            if key not in self._changes:
                self._changes[key] = self._kept(change, rows, name)
            first = self._changes[key].change
            if (first["file"], first["line"]) != (change["file"], change["line"]):
                self._strewn.add(key)
            self._having.setdefault(key, []).append(name)
            if change["protected"]:
                text = f"protected, apply will refuse to delete it: {name_of(change)}"
                _say(self.told, "x", text, name)
        for need in needs_of(plan["changes"]):
            asked = f"notice ({need.name})" if need.advisory else f"needs --allow {need.name}"
            _say(self.told, "i" if need.advisory else "!", f"{asked}: {need.meaning}", name)
            if not need.advisory:
                self.asked.setdefault(need.name, []).append(name)
        for one in broken_policies(plan):
            _say(self.told, one.mark, one.text, name)
            if one.consent:
                self.asked.setdefault(one.consent, []).append(name)
        for note in plan["notes"]:
            _say(self.told, "i", note, name)

    def _kept(self, change: ChangeDocument, rows: Mapping[str, str], name: str) -> Shown:
        """Keep a change that was not seen before, and of the names of rows what it needs."""
        if len(self._changes) >= MOST_DETAILED:
            _say(self.told, "i", _LEFT_OUT, name)
            return Shown({**change, "columns": {}, "label": {}}, {})
        before = (column.get("before") for column in _columns(change))
        return Shown(change, {b: rows[b] for b in before if isinstance(b, str) and b in rows})

    def shared(self) -> Iterator[Shared]:
        groups: dict[tuple[str, ...], list[Shown]] = {}
        for key, members in self._having.items():
            change, names = self._changes[key]
            if key in self._strewn and change["file"]:
                change = {**change, "file": f"several places, such as {change['file']}"}
            groups.setdefault(tuple(members), []).append(Shown(change, names))
        return (Shared(members, tuple(changes)) for members, changes in groups.items())


def _say(said: dict[tuple[str, str], list[str]], mark: str, text: str, name: str) -> None:
    names = said.setdefault((mark, text), [])
    if names[-1:] != [name]:
        names.append(name)


def _problem(problem: Told) -> str:
    """Say what is wrong in the YAML, with its place."""
    place = f"{problem['file']}:{problem['line']}: " if problem["file"] else ""
    return visible(f"{place}{problem['message']}")


def _columns(change: ChangeDocument) -> Iterator[ColumnDocument]:
    yield from change["columns"].values()
    yield from change["label"].values()


def _drawn(change: ChangeDocument, names: Mapping[str, str]) -> bytes:
    """Digest what people see of a change; what is hidden has no part in it."""
    drawn = canonical_json(
        [
            change["action"], change["address"], change["kind"],
            {name: _column(column, names) for name, column in change["columns"].items()},
            {name: _column(column, names) for name, column in change["label"].items()},
            change["consents"], change["protected"], change["unconfirmed"],
        ]
    )  # fmt: skip
    return sha256(drawn).digest()


def _column(column: ColumnDocument, names: Mapping[str, str]) -> Mapping[str, object]:
    """Put the name of a row for its id, which is another one in each organization.

    A hidden value that an overlay gives is another one than that of another overlay.
    """
    seen = _DRAWN_HIDDEN if "hidden" in column else _DRAWN
    drawn = {name: value for name, value in column.items() if name in seen}
    if "refers_to" in drawn:
        drawn.pop("after", None)
    before = drawn.get("before")
    if "referred_to" in drawn:
        drawn.pop("before", None)
    elif isinstance(before, str) and before in names:
        drawn["before"] = names[before]
    return drawn


def _matters(shared: Shared) -> bool:
    """Tell whether something is among the changes that nobody must overlook."""
    return any(
        one.change["protected"]
        or one.change["action"] == Action.DELETE
        or set(one.change["consents"]) - ADVISORY
        for one in shared.changes
    )
