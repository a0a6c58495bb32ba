"""YAML 1.2 as editors and JSON see it, from a scanner that knows another."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml import YAMLError

from reconciler.configuration.load.parse import parse
from reconciler.yamltext.lines import Lines
from reconciler.yamltext.read import read
from reconciler.yamltext.scanner import find_conflict
from reconciler.yamltext.tree import Scalar, below
from tests.properties import examples

NEL, LS, PS = "\x85", "\u2028", "\u2029"


def scalars(text: str) -> list[Scalar]:
    tree = read(text)
    assert tree.stopped is None
    assert tree.root
    return [node for node in below(tree.root) if isinstance(node, Scalar)]


def values(text: str) -> list[str]:
    return [scalar.text for scalar in scalars(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a: x{LS}y{PS}z{NEL}", ["a", f"x{LS}y{PS}z{NEL}"]),
        (f"a: |\n  x{LS}y\n  z", ["a", f"x{LS}y\nz"]),
        (f"a: '{NEL} x{LS}'", ["a", f"{NEL} x{LS}"]),
        (f'a: "{PS}\\L\\u2028"', ["a", f"{PS}{LS}{LS}"]),
        (f"# a comment{LS}b: c\na: 1", ["a", "1"]),
        ("a: |\n  \tx\n  y\n", ["a", "\tx\ny\n"]),
        ("a: >-\n\n\n  \tx\n  \ty\n", ["a", "\n\n\tx\n\ty"]),
        ("- |2- # why\n   \tx\n", [" \tx"]),
        ("a: &b |\r\n  \tx\r\n", ["a", "\tx\n"]),
        ('a: "b: |\n  \tx"', ["a", "b: | x"]),
        (f'a: "b: |{LS}\n  \tx"\nc: y', ["a", f"b: |{LS} x", "c", "y"]),
        (r'a: "\ud83d\ude00\\ud83d\\ude00"', ["a", "\U0001f600\\ud83d\\ude00"]),
        (r'a: "\\\uD83D\uDE00\uD83D\uDE01"', ["a", "\\\U0001f600\U0001f601"]),
        (r"a: \ud83d\ude00", ["a", r"\ud83d\ude00"]),
        (r"a: '\ud83d\ude00'", ["a", r"\ud83d\ude00"]),
        ('a: "x"#c\nb: [y]#c', ["a", "x", "b", "y"]),
        (f'a: \U000f0000{LS}\nb: "\\U000F0001"', ["a", f"\U000f0000{LS}", "b", "\U000f0001"]),
    ],
)
def test_a_text_is_read_as_yaml_1_2(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text", ["a: |\n\tx\n", "a:\n\tb: 1\n", r'a: "\ud83d"', r'a: "\ude00\ud83d"']
)
def test_what_is_wrong_in_yaml_1_2_stays_wrong(text: str) -> None:
    assert isinstance(read(text).stopped, YAMLError)


@given(st.lists(st.text(max_size=12), max_size=5), st.sampled_from([None, 2, "\t"]))
@settings(max_examples=examples(60))
def test_json_that_a_program_wrote_is_yaml(texts: list[str], indent: int | str | None) -> None:
    assert values(json.dumps(texts, indent=indent)) == texts


@given(st.lists(st.sampled_from(["a", " ", "\t", NEL, LS, PS, "\\", "#", "'", "😀"]), max_size=9))
@settings(max_examples=examples(100))
def test_marks_are_those_of_the_text(parts: list[str]) -> None:
    inside = "".join(parts).replace("'", "''")
    text = f"k: '{inside}'\nnext: 1\n"
    *_, last = scalars(text)
    assert Lines(text).place(last.start) == (1, 6)
    assert last.raw(text) == "1"


def test_lines_of_messages_are_those_of_editors() -> None:
    (problem,) = parse(f"a: '{LS}{NEL}'\nb: 1\nb: 2\n", "a.yaml").problems
    assert str(problem.position) == "a.yaml:3:1"
    (problem,) = parse(f"a: {LS}\nb: ]\n", "a.yaml").problems
    assert str(problem.position) == "a.yaml:2:4"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n", 1),
        ("<<<<<<< HEAD\r\nb: 1\r\n||||||| base\r\n=======\r\nb: 2\r\n>>>>>>> x\r\n", 0),
        ("a: <<<<<<< HEAD\n", None),
        ("a: |\n  <<<<<<< HEAD\n  =======\n", None),
        ("<<<<<<<< a\n=======\n", None),
    ],
)
def test_marks_of_a_merge_are_found(text: str, line: int | None) -> None:
    assert find_conflict(text) == line


def test_a_merge_that_is_not_resolved_is_one_error(tmp_path: Path) -> None:
    text = "a: 1\n<<<<<<< HEAD\n  b: 1\n=======\nb: [\n>>>>>>> other\n<<<<<<< HEAD\n"
    (problem,) = parse(text, "a.yaml").problems
    assert (problem.code, str(problem.position)) == ("merge-conflict", "a.yaml:2:1")
