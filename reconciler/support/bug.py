"""The report of an error that the tool does not know: where in the code, and no value.

Messages of errors, texts of files and arguments may hold personal data, so none is written.
"""

import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from traceback import walk_tb
from types import CodeType

import click

from ..render.out import say
from .invocation import called, versions

UNEXPECTED = 70
"""The exit code; the system's own list calls it EX_SOFTWARE."""
MOST_FRAMES = 60
_ROOT = Path(__file__).parents[2]


def report_bug(error: Exception, group: click.Group) -> int:
    """Write the report into the folder for temporary files and name it; gives the exit code."""
    what = f"error: reconciler failed unexpectedly ({type(error).__name__})"
    try:
        path = _write("".join(f"{line}\n" for line in _report(error, group)))
        rest = f"; please report it with {path}, which holds no values"
    except OSError as why:
        rest = f", and its report could not be written: {why.strerror}"
    with suppress(OSError):  # nobody may be there to read it
        say(f"{what}{rest}", err=True)
    return UNEXPECTED


def _write(text: str) -> str:
    handle, path = tempfile.mkstemp(prefix="reconciler-", suffix=".txt")  # for its owner only
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _report(error: Exception, group: click.Group) -> Iterator[str]:
    yield "An unexpected error of reconciler. Values are left out, so this can be shown to others."
    yield ""
    for name, version in versions().items():
        yield f"{name}: {version}"
    try:
        command, options = called(group)
    except Exception:  # the command itself may be what is broken
        command, options = "?", []
    yield f"command: {command} {' '.join(options)}".rstrip()
    yield from _about(error, "", set())


def _about(error: BaseException, why: str, told: set[int]) -> Iterator[str]:
    """Write an error, what it holds, and what came before it; each once."""
    told.add(id(error))
    yield ""
    yield f"{why}{type(error).__module__}.{type(error).__qualname__}"
    frames = [_place(code.co_filename, line, code.co_qualname) for code, line in _frames(error)]
    left_out = len(frames) - MOST_FRAMES
    if left_out > 0:
        half = MOST_FRAMES // 2
        frames[half:-half] = [f"… {left_out:,} more"]
    yield from (f"  {frame}" for frame in frames)
    for one in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _about(one, "one of these: ", told)
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier and id(earlier) not in told:
        yield from _about(earlier, "after: ", told)


def _frames(error: BaseException) -> Iterator[tuple[CodeType, int]]:
    for frame, line in walk_tb(error.__traceback__):
        yield frame.f_code, line


def _place(file: str, line: int, function: str) -> str:
    return f"{_short(file)}:{line}: {function}"


def _short(file: str) -> str:
    """Name a file without the folders above the code, which may be called like a person."""
    path = Path(file)
    for folder in (_ROOT, *map(Path, sysconfig.get_paths().values()), *map(Path, sys.path)):
        if folder.is_absolute() and path.is_relative_to(folder):
            return str(path.relative_to(folder))
    return path.name
