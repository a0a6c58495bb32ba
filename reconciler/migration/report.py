"""What a migration says about itself, for people and for other systems."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import orjson

from ..files import write_file
from ..values.address import Address
from ..values.column import JSON
from .exclude import Moving
from .verify import KindCount, Moved, Verification


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """The result of a migration.

    ``adopted`` rows existed in the target; ``sources`` are the ids in the source of everything
    that was exported; ``unmoved`` are whole kinds with the reason; ``secrets`` are columns that are
    never moved; ``errors`` why changes were not made, with how many; ``stayed`` are rows there that
    changed after they were moved, while their row in the source went.
    """

    source: str
    target: str
    moved: tuple[Moved, ...]
    adopted: frozenset[Address]
    moving: Moving
    sources: Mapping[Address, str]
    unmoved: Mapping[str, str]
    secrets: tuple[str, ...]
    errors: Mapping[str, int]
    stayed: tuple[Address, ...]
    verification: Verification

    @property
    def proven(self) -> bool:
        """Tell whether every row is there as it is here, but for what people decided about."""
        moving = self.moving
        undecided = moving.open or moving.odd or self.stayed
        return self.verification.proven and not undecided

    def as_json(self) -> dict[str, JSON]:
        """Write the report as JSON, without any value of a row."""
        kinds: dict[str, JSON] = {}
        for one in self.moved:
            counts = kinds.setdefault(one.address.kind, {"created": 0, "adopted": 0})
            assert isinstance(counts, dict)
            name = "adopted" if one.address in self.adopted else "created"
            counts[name] = int(str(counts[name])) + 1
        found = self.verification
        return {
            "from": self.source,
            "to": self.target,
            "verified": self.proven,
            "kinds": kinds,
            "compared": dict(found.rows),
            "rows": {name: _counted(one) for name, one in sorted(found.kinds.items())},
            **left_out(self.moving, self.sources),
            "not_moved": dict(self.unmoved),
            "not_read": dict(found.unread),
            "odd_in_source": list(found.odd_here),
            "not_comparable": _not_comparable(self.moving, found.odd),
            "secrets_not_moved": list(self.secrets),
            "errors": [{"reason": why, "count": n} for why, n in self.errors.items()],
            "missing": [str(address) for address in found.missing],
            "differing": _columns(found.differing),
            "repaired": _columns(found.repaired),
            "conflicts": [
                *_columns(found.conflicts),
                *_columns((address, None) for address in self.stayed),
            ],
            "ids_left": _columns(found.left),
        }


def left_out(moving: Moving, sources: Mapping[Address, str]) -> dict[str, JSON]:
    """Write what is not moved, as it is known before anything is written."""
    return {
        "skipped": [
            {"address": str(a), "reason": s.reason}
            for a, s in moving.skipped.items()
            if a not in moving.odd
        ],
        "not_comparable": _not_comparable(moving, {}),
        "decisions": [
            {
                "address": str(address),
                "reason": one.reason,
                "source_id": sources.get(address),
                "target_ids": list(one.rows),
            }
            for address, one in moving.open.items()
        ],
        "cleared": [
            {"address": str(c.address), "column": c.column, "referred_to": c.to}
            for c in moving.cleared
        ],
    }


def write_report(folder: Path, report: MigrationReport) -> None:
    """Write ``report.json``, ``id-map.csv`` and ``id-map.json``; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    text = orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2)
    write_file(folder / "report.json", text + b"\n")
    rows = [(m.address.kind, m.address.key, m.source, m.target) for m in report.moved]
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(("kind", "key", "from", "to"))
    writer.writerows(rows)
    write_file(folder / "id-map.csv", table.getvalue().encode())
    ids: dict[str, dict[str, str]] = {}
    for kind, _, source, target in rows:
        ids.setdefault(kind, {})[source] = target
    text = orjson.dumps(ids, option=orjson.OPT_INDENT_2)
    write_file(folder / "id-map.json", text + b"\n")


def _counted(one: KindCount) -> JSON:
    return {
        "expected": one.expected,
        "compared": one.compared,
        "missing": one.missing,
        "differing": one.differing,
        "left_out": dict(one.left_out),
    }


def _not_comparable(moving: Moving, found: Mapping[Address, str]) -> list[JSON]:
    reasons = {str(address): why for address, why in {**moving.odd, **found}.items()}
    for (address, column), to in moving.unsure.items():
        reasons[f"{address}.{column}"] = f"it refers to {to}"
    return [{"address": address, "reason": why} for address, why in reasons.items()]


def _columns(found: Iterable[tuple[Address, str | None]]) -> list[JSON]:
    return [{"address": str(address), "column": column} for address, column in found]
