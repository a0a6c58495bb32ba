"""Write a folder's files aside first, so that an export which is stopped leaves it as it was."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..load.files import BINDINGS
from .writing import SETTINGS_FILE

_PREFIX = ".export-"


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; when the block ends well, its files go to their places.

    The settings go last: without them the folder is no configuration that could be applied.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{_PREFIX}*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        yield aside
        files = (path.relative_to(aside) for path in aside.rglob("*") if path.is_file())
        for name in sorted(files, key=_turn):
            (folder / name).parent.mkdir(exist_ok=True)
            (aside / name).replace(folder / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it holds something, as it should
                folder.rmdir()


def _turn(name: Path) -> int:
    """Put ids before the rows that they are of, so that no row is ever without."""
    return 0 if name.parts[0] == BINDINGS else 1 + (name.name == SETTINGS_FILE)
