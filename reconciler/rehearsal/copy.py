"""A copy of what a plan is about, in a folder, and the sandbox that serves it."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..bindings import bindings_path, write_bindings
from ..catalogue import Catalogue, Kind
from ..client.connection import Connection
from ..configuration.resource import Configuration
from ..local_sandbox import running_sandbox
from ..planning.folder import plan_folder
from ..transfers import texts_of
from ..values.jsontext import dumps
from ..values.sent import Row
from ..values.stored import Form
from .rows import Recorder, rows_to_copy

SEED = "seed.jsonl"


@dataclass(frozen=True, slots=True)
class Copy:
    """Rows of an organization in a folder, and the configuration as it is planned on them.

    ``stores`` are the columns that the server stores in a form of its own, with the form.
    """

    configuration: Configuration
    folder: Path
    organization: str
    rows: int
    stores: Mapping[str, Form]


async def copy_rows(
    configuration: Configuration,
    connection: Connection,
    kinds: Mapping[str, Kind],
    folder: Path,
    *,
    parallelism: int,
) -> Copy:
    """Plan on the live organization, and write down the rows that the plan is about."""
    async with Recorder(connection, parallelism=parallelism) as reader:
        planned = await plan_folder(configuration, reader, kinds)
        rows = await rows_to_copy(reader, kinds, configuration)
    organization = planned.plan.organization
    _write_seed(folder / SEED, rows)
    known = planned.bindings
    write_bindings(bindings_path(folder, organization), known.entries, known.stored)
    for name, text in texts_of(planned.remembered.owner.transfers).items():
        (folder / name).write_text(text, "utf-8")
    there = replace(configuration, folder=folder, organization=organization)
    return Copy(there, folder, organization, sum(map(len, rows.values())), known.stored)


@contextmanager
def serving(copy: Copy) -> Iterator[Connection]:
    """Serve a copy by a sandbox while the block lasts; it stores forms as the live server does."""
    stores = [f"--stores={column}={form}" for column, form in copy.stores.items()]
    key = secrets.token_hex(16)
    own = _catalogue(copy.configuration.kinds)
    options = ("--seed", str(copy.folder / SEED), *stores, *own)
    with running_sandbox(copy.organization, key, *options) as url:
        yield Connection.checked(url, key)


def _catalogue(kinds: Mapping[str, Kind]) -> Sequence[str]:
    """Say to a sandbox which kinds of the user's own it serves."""
    growth = kinds.origin.growth if isinstance(kinds, Catalogue) else None
    if growth is None:
        return ()
    tenant = ("--tenant", growth.tenant or "none") if growth.replace else ()
    return ("--catalogue", str(growth.folder), *tenant)


def _write_seed(path: Path, rows: Mapping[str, Mapping[str, Row]]) -> None:
    with path.open("wb") as file:
        for kind, by_id in rows.items():
            file.write(dumps({"kind": kind, "rows": list(by_id.values())}) + b"\n")
