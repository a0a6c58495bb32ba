"""What expressions are given: one line of JSON for each row, with no more in it than they use."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from ..catalogue import Kind
from ..configuration.resource import Configuration, KeyReference, Resource
from ..diagnostics import Position
from ..plan.change import Action, Change
from ..plan.model import Plan
from ..values.address import Address
from .policy import About, Given, Policy
from .seen import Seen, key_of


@dataclass(frozen=True, slots=True)
class Subject:
    """What a policy is judged on; ``partial`` tells that some of it waits for a variable."""

    name: str
    position: Position | None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Policies that see the same, what they are judged on, and each of that as a line of JSON."""

    policies: tuple[Policy, ...]
    subjects: tuple[Subject, ...]
    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What expressions use; ``before``, ``after`` and ``related`` are None for all of it."""

    names: frozenset[str]
    before: frozenset[str] | None
    after: frozenset[str] | None
    related: frozenset[str] | None
    only_counts_related: bool

    @classmethod
    def by(cls, policies: Iterable[Policy]) -> "Wanted":
        """Find what policies use together."""
        words = [policy.words for policy in policies]
        return cls(
            frozenset(token.text for one in words for token in one.names),
            _together(one.fields("before") for one in words),
            _together(one.fields("after") for one in words),
            _together(one.fields("related") for one in words),
            all(one.only_counts_related for one in words),
        )


def groups_of(policies: Iterable[Policy], about: About) -> Iterator[tuple[Policy, ...]]:
    """Give the policies about something, by what they see and by the one kind that they are for."""
    groups: dict[tuple[bool, str | None], list[Policy]] = {}
    for policy in policies:
        if policy.about == about:
            groups.setdefault((policy.trusted, policy.words.only_kind), []).append(policy)
    yield from map(tuple, groups.values())


class Rows:
    """Makes what policies are given about a configuration, and a plan for it where there is one."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        configuration: Configuration,
        now: datetime,
        plan: Plan | None = None,
    ) -> None:
        self._kinds = kinds
        self._configuration = configuration
        self._day = day_of(now)
        self._plan = plan
        self._names = _names_in(plan) if plan else {}
        self._referring: dict[Address, list[Resource]] | None = None

    def group(self, policies: tuple[Policy, ...]) -> Group:
        """Make the lines for policies that see the same."""
        about, trusted = policies[0].about, policies[0].trusted
        wanted, seen = Wanted.by(policies), self._seen(trusted)
        if about == "resource":
            pairs = self._resources(wanted, seen, policies[0].words.only_kind)
        elif about == "change":
            pairs = self._changes(wanted, seen, policies[0].words.only_kind)
        else:
            pairs = self._whole(wanted)
        found = [(subject, line_of(given, wanted)) for subject, given in pairs]
        return Group(policies, tuple(s for s, _ in found), tuple(line for _, line in found))

    def _resources(
        self, wanted: Wanted, seen: Seen, kind: str | None
    ) -> Iterator[tuple[Subject, dict[str, object]]]:
        for address, resource in self._configuration.resources.items():
            if resource.absent or (kind and address.kind != kind):
                continue
            given = {
                **self._day,
                "kind": address.kind,
                "key": address.key,
                "after": seen.row(address.kind, resource.values, wanted.after),
                "related": self._related(address, wanted, seen),
            }
            read = [resource, *self._referring_to(address, wanted)]
            partial = any(seen.is_partial(one.address.kind, one.values) for one in read)
            yield Subject(str(address), resource.position, partial), given

    def _changes(
        self, wanted: Wanted, seen: Seen, kind: str | None
    ) -> Iterator[tuple[Subject, dict[str, object]]]:
        assert self._plan
        counts = counts_of(self._plan.changes, self._kinds) if "counts" in wanted.names else {}
        for change in self._plan.changes:
            if kind and change.kind != kind:
                continue
            row = change.row or {}
            after: dict[str, object] = {}
            if change.action is not Action.DELETE:
                after.update(row)
                after.update(change.after)
            given = {
                **self._day,
                "kind": change.kind,
                "key": key_of(change.address),
                "action": change.action.value,
                "before": seen.row(change.kind, row, wanted.before),
                "after": seen.row(change.kind, after, wanted.after),
                "related": self._related(change.address, wanted, seen),
                "counts": counts,
            }
            yield Subject(change.name, change.position), given

    def _whole(self, wanted: Wanted) -> Iterator[tuple[Subject, dict[str, object]]]:
        assert self._plan
        counts = counts_of(self._plan.changes, self._kinds)
        yield Subject("the plan", None), {**self._day, "counts": counts}

    def _seen(self, trusted: bool) -> Seen:
        secrets = self._configuration.secrets
        return Seen(self._kinds, trusted=trusted, names=self._names, secrets=secrets)

    def _related(
        self, address: Address | None, wanted: Wanted, seen: Seen
    ) -> Mapping[str, list[dict[str, object]]]:
        """Give the rows that refer to a resource, by kind: as the YAML says, each with its key."""
        if "related" not in wanted.names:
            return {}
        kinds = self._kinds if wanted.related is None else wanted.related
        found: dict[str, list[dict[str, object]]] = {kind: [] for kind in kinds}
        for one in self._referring_to(address, wanted):
            kind, key = one.address
            if kind in found:
                row = {} if wanted.only_counts_related else seen.row(kind, one.values, None)
                found[kind].append({"key": key, **row})
        return found

    def _referring_to(self, address: Address | None, wanted: Wanted) -> Sequence[Resource]:
        if "related" not in wanted.names or address is None:
            return ()
        if self._referring is None:
            self._referring = referring(self._configuration)
        return self._referring.get(address, ())


def line_of(given: Given, wanted: Wanted) -> bytes:
    """Write what is given, without what no expression names."""
    return orjson.dumps({name: v for name, v in given.items() if name in wanted.names})


def day_of(now: datetime) -> dict[str, object]:
    """Say which day it is: as a date, and by its English name."""
    return {"today": now.date().isoformat(), "weekday": WEEKDAYS[now.weekday()]}


def counts_of(changes: Iterable[Change], kinds: Iterable[str]) -> dict[str, object]:
    """Count changes by action, and by kind and action; nothing is left out because it is 0."""
    changes = tuple(changes)
    of_kind = Counter((change.kind, change.action) for change in changes)
    by_action = Counter(change.action for change in changes)
    counted: dict[str, object] = {
        kind: {action.value: of_kind[kind, action] for action in Action} for kind in kinds
    }
    return {**counted, **{action.value: by_action[action] for action in Action}}


def referring(configuration: Configuration) -> dict[Address, list[Resource]]:
    """List the resources that refer to each address; also those that a run leaves out."""
    found: dict[Address, list[Resource]] = {}
    for resource in (*configuration.resources.values(), *configuration.others):
        if resource.absent:
            continue
        targets = {
            reference.address
            for reference in resource.references
            if isinstance(reference, KeyReference)
        }
        for target in targets:
            found.setdefault(target, []).append(resource)
    return found


def _names_in(plan: Plan) -> dict[str, str]:
    """Name the rows that the configuration or a change has an address for."""
    changed = {c.id: str(c.address) for c in plan.changes if c.id and c.address}
    return {**changed, **plan.names}


def _together(fields: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    every = list(fields)
    known = [found for found in every if found is not None]
    return frozenset().union(*known) if len(known) == len(every) else None


WEEKDAYS: Sequence[str] = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
