"""What a run says of itself for diagnosis: ``-v``, ``-vv`` on stderr, ``--log-file`` as JSON lines.

Neither holds a value: no key, no personal data, of a query only the names.
"""

import errno
import os
import stat
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click
import orjson

from ..client.listening import Exchange, Nobody
from ..diagnostics import UsageError
from ..render.out import say
from ..render.progress.watched import TOLD_IN_LINES
from ..spans import Span, heard_by
from ..values.column import JSON
from .invocation import called, versions

DIAGNOSIS = "reconciler.diagnosis"
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
STAGES = 2
"""From how many ``v`` on stages are told, too."""


class Log:
    """A file of JSON lines; where it cannot be written any more, the run goes on without it."""

    def __init__(self, path: Path) -> None:
        """Open the file, new or at its end; raises UsageError."""
        self._path = path
        try:
            self._handle: int | None = os.open(path, _FLAGS, 0o600)
        except OSError as error:
            raise _no_log(path, _why(error)) from error
        if not stat.S_ISREG(os.fstat(self._handle).st_mode):
            os.close(self._handle)
            raise _no_log(path, "it is not a regular file")

    def write(self, event: str, **facts: JSON) -> None:
        """Write one line, at once: it has to be there when the process is killed."""
        if self._handle is None:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = orjson.dumps({"at": at, "event": event, **facts}, option=orjson.OPT_APPEND_NEWLINE)
        try:
            os.write(self._handle, line)
        except OSError as error:
            self.close()
            say(f"warning: --log-file {self._path}: {_why(error)}; it ends here", err=True)

    def close(self) -> None:
        """Close the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class Diagnosis(Nobody):
    """Listens to the clients of a run."""

    def __init__(self, verbose: int, log: Log | None) -> None:
        self._verbose = verbose
        self._log = log
        self._began = monotonic()
        self._totals = dict.fromkeys(("requests", "retries", "rows", "sent", "received"), 0)

    def started(self, command: str, options: list[str]) -> None:
        """Write what was called."""
        if self._log:
            named: list[JSON] = [*options]
            self._log.write("start", **versions(), command=command, options=named)

    def exchanged(self, exchange: Exchange, *, of: str = "") -> None:
        """Tell of one request; ``of`` names the organization of a fleet that it was made for."""
        more = (1, exchange.retries, 0, exchange.sent, exchange.received)
        for name, number in zip(self._totals, more, strict=True):
            self._totals[name] += number
        if self._verbose:
            say(f"{of}: {_line(exchange)}" if of else _line(exchange), err=True)
        if self._log:
            whose: dict[str, JSON] = {"of": of} if of else {}
            self._log.write(
                "request",
                **whose,
                method=exchange.method,
                path=exchange.path,
                names=[*exchange.names],
                status=exchange.status,
                ms=_ms(exchange.seconds),
                retries=exchange.retries,
                error=exchange.error,
                sent=exchange.sent,
                received=exchange.received,
            )

    def arrived(self, kind: str, rows: int) -> None:
        """Count rows that were read."""
        self._totals["rows"] += rows

    def begun(self, span: Span) -> None:
        """Say nothing yet."""

    def ended(self, span: Span) -> None:
        """Tell of a stage that is over, well or not; of requests the client tells."""
        if span.is_request:
            return
        counts = {name: number for name, number in span.facts.items() if isinstance(number, int)}
        took = _ms(span.seconds)
        if self._verbose >= STAGES:
            why = [span.error] if span.error else []
            said = ", ".join([*_counted(counts), f"{took:,} ms", *why])
            say(f"{span.name}: {said}", err=True)
        if self._log:
            more: dict[str, JSON] = dict(counts)
            self._log.write("stage", stage=span.name, counts=more, ms=took, error=span.error)

    @property
    def metrics(self) -> dict[str, int]:
        """Sum up what the run has taken so far."""
        return {**self._totals, "ms": _ms(monotonic() - self._began)}

    def over(self) -> None:
        """Tell the sums, and that the run is over, by which error if by one."""
        metrics = self.metrics
        if self._verbose >= STAGES:
            say(f"metrics: {', '.join(_counted(metrics))}", err=True)
        if self._log:
            self._log.write("metrics", **metrics)
            error = sys.exc_info()[0]
            name = error.__name__ if error else None
            self._log.write("end", ms=metrics["ms"], error=name)
            self._log.close()


def diagnosis_of(ctx: click.Context, verbose: int, log_file: Path | None) -> Diagnosis:
    """Give the one listener of a run, made where there is none yet; raises UsageError."""
    found = ctx.meta.get(DIAGNOSIS)
    if isinstance(found, Diagnosis):
        return found
    made = Diagnosis(verbose, Log(log_file) if log_file else None)
    ctx.meta[DIAGNOSIS], ctx.meta[TOLD_IN_LINES] = made, bool(verbose)
    ctx.call_on_close(made.over)
    ctx.with_resource(heard_by(made))
    group = ctx.find_root().command
    if isinstance(group, click.Group):
        made.started(*called(group))
    return made


def metrics_so_far() -> dict[str, int]:
    """Sum up what the run of this command has taken; nothing where nobody counts."""
    context = click.get_current_context(silent=True)
    found = context.meta.get(DIAGNOSIS) if context else None
    return found.metrics if isinstance(found, Diagnosis) else {}


def _counted(counts: Mapping[str, int]) -> list[str]:
    return [f"{name} {number:,}" for name, number in counts.items()]


def _line(exchange: Exchange) -> str:
    query = f"?{'&'.join(exchange.names)}" if exchange.names else ""
    outcome = exchange.status or "no answer"
    again = f", {exchange.retries} retries" if exchange.retries else ""
    why = f", {exchange.error}" if exchange.error else ""
    took = _ms(exchange.seconds)
    return f"{exchange.method} {exchange.path}{query} {outcome}, {took:,} ms{again}{why}"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _no_log(path: Path, why: str) -> UsageError:
    return UsageError(
        f"--log-file {path}: {why}", hint="name a file that is not there yet, or an earlier log"
    )


def _why(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "it is a symbolic link"
    if error.errno == errno.EISDIR:
        return "it is a folder"
    if error.errno == errno.ENXIO:
        return "it is not a regular file"
    return error.strerror or type(error).__name__
