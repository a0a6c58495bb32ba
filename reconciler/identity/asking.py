"""Read, identify, ask what is still open, and again until nothing is."""

from collections.abc import Mapping
from dataclasses import replace

from ..bindings import Binding
from ..client import Reader
from ..fixpoint import Progress
from ..ids import Owner
from ..kind import Kind
from ..live import Live, ask, read_owned
from ..resource import Address, Configuration
from .found import Identities
from .match import identify
from .reading import columns_to_read, kinds_to_read

_WHAT = "recognising rows by their natural keys"


async def read_and_identify(
    client: Reader,
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    bindings: Mapping[Address, Binding],
) -> tuple[Live, Identities]:
    """Read what is needed and match every resource; problems are in the identities."""
    columns = columns_to_read(configuration, kinds)
    live = await read_owned(client, owner, kinds_to_read(configuration, kinds, bindings, columns))
    identities = identify(configuration, kinds, owner, bindings, live)
    progress = Progress(_WHAT)
    while identities.questions:
        progress.insist(len(live.asked))
        live = await ask(client, live, kinds, columns, identities.questions)
        identities = identify(configuration, kinds, owner, bindings, live)
    return live, identities


def identify_again(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    bindings: Mapping[Address, Binding],
    live: Live,
) -> tuple[Live, Identities]:
    """Match with the rows that were read before: what was not found then is not there."""
    identities = identify(configuration, kinds, owner, bindings, live)
    progress = Progress(_WHAT)
    while identities.questions:
        progress.insist(len(live.asked))
        live = replace(live, asked=live.asked | identities.questions)
        identities = identify(configuration, kinds, owner, bindings, live)
    return live, identities
