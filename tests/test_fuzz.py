"""A small sample of `make fuzz`, and what it found."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import orjson
import pytest

from reconciler.diagnostics import UsageError
from reconciler.journal.read import read_run
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.saved import read_plan
from reconciler.plan.shape import PlanDocument
from reconciler.values.column import JSON
from tests.fuzz import JOURNAL, fuzz
from tests.render_cases import everything

Line = dict[str, JSON]


def test_a_sample_of_mutated_files_does_no_harm() -> None:
    figures = fuzz(300, seed=7)
    assert figures.harm == []
    assert set(figures.cases.values()) == {50}


def first(line: Line) -> Line:
    """Give the first change of an intent."""
    return cast("list[Line]", line["changes"])[0]


SPOILT: dict[str, tuple[int, Callable[[Line], object], str]] = {
    "a header without its stack": (0, lambda line: line.pop("stack"), ":1 is no line"),
    "a line without a type": (1, lambda line: line.pop("type"), ":2 is no line"),
    "a change without an id": (1, lambda line: first(line).pop("id"), ":2 is no line"),
    "a change that is no object": (1, lambda line: line.update(changes=[5]), ":2 is no line"),
    "an action that is none": (1, lambda line: first(line).update(action="x"), ":2 is no line"),
    "a kind that is none": (1, lambda line: first(line).update(kind="x"), "there is no kind x"),
    "a binding without origin": (3, lambda line: first(line).update(binding={}), ":4 is no line"),
    "an answer too short": (2, lambda line: line.update(stored=[{}]), ":3 answers other rows"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_journal_of_another_shape_is_refused(name: str, tmp_path: Path) -> None:
    number, spoil, words = SPOILT[name]
    lines = orjson.loads(orjson.dumps(JOURNAL))
    spoil(lines[number])
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    with pytest.raises(UsageError, match=words):
        read_run(path)


def test_a_plan_without_its_counts_is_refused(tmp_path: Path) -> None:
    document = orjson.loads(orjson.dumps(everything()))
    del document["summary"]["no-op"]
    document["digest"] = digest_of_document(cast("PlanDocument", document))
    path = tmp_path / "plan.json"
    path.write_bytes(orjson.dumps(document))
    with pytest.raises(UsageError, match="is not a plan: summary"):
        read_plan(path)
