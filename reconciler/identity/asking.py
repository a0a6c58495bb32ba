"""Read, identify, ask what is still open, and again until nothing is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..bindings import Binding
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import ApiError, PlanError, Problem
from ..ids import Owner
from ..live.lacking import UNDEFINED, lacking
from ..live.rows import Live, ask, read_owned
from ..remembered import Remembered
from ..spans import stage
from ..values.address import Address
from ..values.fixpoint import Progress
from .found import Identities
from .keys import Asked
from .match import identify
from .reading import columns_to_read, kinds_to_read

_WHAT = "recognising rows by their natural keys"


async def read_and_identify(
    client: Reader,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    remembered: Remembered,
) -> tuple[Live, Identities]:
    """Read what is needed and match every resource; problems are in the identities.

    Raises PlanError where YAML gives columns that live lacks, with every place.
    """
    columns = columns_to_read(configuration, kinds)
    try:
        return await _read_and_identify(client, configuration, kinds, remembered, columns)
    except ApiError as error:
        if error.code == UNDEFINED:
            named = sorted({address.kind for address in configuration.resources})
            lacks = await lacking(client, [kinds[name] for name in named], columns)
            problems = tuple(_lacking(configuration, lacks))
            if problems:
                raise PlanError(problems) from error
        raise


async def _read_and_identify(
    client: Reader,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    remembered: Remembered,
    columns: Mapping[str, tuple[str, ...]],
) -> tuple[Live, Identities]:
    owner, bindings = remembered.owner, remembered.bindings.entries
    wanted = kinds_to_read(configuration, kinds, bindings, columns, owner.outside())
    with stage("read") as reading:
        live = await read_owned(client, owner, wanted)
        reading.count(**_counts(live))
    known = Asked()
    progress = Progress(_WHAT)
    while True:
        with stage("match") as matching:
            identities = identify(configuration, kinds, owner, bindings, live, known)
            found, orphans = len(identities.found), len(identities.orphans)
            matching.count(found=found, orphans=orphans, questions=len(identities.questions))
        if not identities.questions:
            return live, identities
        progress.insist(len(live.asked))
        with stage("read") as reading:
            live = await ask(client, live, kinds, columns, identities.questions)
            reading.count(**_counts(live))


def _counts(live: Live) -> dict[str, int]:
    rows = sum(map(len, live.rows.values()))
    return {"kinds": len(live.rows), "rows": rows, "unread": len(live.unread)}


def _lacking(configuration: Configuration, lacks: Mapping[str, Iterable[str]]) -> Iterator[Problem]:
    for kind, columns in lacks.items():
        for column in columns:
            yield from _places(configuration, kind, column)


def _places(configuration: Configuration, kind: str, column: str) -> Iterator[Problem]:
    """Say of a column that live lacks where it is given; of one that nobody gives, just so."""
    hint = "take it out; `reconciler doctor` lists what the API lacks and has more"
    given = [
        resource
        for resource in configuration.resources.values()
        if resource.address.kind == kind and column in resource.values
    ]
    for resource in given:
        yield Problem(
            "lacking-column",
            f"{resource.address} gives {column}, and the API has no such column of {kind}",
            position=resource.place(column),
            address=str(resource.address),
            hint=hint,
        )
    if not given:
        yield Problem(
            "lacking-column",
            f"the API has no column {column} of {kind}, which is needed to know and lock its rows",
            hint="`reconciler doctor` lists what the API lacks; a newer reconciler may know it",
        )


def identify_again(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    bindings: Mapping[Address, Binding],
    live: Live,
) -> tuple[Live, Identities]:
    """Match with the rows that were read before: what was not found then is not there."""
    known = Asked()
    identities = identify(configuration, kinds, owner, bindings, live, known)
    progress = Progress(_WHAT)
    while identities.questions:
        progress.insist(len(live.asked))
        live = replace(live, asked=live.asked | identities.questions)
        identities = identify(configuration, kinds, owner, bindings, live, known)
    return live, identities
