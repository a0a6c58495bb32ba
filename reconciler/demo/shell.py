"""Type commands as a user would, and show what they say."""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ..diagnostics import ReconcilerError
from ..render.out import say, show

_HEAD, _TAIL = 16, 8
_SELF = (sys.executable, "-m", "reconciler")


@dataclass(frozen=True, slots=True)
class Shell:
    """Where the commands are typed: a folder, and the organization that they are about."""

    folder: Path
    url: str
    key: str

    def run(self, *words: str, code: int = 0, head: int = _HEAD) -> None:
        """Run a command and show what it says; raises ReconcilerError where it ends otherwise.

        Of a long output the first ``head`` lines are shown, and a few of the last.
        """
        styled(f"$ reconciler {' '.join(words)}", bold=True)
        environment = {
            **os.environ,
            "BOOKINGMOOD_API_URL": self.url,
            "BOOKINGMOOD_API_KEY": self.key,
            "PYTHONUTF8": "1",
        }
        ended = subprocess.run(  # noqa: S603 (our own program)
            [*_SELF, *words],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if ended.returncode != code:
            show(ended.stdout)
            raise ReconcilerError(
                f"`reconciler {' '.join(words)}` ended with {ended.returncode}, not with {code}",
                hint="that is a fault of the demo or of the reconciler: please report it",
            )
        show("".join(f"{line}\n" for line in shortened(ended.stdout.splitlines(), head)))
        if code:
            say(f"(exit code {code})")

    def change_behind_its_back(self, path: str, values: Mapping[str, object]) -> None:
        """Change rows as another program would: a PATCH past the reconciler."""
        request = urllib.request.Request(  # noqa: S310 (the sandbox's own address)
            self.url + urllib.parse.quote(path, safe="/?="),
            method="PATCH",
            data=json.dumps(values).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        past_proxies = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with past_proxies.open(request, timeout=30):
            say("", f"  PATCH {path} {json.dumps(values)}")


def shortened(lines: Sequence[str], head: int = _HEAD) -> list[str]:
    """Leave out the middle of what is too long to read, saying so."""
    left_out = len(lines) - head - _TAIL
    if left_out <= 1:
        return list(lines)
    return [*lines[:head], "", f"      … {left_out} more lines …", "", *lines[-_TAIL:]]


def styled(text: str, *, bold: bool, fg: str | None = None) -> None:
    """Show a line of the story in a style of its own."""
    show(f"\n{click.style(text, fg=fg, bold=bold)}\n")
