"""All kinds together, with the schemas that they were read from and where those came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .kind import Kind
from .shape import KindSchema


@dataclass(frozen=True, slots=True)
class Growth:
    """Schema files of a user: ``folder`` holds them.

    They are added to what is shipped or, with ``replace``, stand in its place. Then ``tenant``
    is the kind of the organizations, or None where the API knows none.
    """

    folder: Path
    replace: bool = False
    tenant: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Where a catalogue came from.

    ``made_secret`` are the columns, each behind its kind, that only files of the user call secret.
    """

    schemas: Mapping[str, KindSchema] = field(repr=False)
    growth: Growth | None = None
    made_secret: frozenset[tuple[str, str]] = frozenset()


class Catalogue(dict[str, Kind]):
    """Every kind by its name; who gets one may hand it along as a mapping of kinds."""

    def __init__(self, kinds: Mapping[str, Kind], origin: Origin) -> None:
        super().__init__(kinds)
        self.origin = origin

    @property
    def replaces(self) -> bool:
        """Tell whether it is of another API."""
        return self.origin.growth is not None and self.origin.growth.replace


def made_secret(kinds: Mapping[str, Kind]) -> frozenset[tuple[str, str]]:
    """Give the columns, each behind its kind, that only files of the user call secret."""
    return kinds.origin.made_secret if isinstance(kinds, Catalogue) else frozenset()


def tenant_of(kinds: Mapping[str, Kind]) -> Kind | None:
    """Find the kind of the organization: what the columns that the tool fills point to.

    None where the API knows no organizations.
    """
    if isinstance(kinds, Catalogue) and kinds.origin.growth and kinds.replaces:
        tenant = kinds.origin.growth.tenant
        return kinds[tenant] if tenant else None
    targets = (
        column.reference.kind
        for kind in kinds.values()
        for column in kind.references
        if column.filled and column.reference
    )
    return kinds[next(targets)]
