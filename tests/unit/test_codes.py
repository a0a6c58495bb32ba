"""The catalogue of codes: it holds every code that there is, its examples are true."""

from pathlib import Path
from typing import get_args

import pytest

from reconciler.catalogue import load_kinds
from reconciler.configuration.load import load
from reconciler.configuration.validate import validate
from reconciler.diagnostics import Code
from reconciler.diagnostics.explanations import Explanation, explanations, most_like
from tests.codes_in_source import codes_in
from tests.sandbox_server import ROOT

PROBLEMS = tuple(one.code for one in explanations().values() if one.severity)
SHOWN = [one for one in explanations().values() if one.wrong]
LONGEST = 240


def test_every_code_of_the_source_has_an_entry_and_every_entry_is_used() -> None:
    assert set(codes_in(ROOT / "reconciler")) == set(PROBLEMS)


def test_the_type_of_codes_names_what_the_catalogue_explains() -> None:
    assert get_args(Code) == PROBLEMS


@pytest.mark.parametrize(
    "source",
    [
        'Problem("new-code", "message")',
        'Problem(code="new-code", message="message")',
        'report.error("new-code", "message")',
        'report.warning("new-code" if late else "other-code", "message")',
        'raise VariableError("new-code", "message")',
        'raised: Code = "new-code"',
        'WHY: Mapping[Code, str] = {"new-code": "a reason"}',
        'def note(*, code: Code = "new-code"): ...',
        'def why() -> tuple[Code, str]:\n    return "new-code", "a reason"',
    ],
)
def test_a_code_is_seen_wherever_source_gives_one(source: str, tmp_path: Path) -> None:
    (tmp_path / "takers.py").write_text(
        "class Problem:\n    code: Code\n    message: str\n"
        "class Report:\n    def error(self, code: Code, message): ...\n"
        "    def warning(self, code: Code, message): ...\n"
        "class VariableError:\n    def __init__(self, code: Code, message): ...\n"
    )
    (tmp_path / "giver.py").write_text(source)
    (tmp_path / "other.py").write_text('log("no-code", "message")')
    assert set(codes_in(tmp_path)) - {"other-code"} == {"new-code"}


@pytest.mark.parametrize("one", explanations().values(), ids=lambda one: one.code)
def test_an_explanation_is_short_and_whole(one: Explanation) -> None:
    for text in (one.cause, one.cure):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")
        assert len(text) <= LONGEST
    assert one.severity in {"", "error", "warning", "error or warning"}
    assert (one.wrong is None) == (one.right is None)


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.code)
def test_the_wrong_example_has_the_problem_and_the_right_one_has_none(
    one: Explanation, tmp_path: Path
) -> None:
    assert one.code in errors_of(tmp_path / "wrong", one.wrong or "")
    assert errors_of(tmp_path / "right", one.right or "") == []


def test_some_codes_are_shown() -> None:
    assert len(SHOWN) >= 20


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unknown-colum", "unknown-column"),
        ("[unknown-column]", "unknown-column"),
        ("Unknown_Column", "unknown-column"),
        ("xyzzy", None),
    ],
)
def test_a_mistyped_code_is_guessed(typed: str, meant: str | None) -> None:
    assert most_like(typed, explanations()) == meant


def errors_of(folder: Path, text: str) -> list[str]:
    folder.mkdir()
    (folder / "stack.yaml").write_text("reconciler: {stack: shown}\n", "utf-8")
    (folder / "example.yaml").write_text(text, "utf-8")
    _, problems = validate(
        load([folder], variables={}, environment={}), load_kinds(), unset_is_error=True
    )
    return [problem.code for problem in problems if problem.is_error]
