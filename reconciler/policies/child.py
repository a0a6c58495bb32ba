"""The process that judges: it reads lines, evaluates, and writes what is not true.

It runs as a script, so that it loads the engine and nothing of ours. It is bounded by the system:
memory by a limit, the time of one evaluation by a timer whose signal ends the process, since the
engine lets no handler run. Where it is, it writes into a page that whoever started it reads.

stdin   a header: {"memory": bytes, "seconds": per evaluation, "groups": [[[rule, source], …], …]}
        then a line for each row: its group, its number, what it is given
stdout  [rule, row, outcome, text]: of sources that are wrong (row -1), and of all that is not true
        ["end"] once all is judged
"""

import mmap
import os
import signal
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from cel import Program

PROGRESS = struct.Struct("<ii")
NOWHERE = -2
OUR_SIZE = "_len"
LONGEST_TEXT = 300


def main() -> None:
    """Judge what stdin gives."""
    page = mmap.mmap(int(sys.argv[1]), mmap.PAGESIZE)
    header = orjson.loads(sys.stdin.buffer.readline())
    cel = _engine()
    _limit(header["memory"])
    seconds = header["seconds"]
    functions = {OUR_SIZE: _length}
    groups = [_compiled(cel, group, page, seconds) for group in header["groups"]]
    for line in sys.stdin.buffer:
        PROGRESS.pack_into(page, 0, -1, NOWHERE)
        group, row, given = orjson.loads(line)
        context = cel.Context(given, functions)
        for rule, program in groups[group]:
            PROGRESS.pack_into(page, 0, rule, row)
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            try:
                found = program.execute(context)
            except BaseException as error:  # a panic of the engine is no Exception
                _tell(rule, row, "error", _said(error))
            else:
                if found is not True:
                    _tell(rule, row, "false" if found is False else "no boolean", "")
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    os.write(1, b'["end"]\n')


def _engine() -> ModuleType:
    """Load the engine without its command line, which takes ten times as long."""
    sys.modules["cel.cli"] = ModuleType("cel.cli")
    import cel

    return cel


def _limit(memory: int) -> None:
    import resource

    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(OSError, ValueError):  # some systems have no such limit
            resource.setrlimit(which, (most, most))


def _compiled(
    cel: ModuleType, group: Iterable[tuple[int, str]], page: mmap.mmap, seconds: float
) -> list[tuple[int, "Program"]]:
    programs = []
    for rule, source in group:
        PROGRESS.pack_into(page, 0, rule, -1)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        try:
            programs.append((rule, cel.compile(source)))
        except BaseException as error:  # a panic of the engine is no Exception
            _tell(rule, -1, "syntax", _said(error))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return programs


def _length(value: object) -> int:
    """Count as CEL does: the characters of a text, the entries of a list or a mapping."""
    if isinstance(value, str | bytes | list | dict):
        return len(value)
    raise TypeError("only texts, lists and mappings have a size")


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_TEXT]


def _tell(rule: int, row: int, outcome: str, text: str) -> None:
    # unbuffered: what was told is known, whatever ends this process
    os.write(1, orjson.dumps([rule, row, outcome, text]) + b"\n")


if __name__ == "__main__":
    main()
