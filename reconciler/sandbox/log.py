"""The request log: one JSON line per request, and never a key or a body."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import orjson

from .exchange import Answer, Incoming
from .faults import Fault


class RequestLog:
    """Appends lines to a file, which is made at once; without a file it does nothing."""

    def __init__(self, path: Path | None) -> None:
        self._file: BinaryIO | None = None if path is None else path.open("ab", buffering=0)

    def __enter__(self) -> "RequestLog":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()

    def write(
        self, incoming: Incoming, answer: Answer, seconds: float, faults: Sequence[Fault] = ()
    ) -> None:
        """Write one line; ``ms`` is how long the answer took, in milliseconds.

        ``faults`` are there only where some befell the request.
        """
        if self._file is None:
            return
        line: dict[str, object] = {
            "method": incoming.method,
            "path": f"/{incoming.path}",
            "query": incoming.query,
            "status": answer.status,
            "rows": answer.rows,
            "ms": round(seconds * 1000, 3),
        }
        if faults:
            line["faults"] = [fault.text for fault in faults]
        self._file.write(orjson.dumps(line) + b"\n")
