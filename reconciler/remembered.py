"""What a folder remembers of an organization, beside its YAML; read in one place, once."""

from dataclasses import dataclass
from pathlib import Path

from .bindings import Bindings, bindings_path
from .ids import Owner
from .transfers import read_transfers


@dataclass(frozen=True, slots=True)
class Remembered:
    """Which rows of an organization are a folder's, and which address means which.

    ``owner`` computes ids, and knows the rows that the folder received and let go; ``bindings``
    say what cannot be computed.
    """

    owner: Owner
    bindings: Bindings


def remembered_in(
    folder: Path, organization: str, stack: str, bindings: Bindings | None = None
) -> Remembered:
    """Read what a folder remembers; ``bindings`` stand for those in the folder.

    Raises ConfigurationError with every entry that is wrong, and UsageError where a file cannot
    be read.
    """
    owner = Owner(organization, stack, read_transfers(folder))
    if bindings is None:
        bindings = Bindings.read(bindings_path(folder, organization))
    return Remembered(owner, bindings)
