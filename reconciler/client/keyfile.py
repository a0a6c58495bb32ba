"""The API key, from a file or from the environment; no error shows any of it."""

import os
import shlex
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from ..diagnostics import UsageError

MAX_KEY_FILE = 4096


def read_key(file: Path | None, environment: Mapping[str, str], tell: Callable[[str], None]) -> str:
    """Find the key; raises UsageError saying what to set."""
    if file is not None:
        return key_of_file(file, tell)
    key = environment.get("BOOKINGMOOD_API_KEY", "")
    if not key.strip():
        raise UsageError(
            "no API key is set",
            hint="set BOOKINGMOOD_API_KEY, or name a file with --api-key-file",
        )
    return key


def key_of_file(file: Path, tell: Callable[[str], None]) -> str:
    """Read a key, and tell where others may read it, too; raises UsageError."""
    try:
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & (stat.S_IRGRP | stat.S_IROTH):
                tell(f"warning: others may read the API key file {file}")
                tell(f"  hint: chmod 600 {shlex.quote(str(file))}")
            return opened.read(MAX_KEY_FILE).decode()
    except (OSError, UnicodeDecodeError) as error:
        hint = "check the path and its rights"
        raise UsageError(f"the API key file {file} cannot be read", hint=hint) from error
