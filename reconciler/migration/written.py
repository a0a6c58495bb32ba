"""What migrations have written so far, as digests: the third side beside source and target.

``migration/written.jsonl``: a header with the salt of the digests, then one line per row: its
address, its id in the target and a digest per column. No value of a row is in it.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import orjson

from ..catalogue import Kind
from ..diagnostics import UsageError
from ..files import replacing
from ..journal.records import PastRun
from ..plan.change import Action
from ..planning.effects import effects_of
from ..values.address import Address
from ..values.canonical import canonical
from ..values.column import JSON, Column

FORMAT_VERSION = 1
FILE = "written.jsonl"


@dataclass(slots=True)
class WrittenRow:
    """One row: its id in the target, and the digest of each column as it was written there.

    ``certain`` is false where a run was cut off before the server's answer to a create or delete;
    ``before`` are digests of what columns may still hold where it was cut off while it changed
    them.
    """

    id: str
    columns: dict[str, str] = field(default_factory=dict)
    certain: bool = True
    before: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class WrittenBefore:
    """All rows by address; ``last_run`` is the newest journal that is in it."""

    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    last_run: str = ""
    rows: dict[Address, WrittenRow] = field(default_factory=dict)

    def digest(self, address: Address, column: Column, value: object) -> str:
        """Write a value of one row's column so that only an equal one is the same."""
        text = f"{address}\0{column.name}\0{_form(column, value)!r}"
        made = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=bytes.fromhex(self.salt))
        return made.hexdigest()[:16]

    def row(self, address: Address | None, row_id: str | None) -> WrittenRow | None:
        """Give what was written of a row; None where the address meant another row then."""
        found = self.rows.get(address) if address else None
        return found if found and found.id == row_id else None

    def was(self, address: Address, row_id: str | None, column: Column, value: object) -> bool:
        """Tell whether a value is in a row's column by our hand, or by nobody's since."""
        row = self.row(address, row_id)
        if row is None or column.name not in row.columns:
            return False
        known = (row.columns[column.name], row.before.get(column.name))
        return self.digest(address, column, value) in known

    def knows(self, address: Address, row_id: str | None, column: str) -> bool:
        """Tell whether anything is known to have been written into a row's column."""
        row = self.row(address, row_id)
        return bool(row and column in row.columns)

    def put(self, address: Address, row_id: str, column: Column, value: object) -> None:
        """Remember what a row holds by our hand."""
        if self.row(address, row_id) is None:
            self.rows[address] = WrittenRow(row_id)
        row = self.rows[address]
        row.certain = True
        row.columns[column.name] = self.digest(address, column, value)
        row.before.pop(column.name, None)

    def absorb(self, run: PastRun, kinds: Mapping[str, Kind]) -> None:
        """Add what the journal of a run says that it did, also one that was cut off."""
        for effect in effects_of(run, kinds):
            address = effect.address
            if address is None:
                continue
            row = self.row(address, effect.id)
            if effect.action is Action.DELETE:
                if effect.certain:
                    self.rows.pop(address, None)
                elif row:
                    row.certain = False
                continue
            if row is None:
                row = self.rows[address] = WrittenRow(effect.id, certain=False)
            row.certain |= effect.certain
            for name, value in effect.after.items():
                if column := effect.kind.columns.get(name):
                    row.columns[name] = self.digest(address, column, value)
                    row.before.pop(name, None)
                if column and name in effect.doubtful:
                    row.before[name] = self.digest(address, column, effect.doubtful[name])
        self.last_run = max(self.last_run, run.run)


def read_written(folder: Path) -> WrittenBefore:
    """Read what the last run remembered; nothing where there is no file.

    Raises UsageError where it is none.
    """
    path = folder / FILE
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return WrittenBefore()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    try:
        header, rows = orjson.loads(lines[0]), [orjson.loads(line) for line in lines[1:]]
        if header["format_version"] > FORMAT_VERSION:
            raise UsageError(f"{path} was written by a newer reconciler", hint="update reconciler")
        bytes.fromhex(header["salt"])
        return WrittenBefore(str(header["salt"]), str(header["last_run"]), dict(map(_row, rows)))
    except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{path} is damaged",
            hint="take it from a backup, or away: then what people changed in the target since"
            " the last run is written over",
        ) from error


def write_written(folder: Path, written: WrittenBefore) -> None:
    """Write it, whole or not at all; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / FILE) as file:
        file.writelines(line + b"\n" for line in map(orjson.dumps, _lines(written)))


def _lines(written: WrittenBefore) -> Iterator[Mapping[str, JSON]]:
    yield {
        "format_version": FORMAT_VERSION,
        "salt": written.salt,
        "last_run": written.last_run,
    }
    for address, row in sorted(written.rows.items()):
        yield {
            "address": str(address),
            "id": row.id,
            "certain": row.certain,
            "columns": dict(sorted(row.columns.items())),
            **({"before": dict(sorted(row.before.items()))} if row.before else {}),
        }


def _row(line: Mapping[str, JSON]) -> tuple[Address, WrittenRow]:
    kind, _, key = str(line["address"]).partition(".")
    columns, before = (_digests(line.get(name, {})) for name in ("columns", "before"))
    return Address(kind, key), WrittenRow(str(line["id"]), columns, bool(line["certain"]), before)


def _digests(found: JSON) -> dict[str, str]:
    return {str(n): str(d) for n, d in cast("dict[str, str]", found).items()}


def _form(column: Column, value: object) -> object:
    try:
        return canonical(cast("JSON", value), column.type)
    except (ValueError, TypeError):
        return repr(value)  # an odd value, or one with an id that the server will choose
