"""Find and read the schemas: one file for each kind."""

from functools import cache
from pathlib import Path

import orjson

from .catalogue import Catalogue, Origin
from .checked import checked
from .parse import kind_of

SUFFIX = ".schema.json"


def schema_folder() -> Path:
    """Find the schemas: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


@cache
def load_kinds() -> Catalogue:
    """Read all kinds from the shipped schemas, by name."""
    files = sorted((schema_folder() / "kinds").glob(f"*{SUFFIX}"))
    schemas = [checked(orjson.loads(file.read_bytes())) for file in files]
    kinds = {schema["x-kind"]: kind_of(schema) for schema in schemas}
    return Catalogue(kinds, Origin({schema["x-kind"]: schema for schema in schemas}))
