"""Where policies come from: ``policies/`` in and beside the folder, and what ``--policies`` names.

Only these few lines run where there are no policies.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..configuration.load.files import POLICIES, is_folder, is_yaml


class PolicyFolder(NamedTuple):
    """A folder of policies; ``trusted`` is one that ``--policies`` named."""

    path: Path
    trusted: bool


def policy_folders(folder: Path, given: Sequence[Path]) -> tuple[PolicyFolder, ...]:
    """List the folders of the policies that hold for a configuration, those given first."""
    trusted = {os.path.realpath(path) for path in given}
    return (
        *(PolicyFolder(path, trusted=True) for path in given),
        *(
            PolicyFolder(path, trusted=False)
            for path in _usual(folder)
            if os.path.realpath(path) not in trusted
        ),
    )


def _usual(folder: Path) -> Iterator[Path]:
    """Name the folders where policies may lie; what is outside of the repository is not ours."""
    inside, beside = folder / POLICIES, folder.parent / POLICIES
    if _holds_files(inside) or any(map(_holds_files, folders_in(inside))):
        yield inside
    if not os.path.lexists(folder / ".git") and beside != folder and _holds_files(beside):
        yield beside


def folders_in(path: Path) -> Iterator[Path]:
    """Find the folders below one, hidden ones left out: what lies there was configuration once."""
    for place, names, _ in os.walk(path):
        names[:] = sorted(name for name in names if not name.startswith("."))
        yield from (Path(place, name) for name in names)


def _holds_files(path: Path) -> bool:
    """Tell whether a folder is there and holds YAML; one that cannot be read is reported later."""
    if not is_folder(path):
        return False
    try:
        return any(map(is_yaml, path.iterdir()))
    except OSError:
        return True
