"""Begin a stack in a folder: its name, and whether the folder is free for it."""

import re
import secrets
from itertools import filterfalse
from pathlib import Path
from unicodedata import combining, normalize

from ..diagnostics import UsageError
from .load.block import file_of, folder_of
from .load.files import absolute, shown

FILE = "bookingmood.yaml"


def stack_name(wanted: str | None, folder: Path) -> str:
    """Check the name that was asked for, or make one of the folder's with a random tail."""
    from .validate.settings import what_stack_takes

    letters = normalize("NFKD", folder.resolve().name.lower())
    plain = re.sub(r"[^a-z0-9]+", "-", "".join(filterfalse(combining, letters))).strip("-")[:40]
    name = wanted or f"{plain or 'stack'}-{secrets.token_hex(2)}"
    if expected := what_stack_takes(name):
        raise UsageError(f"--stack takes {expected}, not {name!r}")
    return name


def check_free(file: Path, instead: str = "in a folder beside it") -> None:
    """Refuse a second stack in a folder, or inside the folder of one: neither would be valid.

    ``instead`` says where another one may begin.
    """
    holder = folder_of(absolute(file))
    if holder is not None:
        raise UsageError(
            f"{shown(file_of(holder) or holder)} holds a `reconciler:` block already;"
            " nothing was changed",
            hint=f"add resources there, or begin another stack {instead}",
        )
