"""Asks git for files of commits: without checkout, hooks, pager or network, within bounds."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import which
from typing import NamedTuple, Self

MOST_SECONDS = 5.0
MOST_BYTES = 32 * 1024 * 1024
_QUIET = (
    "--no-pager", "--literal-pathspecs", "--no-optional-locks",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit",
)  # fmt: skip
_LINK = "120000"
_KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What git needs of the environment; the rest of it may hold keys."""


class _Blob(NamedTuple):
    path: PurePosixPath
    id: str


@dataclass(frozen=True, slots=True)
class Git:
    """Git in a folder, until a moment; no answer is larger than twice the bound."""

    program: str
    folder: Path
    until: float
    most: int = MOST_BYTES

    @classmethod
    def at(
        cls, folder: Path, *, seconds: float = MOST_SECONDS, most: int = MOST_BYTES
    ) -> Self | None:
        """Begin to ask; None where there is no git on this machine."""
        program = which("git")
        return cls(program, folder, time.monotonic() + seconds, most) if program else None

    def tree(self, revision: str) -> str | None:
        """Give the id of what a revision holds; None where there is no such revision."""
        return self._resolved(f"{revision}^{{tree}}")

    def commit(self, revision: str) -> str | None:
        """Give the id of the commit that a revision names; None where there is none."""
        return self._resolved(f"{revision}^{{commit}}")

    def _resolved(self, named: str) -> str | None:
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", named)
        return self.say(*words).strip() or None

    def files(
        self, tree: str, wanted: Callable[[PurePosixPath], bool], path: str = "."
    ) -> Mapping[PurePosixPath, bytes]:
        """Read the files below a path of the folder, each by its path from the folder.

        Raises ValueError where that is too much.
        """
        listed = self.say("ls-tree", "-r", "-z", "--long", tree, "--", path)
        found: list[_Blob] = []
        size = 0
        for entry in filter(None, listed.split("\0")):
            about, _, name = entry.partition("\t")
            mode, sort, blob, length = about.split()
            here = PurePosixPath(name)
            if sort == "blob" and mode != _LINK and wanted(here):
                size += int(length)
                found.append(_Blob(here, blob))
        if size > self.most:
            raise ValueError(f"it is larger than {self.most >> 20} MiB")
        return self._contents(found) if found else {}

    def _contents(self, blobs: list[_Blob]) -> Mapping[PurePosixPath, bytes]:
        asked = "".join(f"{blob.id}\n" for blob in blobs).encode()
        rest = memoryview(self.ask(asked, "cat-file", "--batch"))
        contents: dict[PurePosixPath, bytes] = {}
        for blob in blobs:
            head = bytes(rest[:_LONGEST_HEAD]).partition(b"\n")[0]
            begin, size = len(head) + 1, int(head.rpartition(b" ")[2])
            contents[blob.path] = bytes(rest[begin : begin + size])
            rest = rest[begin + size + 1 :]
        return contents

    def say(self, *words: str) -> str:
        """Ask, and take the answer as text."""
        return self.ask(b"", *words).decode("utf-8", "surrogateescape")

    def ask(self, asked: bytes, *words: str) -> bytes:
        """Run git in the folder; nothing where it fails.

        Raises OSError or SubprocessError where it cannot run or takes too long, ValueError where
        it says too much.
        """
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment = {
            **kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1",
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603 (git, with words of ours)
            [self.program, *_QUIET, *words],
            cwd=self.folder,
            env=environment,
            input=asked,
            capture_output=True,
            timeout=max(0.01, self.until - time.monotonic()),
            check=False,
        )
        if len(done.stdout) > 2 * self.most:
            raise ValueError(f"git says more than {2 * self.most >> 20} MiB")
        return done.stdout if done.returncode == 0 else b""


_LONGEST_HEAD = 256
"""An id, a word and a number stand before each content."""
