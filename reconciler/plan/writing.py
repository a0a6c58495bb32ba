"""One change of a plan as a document: what it does to which columns, and where it stands.

It holds no value of a personal or secret column and no hash of a single one; only that it changes.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..catalogue import Kind
from ..values.column import JSON, Column
from ..values.jsonform import canonical_json
from ..values.sent import Pending, Row, Sent
from .change import Action, Change, Difference, New, RowName, rows_referenced
from .changes import Changes
from .consents import protected
from .model import Plan, sha256
from .shape import (
    ChangeDocument,
    ChangeHead,
    ColumnDocument,
    StrangerDocument,
    UnmanagedDocument,
)
from .unmanaged import Unmanaged


def changes_of(plan: Plan, kinds: Mapping[str, Kind], *, reveal: bool = False) -> Changes:
    """Give the changes of a plan as documents."""
    writer = _Writer(plan, kinds, reveal)
    return Changes(len(writer.changes), writer.change, writer.head)


def unmanaged_document(
    found: Unmanaged,
    kind: Kind,
    names: Mapping[str, str],
    secrets: frozenset[str],
    *,
    reveal: bool,
) -> UnmanagedDocument:
    """Write which rows of a kind are in no YAML."""
    first: list[StrangerDocument] = []
    for row in found.first:
        label = label_of_row(kind, row, names, reveal=reveal)
        hide_secrets(label, secrets)
        first.append({"id": str(row[kind.id_column]), "label": label})
    return {
        "kind": found.kind,
        "rows": found.rows,
        "of_other_stacks": found.of_others,
        "first": first,
    }


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


class _Writer:
    """Writes the changes of one plan."""

    def __init__(self, plan: Plan, kinds: Mapping[str, Kind], reveal: bool) -> None:
        self.changes = plan.changes
        self._plan = plan
        self._kinds = kinds
        self._reveal = reveal
        self._kept = {id(change) for change in protected(self.changes, plan.protect)}
        self._files: dict[str, str] = {}
        self._hidden: dict[str, Mapping[str, str]] = {}
        deletes = any(change.action is Action.DELETE for change in self.changes)
        self._rows: Mapping[RowName, str] = (
            {(change.kind, str(change.id)): change.name for change in self.changes}
            if deletes
            else {}
        )

    def head(self, number: int) -> ChangeHead:
        """Say of a change what it is."""
        change = self.changes[number]
        head: ChangeHead = {
            "address": str(change.address) if change.address else None,
            "kind": change.kind,
            "id": change.id,
            "action": change.action.value,
            "consents": list(change.consents),
            "protected": id(change) in self._kept,
            "unconfirmed": change.unconfirmed,
        }
        if change.address is None:
            old_name = self._plan.old_names.get((change.kind, str(change.id)))
            if old_name is not None:
                head["was_named"] = str(old_name)
        return head

    def change(self, number: int) -> ChangeDocument:
        """Write a change; its parts stand in the order in which people look at them."""
        change, head = self.changes[number], self.head(number)
        kind, names = self._kinds[change.kind], self._plan.names
        begin = change.places.begin if change.places else None
        document: ChangeDocument = {
            "address": head["address"],
            "kind": head["kind"],
            "id": head["id"],
            "action": head["action"],
            "columns": self._columns(change, kind),
            "label": {}
            if change.address
            else label_of_row(kind, change.row or {}, names, reveal=self._reveal),
            "references": sorted(_references(change, self._kinds, names, self._rows))
            if change.needs or change.row
            else [],
            "referenced_by": sorted(f"{kind}[{row_id}]" for kind, row_id in change.referenced_by)
            if change.referenced_by
            else [],
            "consents": head["consents"],
            "protected": head["protected"],
            "unconfirmed": head["unconfirmed"],
            "file": self._within(begin.file) if begin else None,
            "line": begin.line if begin else None,
            "fingerprint": fingerprint(change, kind),
        }
        if "was_named" in head:
            document["was_named"] = head["was_named"]
        if begin and (by := begin.made_by):
            file = self._within(by.file)
            document["template"] = {"name": by.template, "file": file, "line": by.line}
        return _without(self._plan.secrets, document) if self._plan.secrets else document

    def _within(self, file: str) -> str:
        if file not in self._files:
            self._files[file] = within(file, self._plan.folder)
        return self._files[file]

    def _columns(self, change: Change, kind: Kind) -> dict[str, ColumnDocument]:
        if isinstance(change.columns, New):
            columns = self._new(change.columns, kind)
        else:
            columns = {
                name: self._column(change, kind.columns[name], difference)
                for name, difference in change.columns.items()
            }
        apart = change.places.apart if change.places else None
        for name in columns if apart else ():
            if apart and (place := apart(name)):
                columns[name]["file"] = self._within(place.file)
                columns[name]["line"] = place.line
        for name, value in change.inputs.items():
            column = kind.columns[name] if name in change.columns else kind.inputs[name]
            columns[name] = self._column(change, column, Difference(None, value))
        return columns

    def _new(self, given: New, kind: Kind) -> dict[str, ColumnDocument]:
        """Write what :meth:`_column` writes of columns of which nothing was before."""
        columns: dict[str, ColumnDocument] = {}
        hides, names = self._hides(kind), self._plan.names
        for name, after in given.sent():
            document: ColumnDocument
            document = {"hidden": hides[name]} if name in hides else {"after": _plain(after)}
            if type(after) is not str or after in names:  # nearly all are texts, and name nothing
                self._referring(document, after)
            columns[name] = document
        return columns

    def _hides(self, kind: Kind) -> Mapping[str, str]:
        """Say which columns of a kind are hidden, and why."""
        if kind.name not in self._hidden:
            why = {
                column.name: why_hidden(column, reveal=self._reveal)
                for column in kind.columns.values()
            }
            self._hidden[kind.name] = {name: reason for name, reason in why.items() if reason}
        return self._hidden[kind.name]

    def _column(self, change: Change, column: Column, difference: Difference) -> ColumnDocument:
        document: ColumnDocument
        if why := why_hidden(column, reveal=self._reveal):
            document = {"hidden": why}
        elif change.action is Action.CREATE:
            document = {"after": _plain(difference.after)}
        else:
            document = {"before": difference.before, "after": _plain(difference.after)}
            _referred(document, difference.before, self._plan.names)
        return self._referring(document, difference.after)

    def _referring(self, document: ColumnDocument, after: Sent) -> ColumnDocument:
        """Add the address whose id a column is to hold."""
        if type(after) is str:
            if after in self._plan.names:
                document["refers_to"] = self._plan.names[after]
        elif type(after) is Pending:
            document["refers_to"] = str(after.address)
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


def why_hidden(column: Column, *, reveal: bool) -> str | None:
    """Say why the values of a column are left out: the one rule for all of them."""
    if column.sensitive:
        return "secret"
    return "personal" if column.pii and not reveal else None


def label_of_row(
    kind: Kind, row: Row, names: Mapping[str, str], *, reveal: bool
) -> dict[str, ColumnDocument]:
    """Say by its natural key which row is meant, where it has no address."""
    label: dict[str, ColumnDocument] = {}
    for part in kind.natural_key or kind.label:
        value = row.get(part.column)
        if value is not None:
            why = why_hidden(kind.columns[part.column], reveal=reveal)
            label[part.column] = (
                {"hidden": why} if why else _referred({"before": value}, value, names)
            )
    return label


def _referred(document: ColumnDocument, before: JSON, names: Mapping[str, str]) -> ColumnDocument:
    """Add the address whose id a column held."""
    if isinstance(before, str) and before in names:
        document["referred_to"] = names[before]
    return document


def _plain(value: Sent) -> JSON:
    """Write an id that only the server can give as the address it will be the id of."""
    if type(value) is str:  # nearly all are
        return value
    if isinstance(value, Pending):
        return unknown_id(str(value.address))
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _without(secrets: frozenset[str], change: ChangeDocument) -> ChangeDocument:
    for columns in (change["columns"], change["label"]):
        hide_secrets(columns, secrets)
    return change


def hide_secrets(columns: dict[str, ColumnDocument], secrets: frozenset[str]) -> None:
    """Hide a column where the value of a secret variable stands: somebody put it there once."""
    for name, column in columns.items():
        shown = (column.get("before"), column.get("after"))
        if any(_holds(value, secrets) for value in shown):
            columns[name] = {"hidden": "secret"}


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
