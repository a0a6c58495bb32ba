"""Find and read the schemas: one file for each kind."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson

from .kind import Kind
from .parse import parse_kind


def schema_folder() -> Path:
    """Find the schemas: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


@cache
def load_kinds() -> Mapping[str, Kind]:
    """Read all kinds from their schemas, by name."""
    files = sorted((schema_folder() / "kinds").glob("*.schema.json"))
    kinds = (parse_kind(orjson.loads(file.read_bytes())) for file in files)
    return {kind.name: kind for kind in kinds}


def tenant_of(kinds: Mapping[str, Kind]) -> Kind:
    """Find the kind of the organization: what the columns that the tool fills point to."""
    targets = (
        column.reference.kind
        for kind in kinds.values()
        for column in kind.references
        if column.filled and column.reference
    )
    return kinds[next(targets)]
