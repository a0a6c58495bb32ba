"""Bring what is live into a folder of YAML."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..catalogue.names import split_names
from ..client.client import ApiReader
from ..client.connection import Connection, check_api
from ..configuration.begin import stack_name
from ..configuration.grown import kinds_of
from ..configuration.load.files import holder_of
from ..configuration.load.variable_file import Sources
from ..configuration.read import read_configuration
from ..exporting import Exported, Options, Selection
from ..staging import opened
from ..sync.folder import export_into
from ..sync.update import Updated
from .given import NO_VARIABLES, listed
from .waiting import waiting


async def export_async(
    folder: str | Path,
    connection: Connection,
    *,
    kinds: Iterable[str] = (),
    stack: str | None = None,
    redact: bool = False,
    overlays: Sequence[str | Path] = (),
    into: str | Path | None = None,
    readable_keys: Iterable[str] = (),
    variables: Mapping[str, str] = NO_VARIABLES,
    var_files: Sequence[str | Path] = (),
    update_var_file: str | Path | None = None,
    environment: Mapping[str, str] = NO_VARIABLES,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Exported | Updated:
    """Write the live organization into a new folder, or bring an edited one in line with it.

    ``stack`` and ``redact`` are for new folders alone. New keys of ``readable_keys``, which are
    kinds, may hold names of people. ``overlays`` are laid over the folder; each value goes back to
    the path that gives it, and what is new ``into`` one of these paths: else the last overlay.
    ``var_files`` set what ``variables`` do not; ``update_var_file`` is the one to get live values.
    ``whole`` of the answer is false where rows or columns were left out.

    Raises UsageError, ConfigurationError or PlanError where it does not fit; it is as it was then.
    """
    path, known = Path(folder), kinds_of([Path(folder)])
    update = Path(update_var_file) if update_var_file is not None else None
    sources = Sources(variables, tuple(map(Path, var_files)), update)
    over = [Path(overlay) for overlay in overlays]
    check_api(known, connection.url)
    selection = Selection.given(listed(kinds), (), known)
    folders = [path, *map(holder_of, over), *sources.folders]
    with opened(folders, "export", patience=lock_timeout, tell=connection.tell):
        named = () if redact else split_names(listed(readable_keys), known)
        options = Options(
            path,
            stack_name(stack, path),
            selection,
            redact=redact,
            readable_keys=frozenset(named),
        )
        async with ApiReader(connection, parallelism=parallelism) as reader:
            return await export_into(
                reader,
                known,
                options,
                lambda: read_configuration(
                    [path, *over], known, variables=sources.values(), environment=environment
                ),
                only_new="redact" if redact else "stack" if stack else None,
                overlays=over,
                into=Path(into) if into is not None else None,
                sources=sources,
            )


export = waiting(export_async)
