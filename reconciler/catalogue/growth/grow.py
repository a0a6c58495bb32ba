"""From the shipped catalogue and a user's schema files to one catalogue, or every problem."""

from collections.abc import Iterator, Mapping
from functools import cache

import jsonschema_rs
import orjson

from ...diagnostics import ConfigurationError, Problem, UsageError
from ...values.column import JSON
from ..catalogue import Catalogue, Growth, Origin, tenant_of
from ..checked import checked
from ..kind import Kind
from ..parse import kind_of
from ..schemas import load_kinds, schema_folder
from ..shape import KindSchema
from .files import Complaint, Schema, SchemaFile, is_schema, read_files
from .merge import merged
from .names import wrong_names
from .words import wrong_words


def grown(growth: Growth, shown: str) -> Catalogue:
    """Add a user's schema files to the shipped ones, or put them in their place.

    ``shown`` is what people call the folder. Raises ConfigurationError with every problem.
    """
    problems: list[Problem] = []
    base = load_kinds()
    files = {}
    schemas: dict[str, KindSchema] = {} if growth.replace else dict(base.origin.schemas)
    for file in read_files(growth.folder, shown, problems):
        schema = _schema(file, base.origin.schemas, problems, replaces=growth.replace)
        if schema is not None:
            files[schema["x-kind"]] = file
            schemas[schema["x-kind"]] = schema
    if problems:
        raise ConfigurationError(tuple(problems))
    kinds = {name: kind_of(schema) for name, schema in schemas.items()}
    problems += _wrong_names(growth, kinds, files, base)
    if problems:
        raise ConfigurationError(tuple(problems))
    return Catalogue(kinds, Origin(schemas, growth, frozenset(_made_secret(kinds, base))))


def _made_secret(
    kinds: Mapping[str, Kind], shipped: Mapping[str, Kind]
) -> Iterator[tuple[str, str]]:
    for kind in kinds.values():
        known = shipped[kind.name].columns if kind.name in shipped else {}
        for name, column in kind.columns.items():
            if column.sensitive and not (name in known and known[name].sensitive):
                yield kind.name, name


def _wrong_names(
    growth: Growth, kinds: Mapping[str, Kind], files: Mapping[str, SchemaFile], base: Catalogue
) -> Iterator[Problem]:
    if growth.replace:
        tenant = growth.tenant
    else:
        shipped = tenant_of(base)
        tenant = shipped.name if shipped else None
    if growth.replace and tenant is not None and tenant not in kinds:
        message = f"reconciler.catalogue.tenant names {tenant}, which is no kind of it"
        yield Problem("bad-catalogue", message)
        return
    for name, file in files.items():
        yield from file.problems(wrong_names(kinds[name], kinds, tenant))


def _schema(
    file: SchemaFile,
    shipped: Mapping[str, KindSchema],
    problems: list[Problem],
    *,
    replaces: bool,
) -> KindSchema | None:
    """Check one file, and lay it over what is shipped of its kind; None where it is wrong."""
    name = str(file.schema.get("x-kind"))
    known: Mapping[str, JSON] = _plain(shipped[name]) if name in shipped else {}
    complaints: list[Complaint] = []
    if file.name.rpartition("/")[2] != f"{name}.schema.json":
        complaints.append(Complaint(["x-kind"], f"the file of {name} is called {name}.schema.json"))
    complaints += wrong_words(file.schema, {} if replaces else known)
    whole = dict(file.schema)
    if known and not replaces:
        whole = merged(known, file.schema, complaints)
    else:
        complaints += _against_floor(known, whole)
    if not complaints:
        complaints += _against_meta(whole)
    problems += file.problems(complaints)
    if complaints:
        return None
    try:
        return checked(_with_defaults(whole, {} if replaces else known, floor=known))
    except UsageError as error:
        problems += file.problems([Complaint([], error.message, error.hint)])
        return None


def _plain(schema: object) -> Mapping[str, JSON]:
    assert is_schema(schema), "it was read from JSON"
    return schema


def _against_floor(known: Mapping[str, JSON], given: Schema) -> Iterator[Complaint]:
    """Keep what is known as personal so, also where a catalogue of another API names it."""
    columns, before = given.get("properties"), known.get("properties")
    if not isinstance(columns, dict) or not isinstance(before, dict):
        return
    for name, column in columns.items():
        old = before.get(name)
        private = isinstance(old, dict) and ("x-pii" in old or "x-sensitive" in old)
        if private and isinstance(column, dict) and column.get("x-pii") is False:
            message = f"{name} is personal in the shipped kind of this name"
            yield Complaint(["properties", name, "x-pii"], message, "take it out", loosens=True)


def _with_defaults(
    whole: Schema, known: Mapping[str, JSON], *, floor: Mapping[str, JSON]
) -> dict[str, JSON]:
    """Make new columns personal where nothing is said; ids are not, they are in every plan."""
    columns, before, old = whole["properties"], known.get("properties"), floor.get("properties")
    assert isinstance(columns, dict), "it has passed the meta-schema"
    said: dict[str, JSON] = {}
    for name, column in columns.items():
        assert isinstance(column, dict), "it has passed the meta-schema"
        is_new = not isinstance(before, dict) or name not in before
        said[name] = _worded(column, whole) if is_new else column
        lasting = old.get(name) if isinstance(old, dict) else None
        if isinstance(lasting, dict) and lasting.get("x-sensitive"):
            said[name] = {**column, "x-sensitive": True}
    return {**whole, "properties": said}


def _worded(column: Schema, whole: Schema) -> Schema:
    """Say of a new column whether it is personal; ``false`` is how a file says that it is not."""
    keys = whole.get("x-primary-key")
    is_id = column.get("x-type") == "uuid" and (
        "x-references" in column or (isinstance(keys, list) and column is _first(whole, keys))
    )
    personal = column.get("x-pii", not is_id)
    rest = {word: value for word, value in column.items() if word != "x-pii"}
    return {**rest, "x-pii": True} if personal else rest


def _first(whole: Schema, keys: list[JSON]) -> JSON:
    columns = whole["properties"]
    return columns.get(str(keys[0])) if isinstance(columns, dict) else None


def _against_meta(whole: Schema) -> Iterator[Complaint]:
    for error in _meta().iter_errors(whole):
        yield Complaint(
            list(error.instance_path), error.message, "schemas/kind.schema.json says how"
        )


@cache
def _meta() -> jsonschema_rs.Draft202012Validator:
    """Read the meta-schema; a user's column may say that it is not personal."""
    meta = orjson.loads((schema_folder() / "kind.schema.json").read_bytes())
    meta["$defs"]["column"]["properties"]["x-pii"] = {"type": "boolean"}
    return jsonschema_rs.Draft202012Validator(meta)
