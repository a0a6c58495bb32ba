"""Rows that were let go and have a block again: their entries go, once that was applied."""

from collections.abc import Mapping
from pathlib import Path

from ..catalogue import Kind
from ..configuration.provenance import BASE, provenance_of
from ..configuration.read import Desired
from ..ids import Transfers
from ..staging import Changes, replace_together
from ..transfers import RELEASED, read_transfers, texts_of


def drop_managed_again(desired: Desired, kinds: Mapping[str, Kind]) -> None:
    """Take out the entries of rows that have a block in the folder itself; raises OSError.

    One that only an overlay gives is let go still where that overlay is not laid over.
    """
    folder: Path = desired.loaded.folder
    before = read_transfers(folder)
    if not before.released:
        return
    blocks = provenance_of(desired.loaded, kinds).layers[BASE]
    kept = {
        former: way
        for former, way in before.released.items()
        if way.to is not None or way.last not in blocks
    }
    if len(kept) < len(before.released):
        changes = Changes()
        changes.put(folder / RELEASED, texts_of(Transfers(before.received, kept))[RELEASED])
        replace_together({folder: changes})
