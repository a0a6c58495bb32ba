"""The terminal: what is explained how, cut where, and never wider than there is room."""

import re
from collections.abc import Mapping

import click
import pytest
from rich.cells import cell_len

from reconciler.plan.shape import ColumnDocument
from reconciler.render import plan_text as terminal
from reconciler.render.alone import lines_alone
from reconciler.render.cells import value_lines
from reconciler.render.explain import MOST_PIECES, Explained, Piece, explained
from reconciler.render.texts import shortened
from reconciler.render.words import short
from reconciler.values.column import JSON
from tests.builders import change, foreign_id
from tests.render_cases import document, everything, many, plan_text

UPDATE = {"before": 1, "after": 2}


def explain(column: Mapping[str, JSON], names: Mapping[str, str] | None = None) -> list[Piece]:
    one = document([change("update taxes.vat")])["changes"][0]
    one["columns"] = {"c": column}  # type: ignore[dict-item]
    return list(explained(one, names or {})["c"])


def values(before: JSON, after: JSON) -> list[Piece]:
    return explain({"before": before, "after": after})


@pytest.mark.parametrize(
    ("column", "pieces"),
    [
        ({"after": "NO"}, [Piece(after='"NO"')]),
        ({"after": None}, [Piece(after="null")]),
        ({"before": 1, "after": 2}, [Piece("", "1", "2")]),
        ({"before": None, "after": False}, [Piece("", "null", "false")]),
        ({"before": "a", "after": {"a": 1}}, [Piece("", '"a"', '{"a": 1}')]),
        ({"hidden": "personal"}, [Piece(note="(personal)")]),
        ({"hidden": "secret"}, [Piece(note="(secret)")]),
        ({"after": "x", "refers_to": "taxes.vat"}, [Piece("", None, "taxes.vat")]),
        ({"before": None, "after": "x", "refers_to": "a.b"}, [Piece("", "null", "a.b")]),
        ({"before": "id-1", "after": "x", "refers_to": "a.b"}, [Piece("", "a.old", "a.b")]),
        ({"before": "id-1"}, [Piece(before="a.old")]),
        ({"before": "x", "referred_to": "a.was"}, [Piece(before="a.was")]),
        ({"before": "x", "after": None, "referred_to": "a.was"}, [Piece("", "a.was", "null")]),
        ({}, []),
    ],
)
def test_a_column_is_explained(column: ColumnDocument, pieces: list[Piece]) -> None:
    assert explain(column, {"id-1": "a.old"}) == pieces  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(
    ("column", "is_alone"),
    [
        ({"after": "NO"}, True),
        ({"after": "##[x] " + "é" * 90}, True),
        ({"after": [1, None]}, True),
        ({"after": "x", "refers_to": "taxes." + "v" * 90}, True),
        ({"hidden": "personal"}, True),
        ({"before": "x" * 90}, True),
        ({"before": ""}, True),
        ({"before": "id-1"}, True),
        ({"before": {"a": 1}}, True),
        ({"before": "x", "referred_to": "a.was"}, True),
        ({"before": 1, "after": 2}, False),
        ({"before": "x", "after": "y", "refers_to": "a.b"}, False),
        ({"before": "x", "after": None, "referred_to": "a.was"}, False),
        ({"after": "x", "file": "a.yaml", "line": 1}, False),
        ({"hidden": "secret", "file": "a.yaml", "line": 1}, False),
    ],
)
def test_what_says_one_thing_is_written_as_the_rest_is(
    column: ColumnDocument, is_alone: bool, width: int
) -> None:
    names = {"id-1": "a.old"}
    alone = lines_alone({"column": column, "b": {"after": 1}}, names, width)
    one = document([change("update taxes.vat")])["changes"][0]
    one["columns"] = {"column": column, "b": {"after": 1}}
    assert (alone is not None) == is_alone
    assert alone is None or alone.split("\n") == value_lines(explained(one, names), width)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [Piece(".b", "2", "3")]),
        ({"a": 1}, {"b": 1}, [Piece(".a", "1", None), Piece(".b", None, "1")]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, [Piece(".a.b[1]", "2", "3")]),
        ([1], [1, {"a": None}], [Piece("[1]", None, '{"a": null}')]),
        ({"nl-NL": "x"}, {"nl-NL": "y"}, [Piece(".nl-NL", '"x"', '"y"', ("x", "y"))]),
        ({"a b": 1}, {"a b": 2}, [Piece('["a b"]', "1", "2")]),
        ({"a": 1}, {"a": "1"}, [Piece(".a", "1", '"1"')]),
        ({"a": 1}, {"a": True}, [Piece(".a", "1", "true")]),
        ({"a": 1}, [1], [Piece("", '{"a": 1}', "[1]")]),
        (
            {"a": 1},
            {"a": 1.0},
            [Piece("", '{"a": 1}', '{"a": 1.0}', remark="only the form differs")],
        ),
        ({"__a": 0}, {"__a": False}, [Piece(".__a", "0", "false")]),
        ([{"id": 5, "a": 1}], [{"id": 5, "a": 2}], [Piece("[id 5].a", "1", "2")]),
        (
            [{"id": 1}, {"id": 2}],
            [{"id": 2}, {"id": 1}],
            [Piece("[id 2]", note="moved from [1] to [0]")],
        ),
        (
            {"x": [*range(12)]},
            {"x": [*range(2), 0, *range(3, 10), 0, 11]},
            [Piece(".x[2]", "2", "0"), Piece(".x[10]", "10", "0")],
        ),
    ],
)
def test_json_is_explained_path_by_path(before: JSON, after: JSON, pieces: list[Piece]) -> None:
    assert values(before, after) == pieces


