"""The plan as a document: what ``--format json`` prints, ``--out`` writes and every view shows.

It holds no value of a personal or secret column and no hash of a single one; only that it changes.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import orjson

from .. import __version__
from ..catalogue import Kind
from ..diagnostics import Problem
from ..values.address import Address
from ..values.column import JSON, Column
from ..values.jsonform import canonical_json
from ..values.jsontext import dumps
from ..values.sent import Pending, Sent
from .change import Action, Change, Difference, RowName, rows_referenced
from .consents import protected
from .model import Plan, sha256
from .places import places
from .shape import FORMAT_VERSION, ChangeDocument, ColumnDocument, PlanDocument


def document_of(plan: Plan, kinds: Mapping[str, Kind], *, reveal: bool = False) -> PlanDocument:
    """Write a plan as a document.

    ``reveal`` puts personal values in, for a text on somebody's own screen; the digest is that
    of the document without them.
    """
    document = _document(plan, kinds, reveal=False)
    document["digest"] = digest_of_document(document)
    if reveal:
        document["changes"] = _document(plan, kinds, reveal=True)["changes"]
    return document


def digest_of_document(document: PlanDocument) -> str:
    """Compute the digest over everything but itself, labels, and what follows from the rest."""
    parts: dict[str, object] = {k: v for k, v in document.items() if k != "digest"}
    parts["changes"] = [
        {
            **{k: v for k, v in change.items() if k != "was_named"},
            "columns": {
                name: _without_places(column) for name, column in change["columns"].items()
            },
        }
        for change in document["changes"]
    ]
    return sha256(canonical_json(parts))


def text_of(document: PlanDocument) -> str:
    """Write a document as the JSON that files hold, with the places where JSON columns differ."""
    changes = [
        {**change, "columns": {n: _with_places(c) for n, c in change["columns"].items()}}
        for change in document["changes"]
    ]
    return dumps({**document, "changes": changes}, option=orjson.OPT_INDENT_2).decode() + "\n"


def _without_places(column: ColumnDocument) -> ColumnDocument:
    """Leave out what follows from the values, which nobody need believe."""
    return cast("ColumnDocument", {k: v for k, v in column.items() if k != "differences"})


def _with_places(column: ColumnDocument) -> ColumnDocument:
    """Add the places that differ, never those that a file says."""
    plain = _without_places(column)
    found = places(plain.get("before"), plain.get("after"))
    return {**plain, "differences": found} if found else plain


def unknown_id(address: str) -> str:
    """Write an id that only the server can give."""
    return f"(id of {address})"


def fingerprint(change: Change, kind: Kind) -> str | None:
    """Say which state of the live row the change was computed from; None for a create.

    The version column, else a hash over all columns that are not personal or secret.
    """
    if change.row is None:
        return None
    if kind.version:
        return str(change.row.get(kind.version))
    held = {c.name: change.row.get(c.name) for c in kind.lock_columns if not c.private}
    return sha256(canonical_json(held))


def _document(plan: Plan, kinds: Mapping[str, Kind], *, reveal: bool) -> PlanDocument:
    kept = {id(change) for change in protected(plan.changes, plan.protect)}
    rows = {(change.kind, str(change.id)): change.name for change in plan.changes}
    return {
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "stack": plan.stack,
        "organization": plan.organization,
        "configuration": plan.configuration,
        "changes": [
            _without(
                plan.secrets,
                _change(
                    change,
                    kinds,
                    plan.names,
                    rows,
                    plan.folder,
                    plan.old_names.get((change.kind, str(change.id)))
                    if change.address is None
                    else None,
                    kept=id(change) in kept,
                    reveal=reveal,
                ),
            )
            for change in plan.changes
        ],
        "summary": plan.summary,
        "unmet": sorted(map(str, plan.unmet)),
        "notes": [_with_cure(note) for note in plan.notes],
        "digest": "",
    }


def _without(secrets: frozenset[str], change: ChangeDocument) -> ChangeDocument:
    """Hide a column where the value of a secret variable stands: somebody put it there once."""
    for columns in (change["columns"], change["label"]) if secrets else ():
        for name, column in columns.items():
            shown = (column.get("before"), column.get("after"))
            if any(_holds(value, secrets) for value in shown):
                columns[name] = {"hidden": "secret"}
    return change


def _holds(value: JSON, secrets: frozenset[str]) -> bool:
    if isinstance(value, str):
        return any(secret in value for secret in secrets)
    if isinstance(value, list):
        return any(_holds(item, secrets) for item in value)
    if isinstance(value, dict):
        return any(_holds(part, secrets) for item in value.items() for part in item)
    return False


def within(file: str, folder: Path | None) -> str:
    """Name a file from a folder, not from where we stand: the digest must not depend on that."""
    if folder is None:
        return file
    return Path(os.path.relpath(Path.cwd() / file, folder)).as_posix()


def _with_cure(note: Problem) -> str:
    return f"{note.message} ({note.hint})" if note.hint else note.message


def _change(
    change: Change,
    kinds: Mapping[str, Kind],
    names: Mapping[str, str],
    rows: Mapping[RowName, str],
    folder: Path | None,
    old_name: Address | None,
    *,
    kept: bool,
    reveal: bool,
) -> ChangeDocument:
    kind, position = kinds[change.kind], change.position
    document: ChangeDocument = {
        "address": str(change.address) if change.address else None,
        "kind": change.kind,
        "id": change.id,
        "action": change.action.value,
        "columns": dict(_columns(change, kind, names, folder, reveal=reveal)),
        "label": dict(_label(change, kind, names, reveal=reveal)),
        "references": sorted(_references(change, kinds, names, rows)),
        "referenced_by": sorted(f"{kind}[{row_id}]" for kind, row_id in change.referenced_by),
        "consents": list(change.consents),
        "protected": kept,
        "unconfirmed": change.unconfirmed,
        "file": within(position.file, folder) if position else None,
        "line": position.line if position else None,
        "fingerprint": fingerprint(change, kind),
    }
    if old_name is not None:
        document["was_named"] = str(old_name)
    return document


def _references(
    change: Change,
    kinds: Mapping[str, Kind],
    names: Mapping[str, str],
    rows: Mapping[RowName, str],
) -> Iterator[str]:
    if change.action is not Action.DELETE:
        yield from map(str, change.needs)
        return
    for row in rows_referenced(change, kinds):
        name = rows.get(row) or names.get(row[1])
        if name and name != change.name:
            yield name


def _columns(
    change: Change, kind: Kind, names: Mapping[str, str], folder: Path | None, *, reveal: bool
) -> Iterator[tuple[str, ColumnDocument]]:
    given = {**change.columns, **{n: Difference(None, v) for n, v in change.inputs.items()}}
    for name, difference in given.items():
        column = kind.columns[name] if name in change.columns else kind.inputs[name]
        document = _column(column, difference, names, reveal=reveal)
        if change.action is Action.CREATE:
            document.pop("before", None)
        if isinstance(difference.after, str) and difference.after in names:
            document["refers_to"] = names[difference.after]
        elif isinstance(difference.after, Pending):
            document["refers_to"] = str(difference.after.address)
        place = difference.position
        if place and change.position and place.file != change.position.file:
            document["file"], document["line"] = within(place.file, folder), place.line
        yield name, document


def _column(
    column: Column, difference: Difference, names: Mapping[str, str], *, reveal: bool
) -> ColumnDocument:
    if column.sensitive:
        return {"hidden": "secret"}
    if column.pii and not reveal:
        return {"hidden": "personal"}
    document: ColumnDocument = {"before": difference.before, "after": _plain(difference.after)}
    if isinstance(difference.before, str) and difference.before in names:
        document["referred_to"] = names[difference.before]
    return document


def _label(
    change: Change, kind: Kind, names: Mapping[str, str], *, reveal: bool
) -> Iterator[tuple[str, ColumnDocument]]:
    """Say by its natural key which row is meant, where its name is gone."""
    if change.address is not None:
        return
    for part in kind.natural_key or kind.label:
        value = (change.row or {}).get(part.column)
        if value is not None:
            difference = Difference(value, None)
            document = _column(kind.columns[part.column], difference, names, reveal=reveal)
            document.pop("after", None)
            yield part.column, document


def _plain(value: Sent) -> JSON:
    """Write an id that only the server can give as the address it will be the id of."""
    if isinstance(value, Pending):
        return unknown_id(str(value.address))
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
