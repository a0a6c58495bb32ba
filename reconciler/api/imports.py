"""Take one live row over by hand."""

from collections.abc import Mapping
from pathlib import Path

from ..client.client import ApiReader
from ..client.connection import Connection, check_api
from ..configuration.grown import kinds_of
from ..configuration.read import read_configuration
from ..moving.take import take_row
from ..moving.workspace import Workspace
from ..staging import opened
from ..sync.adopt import Adopted, parse_address
from .given import NO_VARIABLES
from .waiting import waiting


async def import_row_async(
    folder: str | Path,
    address: str,
    row_id: str,
    connection: Connection,
    *,
    take_over_from: str | Path | None = None,
    variables: Mapping[str, str] = NO_VARIABLES,
    environment: Mapping[str, str] = NO_VARIABLES,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Adopted:
    """Let an address of a folder mean a live row: it is owned from then on.

    Where the YAML has no such block, one with all its columns is added. A row of another stack is
    taken with ``take_over_from``, the folder of that stack: its block goes there, and comes here.

    Raises UsageError, ConfigurationError or ApiError where that cannot be; the files are as they
    were then.
    """
    path = Path(folder)
    known = kinds_of([path])
    wanted = parse_address(address, known)
    other = Path(take_over_from) if take_over_from is not None else None
    check_api(known, connection.url)
    folders = [each for each in (path, other) if each is not None]
    with opened(folders, "import", patience=lock_timeout, tell=connection.tell):
        there = Workspace.open((other,), variables, known) if other is not None else None
        desired = read_configuration([path], known, variables=variables, environment=environment)
        async with ApiReader(connection, parallelism=parallelism) as reader:
            return await take_row(reader, known, desired, wanted, row_id, there)


import_row = waiting(import_row_async)
