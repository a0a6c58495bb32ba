"""``reconciler explain``: the cause and cure of a code, and how a message leads there."""

from pathlib import Path

import pytest

from reconciler.diagnostics.explanations import explanations
from tests.commandline import run

SHOWN = """\
unknown-column  (error)

A kind has no column of that name.

What to do: Take the suggestion, or remove the column.

Wrong:

    contacts:
      jane-doe: {firstname: Jane}

Right:

    contacts:
      jane-doe: {first_name: Jane}
"""


def test_a_code_is_explained() -> None:
    done = run("explain", "unknown-column", environment={})
    assert (done.code, done.out, done.err) == (0, SHOWN, "")


@pytest.mark.parametrize("code", explanations())
def test_every_code_is_explained_in_lines_that_fit(code: str) -> None:
    done = run("explain", code, environment={})
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(code)
    assert "\nWhat to do: " in done.out
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("unknown-colum", "hint: did you mean unknown-column?"),
        ("[tab]", "hint: did you mean tab?"),
        ("xyzzy", "hint: `reconciler explain` lists all codes"),
    ],
)
def test_an_unknown_code_is_answered_with_what_may_be_meant(code: str, says: str) -> None:
    done = run("explain", code, environment={})
    assert (done.code, done.out) == (1, "")
    assert f"there is no code {code}" in done.err
    assert says in done.err


def test_all_codes_are_listed() -> None:
    listed = run("explain", environment={}).out
    assert [code for code in explanations() if f"\n  {code} " not in listed] == []


def test_the_last_line_of_an_error_leads_to_its_explanation(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa}\ncontacts: {jane: {nme: x}}\n")
    said = run("validate", tmp_path, environment={}).out.splitlines()
    assert said[-2] == "For the cause and cure of a code: reconciler explain unknown-column"
    assert run(*said[-2].rpartition("reconciler ")[2].split(), environment={}).code == 0


def test_a_warning_alone_says_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa}\nbookings: {stay: {}}\n")
    said = run("validate", tmp_path, environment={}).out
    assert "warning: " in said
    assert "reconciler explain" not in said
