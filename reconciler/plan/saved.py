"""A plan in a file: what was reviewed, and whether it is still what would be done."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import orjson

from ..catalogue import schema_folder
from ..diagnostics import UsageError
from ..files import cannot_write, write_file
from ..values.jsontext import loads
from .digesting import digest_of_document
from .document import text_of
from .shape import FORMAT_VERSION, PlanDocument

MAX_FILE = 256 * 1024 * 1024


def write_plan(path: Path, document: PlanDocument) -> None:
    """Write a plan file whole or not at all; raises UsageError."""
    try:
        write_file(path, text_of(document).encode())
    except OSError as error:
        raise cannot_write(f"the plan file {path}", path, error) from error


def read_plan(path: Path) -> PlanDocument:
    """Read a plan file; raises UsageError where it is none, is newer, or was edited."""
    document = _json(path)
    version = document.get("format_version")
    if isinstance(version, int) and 0 < version < FORMAT_VERSION:
        raise UsageError(
            f"the plan file {path} has format {version}, this reconciler reads {FORMAT_VERSION}",
            hint="it was made by an earlier version: plan again, and review that",
        )
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise UsageError(
            f"the plan file {path} has format {version}, this reconciler reads {FORMAT_VERSION}",
            hint="apply it with the reconciler that made it, or update this one",
        )
    _check_shape(path, document)
    plan = cast("PlanDocument", document)
    if digest_of_document(plan) != plan["digest"]:
        raise UsageError(
            f"the plan file {path} was edited: its digest does not fit",
            hint="plan again, and review that",
        )
    return plan


def _json(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            content = loads(file.read(MAX_FILE))
    except OSError as error:
        raise UsageError(f"the plan file {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is not a plan: it is not JSON", hint=_MAKE) from error
    if not isinstance(content, dict):
        raise UsageError(f"{path} is not a plan", hint=_MAKE)
    return content


def _check_shape(path: Path, document: Mapping[str, object]) -> None:
    from jsonschema_rs import validator_for

    schema = orjson.loads((schema_folder() / "plan.schema.json").read_bytes())
    error = next(iter(validator_for(schema).iter_errors(document)), None)
    if error is not None:
        place = "/".join(map(str, error.instance_path))
        raise UsageError(f"{path} is not a plan: {place or 'it'} is not as documented", hint=_MAKE)


_MAKE = "make one with `reconciler plan PATH --out FILE`"