def test_json_with_very_many_places_says_how_many_are_left_out() -> None:
    found = values({f"k{i}": 1 for i in range(50)}, {f"k{i}": 2 for i in range(50)})
    assert len(found) == MOST_PIECES + 1
    assert found[-1] == Piece(note="… and 10 more places")


def test_huge_json_is_not_taken_apart() -> None:
    [found] = values({"a": "x" * 300_000}, {"a": "y" * 300_000})
    assert found.where == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("taxes.vat", "taxes.vat"),
        (f"taxes[{foreign_id(1)}]", "taxes[…000000000001]"),
        ("taxes[lookup]", "taxes[lookup]"),
    ],
)
def test_an_id_is_known_by_its_end(name: str, shown: str) -> None:
    assert short(name) == shown


@pytest.mark.parametrize("text", ["short", "x" * 200, "日本語" * 50])
def test_a_cut_text_says_how_long_it_was(text: str) -> None:
    shown = shortened(text, 40)
    assert cell_len(shown) <= 40
    assert shown == text or shown.endswith(f"… ({len(text)} characters)")
    assert cell_len(shortened(text, 20)) <= 20


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        ({"a": (Piece("", "1", "2"),)}, ["      a  1 → 2"]),
        (
            {"a": (Piece("", "1", "2"),), "long": (Piece("", "100", "null"),)},
            ["      a     1   → 2", "      long  100 → null"],
        ),
        ({"a": (Piece(note="(personal)"),)}, ["      a  (personal)"]),
        ({"a": (Piece(".b", None, "1"),)}, ["      a.b  added 1"]),
        ({"a": (Piece(".b", "1", None),)}, ["      a.b  removed 1"]),
        ({"a": (Piece("", "x" * 20, "y" * 20),)}, [
            "      a  before " + "x" * 20, "      a  after  " + "y" * 20]),
        ({"a" * 31: (Piece("", "1", "2"),)}, ["      " + "a" * 31, "        1 → 2"]),
        ({"a": (Piece("", "", "", ("x\nz", "y\nz")),)}, [
            "      a  (lines that differ)", "        - x", "        + y", "          z"]),
    ],
)  # fmt: skip
def test_columns_stand_side_by_side_where_they_fit(columns: Explained, lines: list[str]) -> None:
    shown = [click.unstyle(line) for line in value_lines(columns, 45)]
    assert shown[0] == lines[0]
    assert len(shown) == len(lines)
    assert [line.lstrip() for line in shown[1:]] == [
        line.lstrip().removeprefix("a  ") for line in lines[1:]
    ]


def test_long_texts_are_cut_after_some_lines() -> None:
    piece = Piece("", "", "", ("", "\n".join(f"{i}" for i in range(30))))
    assert list(value_lines({"a": (piece,)}, 80))[-1].strip() == "… 11 more lines"


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_but_names_is_wider_than_the_terminal(width: int, compact: bool) -> None:
    text = click.unstyle(plan_text(everything(reveal=True), width=width, compact=compact))
    for line in text.splitlines():
        names = ("+ ", "- ", "~ ", "= ", "> ", "--allow", "Digest: ", "Stack ", "(row ")
        named = line.strip().startswith(names) or re.search(r"[0-9a-f]{12}\]?\)$", line)
        assert cell_len(line) <= width or named
    if width >= 80:
        assert [x for x in text.splitlines() if cell_len(x) > width and "--allow" not in x] == []


def test_nothing_is_said_by_colour_alone() -> None:
    coloured = plan_text(everything(), width=80)
    assert "\x1b[31m" in coloured
    heads = re.findall(r"^  [+=>~-] (\w+) ", click.unstyle(coloured), re.MULTILINE)
    assert set(heads) == {"create", "adopt", "rename", "update", "delete"}


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert terminal.terminal_width() == 80
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    assert terminal.terminal_width() == 120
    monkeypatch.setenv("COLUMNS", "10")
    assert terminal.terminal_width() == 40


def test_a_large_plan_in_one_line_each() -> None:
    text = click.unstyle(plan_text(many(1000), compact=True))
    assert len(re.findall(r"^  [+~-] \w+ \w+\.", text, re.MULTILINE)) == 1000
