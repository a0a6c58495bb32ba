"""A process that dies at a file operation, as if its machine had."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}
_WRITES = os.O_WRONLY | os.O_RDWR


def killed(folder: Path, action: Callable[[Path], None], number: int) -> bool:
    """Run an action in a process that dies before its n-th file operation; False if it had less."""
    child = os.fork()
    if not child:
        left = number

        def die(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES
            if (writes or event in _CHANGES) and folder.name in str(arguments):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(die)
        try:
            action(folder)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
