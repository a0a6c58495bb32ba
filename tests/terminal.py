"""A terminal: what a person types goes in, what the screen shows comes out."""

import os
import pty
import re
import select
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

_LONGEST = 30.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?>=]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07|[\x07\r]")


@dataclass(slots=True)
class Terminal:
    """A program in a terminal of its own."""

    descriptor: int
    shown: str = ""

    def type(self, text: str) -> None:
        """Type some keys."""
        os.write(self.descriptor, text.encode())

    def wait_for(self, text: str) -> str:
        """Wait until the screen shows a text that was not there before; answers all up to it."""
        end = time.monotonic() + _LONGEST
        while text not in self.shown:
            left = end - time.monotonic()
            readable, _, _ = select.select([self.descriptor], [], [], max(0.0, left))
            assert readable, f"{text!r} never came: {self.shown!r}"
            read = os.read(self.descriptor, 65536).decode(errors="replace")
            self.shown += _ESCAPES.sub("", read)
        before, _, self.shown = self.shown.partition(text)
        return before


@contextmanager
def terminal(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a program in a terminal while the block lasts."""
    child, descriptor = pty.fork()
    if child == 0:
        os.execvpe(words[0], list(words), dict(environment))
    try:
        yield Terminal(descriptor)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(descriptor)
