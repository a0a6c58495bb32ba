"""What a migration says about itself, for people and for other systems."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from ..kind import JSON
from ..resource import Address
from .narrow import Cleared
from .verify import Moved, Verification


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """The result of a migration.

    ``adopted`` rows existed in the target; ``unmoved`` are whole kinds with the reason; ``secrets``
    are columns that are never moved.
    """

    source: str
    target: str
    moved: tuple[Moved, ...]
    adopted: frozenset[Address]
    skipped: Mapping[Address, str]
    cleared: tuple[Cleared, ...]
    unmoved: Mapping[str, str]
    secrets: tuple[str, ...]
    verification: Verification

    @property
    def proven(self) -> bool:
        """Tell whether every row is there as it is here."""
        return self.verification.proven

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
            "skipped": [{"address": str(a), "reason": r} for a, r in self.skipped.items()],
            "cleared": [
                {"address": str(c.address), "column": c.column, "referred_to": c.to}
                for c in self.cleared
            ],
            "not_moved": dict(self.unmoved),
            "secrets_not_moved": list(self.secrets),
            "missing": [str(address) for address in found.missing],
            "differing": [{"address": str(a), "column": c} for a, c in found.differing],
            "ids_left": [{"address": str(a), "column": c} for a, c in found.left],
        }


def write_report(folder: Path, report: MigrationReport) -> None:
    """Write ``report.json``, ``id-map.csv`` and ``id-map.json``; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    text = orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2)
    (folder / "report.json").write_bytes(text + b"\n")
    rows = [(m.address.kind, m.address.key, m.source, m.target) for m in report.moved]
    with (folder / "id-map.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "key", "from", "to"))
        writer.writerows(rows)
    ids: dict[str, dict[str, str]] = {}
    for kind, _, source, target in rows:
        ids.setdefault(kind, {})[source] = target
    (folder / "id-map.json").write_bytes(orjson.dumps(ids, option=orjson.OPT_INDENT_2) + b"\n")
