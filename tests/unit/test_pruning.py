"""Old journals go when somebody says so, but never one that may still be needed."""

from pathlib import Path

import orjson
import pytest

from reconciler.journal.pruning import prune
from reconciler.values.column import JSON
from tests.builders import KINDS, ORGANIZATION, foreign_id

CHANGE: dict[str, JSON] = {
    "kind": "contacts", "action": "delete", "address": "contacts.a", "id": foreign_id(1),
    "before": {"id": foreign_id(1)}, "after": {}, "binding": None, "matching": [],
}  # fmt: skip


def journal(folder: Path, name: str) -> None:
    """Write a run: ``5``, ``5 cut off``, ``5 did nothing``, ``5 undoes 2``; or two of them."""
    run, _, what = name.partition(" ")
    lines: list[object] = [
        {
            "type": "run", "format_version": 1, "run": run, "stack": "villa",
            "organization": ORGANIZATION, "configuration": "c", "started": "t",
            "undoes": what.removeprefix("undoes ").partition(",")[0] if "undoes" in what else None,
        },
        {"type": "intent", "request": 1, "changes": [CHANGE]},
        {
            "type": "outcome", "request": 1, "stored": None,
            "answer": "refused" if what == "did nothing" else "done",
        },
    ]  # fmt: skip
    if "cut off" not in what:
        lines.append({"type": "end"})
    (folder / f"{run}.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


@pytest.mark.parametrize(
    ("runs", "keep", "left"),
    [
        (["1", "2", "3"], 1, ["3"]),
        (["1", "2", "3"], 2, ["2", "3"]),
        (["1", "2", "3"], 9, ["1", "2", "3"]),
        (["1 cut off", "2", "3"], 1, ["3"]),
        (["1", "2 cut off", "3 cut off"], 1, ["2", "3"]),
        (["1 cut off", "2", "3 cut off", "4 cut off"], 1, ["3", "4"]),
        (["1 cut off", "2", "3 undoes 1"], 1, ["1", "3"]),
        (["1", "2 undoes 1, cut off", "3 undoes 1"], 1, ["1", "2", "3"]),
        (["1", "2", "3 did nothing"], 1, ["2", "3"]),
        (["1", "2", "3 undoes 1"], 1, ["1", "3"]),
        (["1", "2 undoes 1", "3", "4 undoes 2"], 1, ["1", "2", "4"]),
    ],
)
def test_what_stays(tmp_path: Path, runs: list[str], keep: int, left: list[str]) -> None:
    for run in runs:
        journal(tmp_path, run)
    (tmp_path / "0.jsonl").write_text("spoilt\n")
    gone = prune(tmp_path, keep, KINDS)
    names = sorted(path.stem for path in tmp_path.iterdir())
    assert names == ["0", *left]
    assert sorted(gone) == sorted({run.split()[0] for run in runs} - set(left))
