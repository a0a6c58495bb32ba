"""Write a folder that is new, or bring one that holds YAML in line with what is live."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..catalogue import Kind, tenant_of
from ..client.protocols import Reader
from ..configuration.begin import FILE, check_free
from ..configuration.load.files import absolute
from ..configuration.load.variable_file import Sources
from ..configuration.read import Desired
from ..diagnostics import UsageError
from ..exporting import Exported, Options, export, holds_yaml
from ..exporting.spool import Tell
from ..live.organization import organization_of, read_organization
from ..spans import stage
from .update import Updated, update


async def export_into(
    client: Reader,
    kinds: Mapping[str, Kind],
    options: Options,
    read: Callable[[], Desired],
    tell: Tell = lambda kind, rows: None,
    *,
    only_new: str | None = None,
    overlays: Sequence[Path] = (),
    into: Path | None = None,
    sources: Sources | None = None,
) -> Exported | Updated:
    """Do what the folder of ``options`` needs; ``read`` reads the YAML that it holds.

    ``only_new`` names an option that was given and is for new folders alone. ``into`` is the path
    that takes what is new: the folder, or one of the ``overlays``, else the last. ``sources`` are
    where variables have their values from. Raises UsageError where the folder cannot be written
    or does not fit; then it is as it was.
    """
    layer = layer_of(options.folder, overlays, into)
    if not holds_yaml(options.folder):
        if overlays:
            message = f"{options.folder} holds no YAML yet, so nothing can be laid over it"
            raise UsageError(message, hint="export into it first, without overlays")
        check_free(options.folder / FILE)
        organization = await read_organization(client, tenant_of(kinds), None)
        with stage("export") as exporting:
            exported = await export(client, kinds, organization, options, tell)
            rows = sum(exported.counts.values())
            exporting.count(kinds=len(exported.counts), rows=rows)
        return exported
    if only_new:
        raise UsageError(f"{only_new} is for new folders, and {options.folder} holds YAML already")
    desired = read()
    organization = await organization_of(client, kinds, desired.configuration)
    return await update(
        client,
        kinds,
        organization,
        desired.loaded,
        desired.configuration,
        options,
        tell,
        into=layer,
        sources=sources,
    )


def layer_in(paths: Sequence[Path], into: Path | None) -> int:
    """Number the layer of a folder and its overlays that takes what is new; raises UsageError."""
    folder, *overlays = paths
    if not folder.is_dir():
        message = f"{folder} is no folder"
        raise UsageError(message, hint="name the folder first, then its overlays")
    return layer_of(folder, overlays, into)


def layer_of(folder: Path, overlays: Sequence[Path], into: Path | None) -> int:
    """Number the layer that takes what is new; raises UsageError where it is none."""
    if into is None:
        return len(overlays)
    paths = [absolute(path) for path in (folder, *overlays)]
    if absolute(into) not in paths:
        named = ", ".join(map(str, (folder, *overlays)))
        raise UsageError(f"--into {into} is none of the paths given", hint=f"name one of {named}")
    return paths.index(absolute(into))
