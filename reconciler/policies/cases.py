"""Tests beside a policy: what it is given, made up, and what it must find."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ..catalogue import Kind
from ..configuration.load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null
from ..configuration.load.problems import ProblemReport
from ..configuration.validate.suggest import Suggester, listed
from ..diagnostics import Position
from ..plan.change import Action
from ..values.column import Column
from ..values.core import read_core
from ..values.unreadable import UnreadableError
from .given import WEEKDAYS, Wanted, counts_of
from .policy import NAMES, Case, Policy
from .seen import Seen

EXPECTED = ("fine", "broken", "error")
"""What a case may expect; an error counts as broken, and is seldom what a policy is meant to be."""

_ROWS = ("before", "after")


class CaseReader(NamedTuple):
    """Reads the cases of a policy; what is wrong with them is reported."""

    policy: Policy
    kinds: Mapping[str, Kind]
    suggest: Suggester
    report: ProblemReport

    def read(self, entry: Entry) -> Iterator[Case]:
        """Read all of them."""
        if not isinstance(entry.value, SequenceNode):
            self._wrong("cases takes a list", entry.position)
            return
        for number, item in enumerate(entry.value.items, 1):
            place = entry.origin.position(item)
            if isinstance(item, MappingNode):
                yield from self._case(item, place, number)
            else:
                self._wrong("a case takes a mapping, with `expect` in it", place)

    def _case(self, node: MappingNode, place: Position, number: int) -> Iterator[Case]:
        before = self.report.count
        known = ("case", "expect", *NAMES[self.policy.about])
        for name, entry in node.entries.items():
            if name not in known:
                hint = self.suggest.hint(name, known, f"there are {', '.join(known)}")
                message = f"a case of a policy about a {self.policy.about} has no {name!r}"
                self._wrong(message, entry.origin.position(entry.key), hint)
        expect = _text(node, "expect")
        if expect not in EXPECTED:
            self._wrong(f"expect takes {listed(EXPECTED)}", place)
        kind = _text(node, "kind")
        if self.policy.about != "plan" and kind not in self.kinds:
            hint = self.suggest.hint(kind, self.kinds, "write kind: and the name of a kind")
            self._wrong("a case says which kind its row has", place, hint)
        if self.report.count == before:
            given = self._given(node, kind)
            if self.report.count == before:
                yield Case(_text(node, "case") or f"case {number}", given, expect, place)

    def _given(self, node: MappingNode, kind: str) -> dict[str, object]:
        given: dict[str, object] = {}
        if self.policy.about != "plan":
            sides = {side: self._row(node, side, kind) for side in _ROWS}
            given = {"kind": kind, "key": _text(node, "key") or "a-case", **sides}
            given["related"] = self._related(node)
        if self.policy.about == "change":
            given["action"] = _text(node, "action") or _action(given)
        given["counts"] = self._counts(node)
        return {**given, **self._day(node)}

    def _row(self, node: MappingNode, side: str, kind: str) -> dict[str, object]:
        entry = node.entries.get(side)
        if entry is None or is_null(entry.value):
            return {}
        return self._columns(entry, kind)

    def _columns(self, entry: Entry, kind: str) -> dict[str, object]:
        columns = self.kinds[kind].columns
        found: dict[str, object] = {}
        if not isinstance(entry.value, MappingNode):
            self._wrong("a row takes a mapping of columns", entry.position)
            return {}
        for name, cell in entry.value.entries.items():
            if name == "key":
                found[name] = cell.value.text if isinstance(cell.value, Scalar) else ""
            elif name not in columns:
                hint = self.suggest.hint(name, columns)
                place = cell.origin.position(cell.key)
                self._wrong(f"{kind} has no column {name!r}", place, hint)
            else:
                found[name] = self._value(columns[name], cell)
        seen = Seen(self.kinds, trusted=self.policy.trusted)
        key = {"key": found["key"]} if "key" in found else {}
        return {**key, **seen.row(kind, found, None)}

    def _value(self, column: Column, cell: Entry) -> object:
        typed = column.type.item or column.type

        def read(scalar: Scalar) -> object:
            if column.reference:
                return scalar.text
            if typed.form == "json":
                return read_core(scalar.text) if scalar.plain else scalar.text
            return typed.read(scalar.text)

        try:
            return _plain(cell.value, read)
        except UnreadableError as error:
            self._wrong(f"{column.name} takes {error.expects}", cell.position)
            return None

    def _related(self, node: MappingNode) -> dict[str, object]:
        found: dict[str, object] = {kind: [] for kind in self.kinds}
        entry = node.entries.get("related")
        if entry is None or not isinstance(entry.value, MappingNode):
            return found
        for kind, rows in entry.value.entries.items():
            if kind not in self.kinds:
                hint = self.suggest.hint(kind, self.kinds)
                place = rows.origin.position(rows.key)
                self._wrong(f"there is no kind {kind!r}", place, hint)
            elif isinstance(rows.value, SequenceNode):
                found[kind] = [
                    self._columns(Entry(rows.key, item, rows.origin), kind)
                    for item in rows.value.items
                ]
        return found

    def _counts(self, node: MappingNode) -> dict[str, object]:
        counted = counts_of((), self.kinds)
        entry = node.entries.get("counts")
        given = _plain(entry.value, lambda scalar: read_core(scalar.text)) if entry else {}
        for name, number in given.items() if isinstance(given, dict) else ():
            if name not in counted and entry:
                hint = self.suggest.hint(name, counted)
                self._wrong(f"nothing is counted as {name!r}", entry.position, hint)
            inner = counted.get(name)
            both = isinstance(inner, dict) and isinstance(number, dict)
            counted[name] = {**inner, **number} if both else number  # type: ignore[dict-item]
        return counted

    def _day(self, node: MappingNode) -> dict[str, object]:
        today, weekday = _text(node, "today"), _text(node, "weekday")
        try:
            day = date.fromisoformat(today) if today else None
        except ValueError:
            self._wrong("today takes a date such as 2026-11-27", node.entries["today"].position)
            return {}
        if weekday and weekday not in WEEKDAYS:
            hint = self.suggest.hint(weekday.title(), WEEKDAYS)
            message = f"weekday takes {listed(WEEKDAYS)}"
            self._wrong(message, node.entries["weekday"].position, hint)
        found = {"today": today} if today else {}
        name = weekday or (WEEKDAYS[day.weekday()] if day else "")
        return {**found, **({"weekday": name} if name else {})}

    def _wrong(self, message: str, place: Position, hint: str | None = None) -> None:
        self.report.error("bad-policy", message, place, hint=hint)


class Tried(NamedTuple):
    """How a case went: ``found`` is fine, broken or error, and ``why`` says more of an error.

    It is "not tried" where a case before it, or all together, took too much: nothing is judged
    after that.
    """

    policy: Policy
    case: Case
    found: str
    why: str

    @property
    def passed(self) -> bool:
        """Tell whether it went as it was expected to."""
        return self.found == self.case.expect


def try_cases(policies: Sequence[Policy], seconds: float | None = None) -> tuple[Tried, ...]:
    """Try every case within a minute, or so many seconds.

    Raises UsageError where the engine is not installed.
    """
    from .given import Group, Subject, line_of
    from .judge import judge_groups, why_not
    from .process import Bounds

    groups = [
        Group(
            (policy,),
            tuple(Subject(case.name, case.position) for case in policy.cases),
            tuple(line_of(case.given, Wanted.by([policy])) for case in policy.cases),
        )
        for policy in policies
    ]
    every = max((len(policy.cases) for policy in policies), default=0)
    bounds = Bounds(named=every)
    bounds = bounds if seconds is None else bounds._replace(all=seconds)
    outcomes = judge_groups(groups, bounds)[0].outcomes
    wrong = {(one.policy, one.row): one for one in outcomes}
    cuts = {one.policy: one for one in outcomes if one.row < 0 or one.sort == "cut off"}
    tried: list[Tried] = []
    for number, policy in enumerate(policies):
        cut = cuts.get(number)
        for row, case in enumerate(policy.cases):
            is_behind = cut is not None and row > cut.row
            outcome = cut if is_behind else wrong.get((number, row))
            why = why_not(policy, outcome) if outcome else ""
            found = ("error" if why else "broken") if outcome else "fine"
            if cut and is_behind and cut.sort == "cut off":
                at = f"{policy.cases[cut.row].name}: " if cut.row >= 0 else ""
                found, why = "not tried", f"{at}{why}"
            tried.append(Tried(policy, case, found, why))
    return tuple(tried)


def _plain(node: Node, read: Callable[[Scalar], object]) -> object:
    if is_null(node):
        return None
    if isinstance(node, Scalar):
        return read(node)
    if isinstance(node, SequenceNode):
        return [_plain(item, read) for item in node.items]
    return {name: _plain(entry.value, read) for name, entry in node.entries.items()}


def _text(node: MappingNode, name: str) -> str:
    entry = node.entries.get(name)
    return entry.value.text if entry and isinstance(entry.value, Scalar) else ""


def _action(given: Mapping[str, object]) -> str:
    """Say what happens, as the sides show it."""
    if not given["before"]:
        return Action.CREATE.value
    return (Action.UPDATE if given["after"] else Action.DELETE).value
