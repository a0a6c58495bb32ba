"""Both ends of a migration: opened, and the source exported."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from ..bindings import bindings_path, read_bindings
from ..catalogue import Kind, tenant_of
from ..client.client import ApiClient, ApiReader
from ..client.connection import Connection
from ..client.protocols import Reader, Writer
from ..configuration.begin import FILE, check_free
from ..configuration.load import load
from ..configuration.load.block import file_of
from ..configuration.load.files import shown
from ..configuration.load.nodes import MappingNode, Scalar
from ..diagnostics import UsageError
from ..exporting import Exported, Options, Selection, export
from ..live.organization import read_organization

REPORT_FOLDER = "migration"


@dataclass(frozen=True, slots=True)
class Ends:
    """Both organizations: the source can only be read."""

    source: Reader
    source_id: str
    target: Writer
    target_id: str

    @property
    def folder(self) -> Path:
        """The folder of a migration where people name none."""
        return Path(f"migrate-{self.source_id[:8]}-{self.target_id[:8]}")


async def open_ends(
    stack: AsyncExitStack,
    source: Connection,
    target: Connection,
    kinds: Mapping[str, Kind],
    parallelism: int,
) -> Ends:
    """Open both organizations; raises UsageError where they are the same."""
    reader = await stack.enter_async_context(ApiReader(source, parallelism=parallelism))
    client = await stack.enter_async_context(ApiClient(target, parallelism=parallelism))
    tenant = tenant_of(kinds)
    source_id = await read_organization(reader, tenant, None)
    target_id = await read_organization(client, tenant, None)
    if source_id == target_id:
        raise UsageError(
            f"both keys are of organization {source_id}", hint="give the key of another as target"
        )
    return Ends(reader, source_id, client, target_id)


async def export_source(
    ends: Ends,
    kinds: Mapping[str, Kind],
    folder: Path,
    names: frozenset[str],
    tell: Callable[[str, int], None],
    *,
    readable_keys: frozenset[str] = frozenset(),
) -> Exported:
    """Export the source; a folder of an earlier run keeps its keys and its stack."""
    stack = _stack(folder, ends)
    bound = read_bindings(bindings_path(folder, ends.source_id))
    known: dict[str, dict[str, str]] = {}
    for address, binding in bound.items():
        known.setdefault(address.kind, {})[binding.id] = address.key
    options = Options(
        folder=folder,
        stack=stack,
        selection=Selection(names),
        known=known,
        readable_keys=readable_keys,
        overwrite=True,
    )
    return await export(ends.source, kinds, ends.source_id, options, tell)


def _stack(folder: Path, ends: Ends) -> str:
    """Take the stack of an earlier run, else a new one; a folder of other YAML is refused."""
    made, found = f"migrated-{ends.source_id[:8]}-", stack_of(folder)
    if found is None:
        check_free(folder / FILE, "in a folder that is not below it, with --out")
        return made + secrets.token_hex(2)
    if not found.startswith(made):
        raise UsageError(
            f"{shown(file_of(folder) or folder)} holds the stack {found}, which no migration from"
            f" {ends.source_id} wrote",
            hint="name another folder with --out; everything in it would be written anew",
        )
    return found


def stack_of(folder: Path) -> str | None:
    """Find the stack of an earlier run, also where that was cut off while it wrote."""
    if not folder.is_dir():
        return None
    settings = load([folder], variables={}, environment={}).settings
    if settings is None or not isinstance(settings.value, MappingNode):
        return None
    stack = settings.value.entries.get("stack")
    return stack.value.text if stack and isinstance(stack.value, Scalar) else None
