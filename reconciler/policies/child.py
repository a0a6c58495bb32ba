"""The process that judges: it reads lines, evaluates, and writes what is not true.

It runs as a script, so that it loads the engine and nothing of ours. It is bounded by the system:
memory by a limit, the time of one evaluation by a timer whose signal ends the process, since the
engine lets no handler run. Where it is, it writes onto a board that whoever started it reads.

stdin   a header: {"memory": bytes, "seconds": per evaluation, "groups": [[[rule, source], …], …],
        "named": [of each rule, of all]}
        then a line for each row: its group, its number, what it is given, 1 where it is partial
stdout  [rule, row, outcome, text]: of sources that are wrong (row -1), and of all that is not true;
        beyond what the header says is named, outcomes are only counted, on the board
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
    from cel import Context, Program

NOWHERE = -2
OUR_SIZE = "_len"
"""A function of ours that counts characters: the engine's own counts the bytes of a text."""
LONGEST_TEXT = 300
SORTS = ("false", "error", "no boolean")
"""What is found where something is judged and is not true."""


class Board:
    """Where a process is, and what it found: memory that stays as it is when the process ends.

    A page, whose two numbers are the rule and the row at work; then how many outcomes are named,
    and for each rule the same, and how many of each sort are only counted: whole, then partial.
    """

    _PROGRESS = struct.Struct("<ii")
    _NUMBER = struct.Struct("<q")
    _OF_RULE = 1 + 2 * len(SORTS)

    def __init__(self, file: int) -> None:
        self._memory = mmap.mmap(file, 0)

    @classmethod
    def size(cls, rules: int) -> int:
        """Say how many bytes it takes."""
        return cls._PROGRESS.size + cls._NUMBER.size * (1 + rules * cls._OF_RULE)

    def is_at(self, rule: int, row: int) -> None:
        """Note what is at work."""
        self._PROGRESS.pack_into(self._memory, 0, rule, row)

    def at(self) -> tuple[int, int]:
        """Give the rule and the row that were at work."""
        rule, row = self._PROGRESS.unpack_from(self._memory)
        return rule, row

    def names(self, rule: int, most: tuple[int, int]) -> bool:
        """Tell whether one more outcome of a rule is named, and count it where it is."""
        one = 1 + rule * self._OF_RULE
        if self._number(one) >= most[0] and self._number(0) >= most[1]:
            return False
        self._add(one)
        self._add(0)
        return True

    def count(self, rule: int, sort: str, partial: int) -> None:
        """Count an outcome that is not named."""
        self._add(self._place(rule, sort, partial))

    def counted(self, rule: int, sort: str, partial: int) -> int:
        """Say how many outcomes were not named."""
        return self._number(self._place(rule, sort, partial))

    def close(self) -> None:
        """Let the memory go."""
        self._memory.close()

    def _place(self, rule: int, sort: str, partial: int) -> int:
        return 2 + rule * self._OF_RULE + 2 * SORTS.index(sort) + partial

    def _add(self, place: int) -> None:
        offset = self._PROGRESS.size + place * self._NUMBER.size
        self._NUMBER.pack_into(self._memory, offset, self._number(place) + 1)

    def _number(self, place: int) -> int:
        offset = self._PROGRESS.size + place * self._NUMBER.size
        number: int = self._NUMBER.unpack_from(self._memory, offset)[0]
        return number


def main() -> None:
    """Judge what stdin gives."""
    board = Board(int(sys.argv[1]))
    header = orjson.loads(sys.stdin.buffer.readline())
    cel = _engine()
    _limit(header["memory"])
    seconds, most = header["seconds"], tuple(header["named"])
    functions = {OUR_SIZE: _length}
    groups = [_compiled(cel, group, board, seconds) for group in header["groups"]]
    for line in sys.stdin.buffer:
        board.is_at(-1, NOWHERE)
        group, row, given, partial = orjson.loads(line)
        context = cel.Context(given, functions)
        for rule, program in groups[group]:
            board.is_at(rule, row)
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            sort, text = _judged(program, context)
            if sort and board.names(rule, most):
                _tell(rule, row, sort, text)
            elif sort:
                board.count(rule, sort, partial)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    os.write(1, b'["end"]\n')


def _judged(program: "Program", context: "Context") -> tuple[str, str]:
    """Evaluate; gives what was found and what is said of it, nothing where it is true."""
    try:
        found = program.execute(context)
    except BaseException as error:  # a panic of the engine is no Exception
        return "error", _said(error)
    return "" if found is True else "false" if found is False else "no boolean", ""


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
    cel: ModuleType, group: Iterable[tuple[int, str]], board: Board, seconds: float
) -> list[tuple[int, "Program"]]:
    programs = []
    for rule, source in group:
        board.is_at(rule, -1)
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
