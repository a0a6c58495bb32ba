"""The ``Prefer`` header: what of it PostgREST 11.1 knows, and which of it was applied."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

Representation = Literal["representation", "headers-only", "minimal"]
Resolution = Literal["merge-duplicates", "ignore-duplicates"]
Count = Literal["exact", "planned", "estimated"]
Transaction = Literal["commit", "rollback"]
Missing = Literal["default", "null"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a request prefers; of several values of one preference the first counts."""

    representation: Representation = "minimal"
    resolution: Resolution | None = None
    count: Count | None = None
    transaction: Transaction | None = None
    missing: Missing | None = None

    @classmethod
    def parse(cls, headers: Iterable[str]) -> "Preferences":
        """Read all ``Prefer`` headers of a request; what is not known has no effect."""
        wanted = [one.strip() for header in headers for one in header.split(",")]
        return cls(
            representation=cast(
                "Representation",
                _first(wanted, "return", "representation", "headers-only", "minimal") or "minimal",
            ),
            resolution=cast(
                "Resolution | None",
                _first(wanted, "resolution", "merge-duplicates", "ignore-duplicates"),
            ),
            count=cast("Count | None", _first(wanted, "count", "exact", "planned", "estimated")),
            transaction=cast("Transaction | None", _first(wanted, "tx", "commit", "rollback")),
            missing=cast("Missing | None", _first(wanted, "missing", "default", "null")),
        )

    @property
    def counts(self) -> bool:
        """Tell whether rows are to be counted; a plan alone counts nothing."""
        return self.count in {"exact", "estimated"}

    @property
    def full(self) -> bool:
        """Tell whether a write shall answer the rows."""
        return self.representation == "representation"


def _first(wanted: list[str], name: str, *values: str) -> str | None:
    known = {f"{name}={value}": value for value in values}
    return next((known[one] for one in wanted if one in known), None)
