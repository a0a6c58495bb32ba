"""What was measured, as values and as a file of JSON."""

import datetime
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from tests.benchmarks.speed.process import Taken
from tests.sandbox_server import ROOT

RESULTS = ROOT / "tests" / "benchmarks" / "results"


@dataclass(frozen=True, slots=True)
class Row:
    """What ``who`` took for a row of the table, with so many resources.

    ``who`` is ``here``, ``old``, ``floor``, ``loader`` or the name of something else.
    """

    row: str
    size: int
    who: str
    taken: Taken


Found = dict[tuple[str, int, str], Taken]


def found(rows: Iterable[Row]) -> Found:
    """Make them easy to find."""
    return {(one.row, one.size, one.who): one.taken for one in rows}


def save(rows: Iterable[Row], folder: Path = RESULTS) -> Path:
    """Write the file of today; what it holds of the same commit, and was not measured, stays."""
    today, commit = datetime.datetime.now(datetime.UTC).date(), _commit()
    path = folder / f"{today}.json"
    all_rows = found(rows)
    if path.exists() and orjson.loads(path.read_bytes())["commit"] == commit:
        all_rows = found(read(path)) | all_rows
    document = {
        "date": str(today),
        "commit": commit,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "rows": [
            {"row": row, "size": size, "who": who, **asdict(taken)}
            for (row, size, who), taken in all_rows.items()
        ],
    }
    folder.mkdir(exist_ok=True)
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
    return path


def read(path: Path) -> list[Row]:
    """Read such a file."""
    rows = orjson.loads(path.read_bytes())["rows"]
    return [
        Row(one["row"], one["size"], one["who"],
            Taken(one["cpu"], one["wall"], one["peak"], one["requests"]))
        for one in rows
    ]  # fmt: skip


def _commit() -> str:
    """Name the commit, with a plus where the tool's own files are not as they are there."""
    words = ["git", "rev-parse", "--short", "HEAD"]
    name = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    edited = ["git", "diff", "--quiet", "HEAD", "--", "reconciler", "schemas"]
    changed = subprocess.run(edited, cwd=ROOT, check=False).returncode != 0
    return name.strip() + ("+" if changed else "")
