"""Take what changed live into the files."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..client.client import ApiReader
from ..client.connection import Connection, check_api
from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..configuration.load.variable_file import Sources
from ..configuration.read import read_configuration
from ..exporting import Selection, Spool
from ..pulling.choosing import Choices, decide
from ..pulling.pull import Pulled, Sought, look, take_in
from ..staging import opened
from ..sync.folder import layer_of
from .given import NO_VARIABLES, listed
from .waiting import waiting


async def pull_async(
    folder: str | Path,
    connection: Connection,
    *,
    overlays: Sequence[str | Path] = (),
    base: str | None = None,
    keep_files: Iterable[str] = (),
    take_live: Iterable[str] = (),
    check: bool = False,
    unmanaged: Iterable[str] = (),
    into: str | Path | None = None,
    variables: Mapping[str, str] = NO_VARIABLES,
    var_files: Sequence[str | Path] = (),
    update_var_file: str | Path | None = None,
    environment: Mapping[str, str] = NO_VARIABLES,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Pulled:
    """Take what changed live, since it was applied, into the files of a folder and its overlays.

    What was changed on both sides is among the ``conflicts`` of the answer, and stays, unless
    ``keep_files`` or ``take_live`` name it: an address, or ``address.column``. ``base`` names the
    commit that was applied, else its tag does. ``unmanaged`` are kinds: of these, rows that are
    in no YAML come in, too. ``check`` writes nothing, and tells what would come.

    Raises UsageError, ConfigurationError or PlanError where nobody knows what was applied, or the
    files cannot be edited; then they are as they were.
    """
    path, over = Path(folder), [Path(overlay) for overlay in overlays]
    known = kinds_of([path])
    update = Path(update_var_file) if update_var_file is not None else None
    sources = Sources(variables, tuple(map(Path, var_files)), update)
    choices = Choices(frozenset(listed(keep_files)), frozenset(listed(take_live)))
    chosen = Selection.given(listed(unmanaged), (), known)
    sought = Sought(base, not chosen.is_whole, chosen)
    layer = layer_of(path, over, Path(into) if into is not None else None)
    check_api(known, connection.url)
    folders = [path, *map(holder_of, over), *sources.folders]
    with opened(folders, "pull", patience=lock_timeout, tell=connection.tell), Spool() as spool:
        desired = read_configuration(
            [path, *over], known, variables=sources.values(), environment=environment
        )
        choices.check(desired.configuration)
        async with ApiReader(connection, parallelism=parallelism) as reader:
            compared = await look(reader, known, desired, sources, sought, spool)
        decision = decide(compared.divergences.all, choices, desired.configuration)
        return take_in(compared, decision, known, into=layer, check=check)


pull = waiting(pull_async)
