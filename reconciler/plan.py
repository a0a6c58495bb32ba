"""The plan: changes in execution order, bound to one organisation and one configuration."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from . import __version__
from .canonical import canonical_json
from .change import Action, Change, Pending, Sent
from .errors import Problem
from .identity import Resolver
from .kind import JSON, Kind
from .order import Levels
from .resource import Address, Configuration

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, level by level; what stands in one level may run at the same time.

    ``configuration`` is the digest of the resolved desired state; ``unchanged`` the number of
    resources that are as they should be; ``notes`` what the reader should know besides.
    """

    stack: str
    organization: str
    configuration: str
    levels: Levels
    unchanged: int
    protect: frozenset[str] = frozenset()
    notes: tuple[Problem, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes in execution order."""
        return tuple(change for level in self.levels for change in level)

    @property
    def summary(self) -> Mapping[str, int]:
        """The number of changes of each action."""
        counts = Counter(change.action for change in self.changes)
        counts[Action.NO_OP] = self.unchanged
        return {action.value: counts[action] for action in Action}


def digest_of(configuration: Configuration, resolver: Resolver) -> str:
    """Compute the digest of the desired state: the same for the same variables and overlays."""
    desired = {
        str(address): {
            "values": {name: resolver.described(v) for name, v in resource.values.items()},
            "inputs": {name: resolver.described(v) for name, v in resource.inputs.items()},
            "absent": resource.absent,
        }
        for address, resource in configuration.resources.items()
    }
    limited = None if configuration.limited is None else sorted(map(str, configuration.limited))
    whole = {
        "stack": configuration.stack,
        "protect": sorted(configuration.protect),
        "limited": limited,
        "resources": desired,
    }
    return _digest(canonical_json(whole))


def to_json(plan: Plan, kinds: Mapping[str, Kind]) -> dict[str, JSON]:
    """Write the plan as the documented JSON, without any personal or secret value."""
    document: dict[str, JSON] = {
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "stack": plan.stack,
        "organization": plan.organization,
        "configuration": plan.configuration,
        "changes": [_change(change, kinds[change.kind]) for change in plan.changes],
        "summary": dict(plan.summary),
        "notes": [note.message for note in plan.notes],
    }
    return {**document, "digest": _digest(canonical_json(document))}


def digest_of_plan(plan: Plan, kinds: Mapping[str, Kind]) -> str:
    """Compute the digest that every view of a plan shows."""
    return str(to_json(plan, kinds)["digest"])


def fingerprint(change: Change, kind: Kind) -> str | None:
    """Say which state of the live row the change was computed from; None for a create.

    The version column, else a hash over all columns that are not personal or secret.
    """
    if change.row is None:
        return None
    if kind.version:
        return str(change.row.get(kind.version))
    held = {c.name: change.row.get(c.name) for c in kind.lock_columns if not c.private}
    return _digest(canonical_json(held))


def _change(change: Change, kind: Kind) -> JSON:
    position = change.position
    return {
        "address": str(change.address) if change.address else None,
        "kind": change.kind,
        "id": change.id,
        "action": change.action.value,
        "columns": dict(_columns(change, kind)),
        "consents": list(change.consents),
        "unconfirmed": change.unconfirmed,
        "file": position.file if position else None,
        "line": position.line if position else None,
        "fingerprint": fingerprint(change, kind),
    }


def _columns(change: Change, kind: Kind) -> Iterator[tuple[str, JSON]]:
    for name, difference in change.columns.items():
        if kind.columns[name].private:
            yield name, {"hidden": True}
        elif change.action is Action.CREATE:
            yield name, {"after": _plain(difference.after)}
        else:
            yield name, {"before": difference.before, "after": _plain(difference.after)}
    for name, value in change.inputs.items():
        hidden = kind.inputs[name].private
        yield name, {"hidden": True} if hidden else {"after": _plain(value)}


def _plain(value: Sent) -> JSON:
    """Write an id that only the server can give as the address it will be the id of."""
    if isinstance(value, Pending):
        return _unknown(value.address)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _unknown(address: Address) -> str:
    return f"(id of {address})"


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def as_text(document: Mapping[str, JSON]) -> str:
    """Write a document the same way every time."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
