"""What is shown of a mistake: its line without private values, a caret, a suggestion."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load import load
from reconciler.configuration.validate import validate
from reconciler.configuration.validate.excerpt import Excerpts
from reconciler.configuration.validate.suggest import Suggester
from reconciler.diagnostics import Position, Problem
from tests.builders import KINDS
from tests.validating import check, errors, read


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("contacts: {a: {emial: zq, phone: zq1, language: nl}}", "***, phone: ***, language: nl"),
        ("contacts: {a: {notes: [zq, zq]}}", "{a: {notes: [***, ***]}}"),
        ("contacts:\n  a:\n    notes: 'zq\n\n      zq', emial: 1", None),
        ("contacts:\n  a:\n    avatar: &x zq\n    emial: *x", "    emial: *x"),
        ("contacts:\n  a:\n    emial: zq # zq", "    emial: ***"),
        ("x-a: &a {emial: zq}\ncontacts:\n  a: *a", "x-a: &a {emial: ***}"),
        ("bookings:\n  a: {method: boook, secret: '}zq'}", "  a: {method: boook, secret: ***}"),
        ("contacts:\n  a: {meta: {zq: zq}, language: [x]}", "{meta: {*** ***}, language: [x]}"),
    ],
)  # fmt: skip
def test_private_values_are_masked(text: str, shown: str | None, tmp_path: Path) -> None:
    lines = said(text, tmp_path)
    assert "zq" not in lines
    assert shown is None or shown in lines


@given(
    style=st.sampled_from(["Zq: {}", "'Zq {}'", '"Zq {}"', "Zq{}", "[Zq, {}]", "|\n      Zq {}"]),
    name=st.sampled_from(["email", "emial", "meta", "creator_id", "notes", "address"]),
    tail=st.text(alphabet="aZq ,:{}[]#-'\"$&*\n\t", max_size=12),
)
def test_no_private_value_is_ever_shown(tmp_path: Path, style: str, name: str, tail: str) -> None:
    value = style.format(tail.replace("\n", "\n      "))
    text = f"contacts:\n  jane:\n    {name}: {value}\n    langauge: x\n"
    assert "Zq" not in said(text, tmp_path)


TEMPLATES = """
templates:
  guest:
    parameters:
      title: {type: string}
      code: {type: integer, maximum: 3, default: 1}
      notes: {type: string, default: x}
      owner: {type: string, default: x}
    contacts: {"${key}": {first_name: "Mr ${title}", rating: 5, creator_id: "${owner}"}}
    products: {"${key}": {name: {default: "${notes}"}, rent_period: nightly}}
    capacities: [{product_id: "${key}", capacity_group_id: adults, max: "${code}"}]
  family:
    parameters: {title: {type: string}, timezone: {type: string, default: x}, city: {type: string}}
    guest: {"${key}-a": {title: "${title}"}}
    contacts: {"${key}-b": {timezoen: "${timezone}"}}
"""


@pytest.mark.parametrize(
    ("instance", "shown"),
    [
        ("guest: {a: {code: 9, title: zq}}", "guest: {a: {code: 9, title: ***}}"),
        ("guest: {a: {code: 9, title: [zq]}}", "guest: {a: {code: 9, title: [***]}}"),
        ("guest: {a: {code: 9, title: '${X}'}}", "guest: {a: {code: 9, title: '${X}'}}"),
        ("guest: {a: {code: 9, notes: open}}", "guest: {a: {code: 9, notes: open}}"),
        ("guest: {a: {code: 9, owner: jan}}", "guest: {a: {code: 9, owner: jan}}"),
        ("guest: {a: {code: 9, owner: z@q.nl}}", "guest: {a: {code: 9, owner: ***}}"),
        ("guest: {a: {code: 9, tilte: zq}}", "guest: {a: {code: 9, tilte: ***}}"),
        ("family: {a: {x: 9, title: zq}}", "family: {a: {x: ***, title: ***}}"),
        ("family: {a: {x: 9, timezone: zq}}", "family: {a: {x: ***, timezone: ***}}"),
        ("family: {a: {x: 9, city: Delft}}", "family: {a: {x: ***, city: ***}}"),
    ],
)
def test_an_argument_is_masked_as_the_columns_that_it_becomes(
    instance: str, shown: str, tmp_path: Path
) -> None:
    assert shown in said(f"{TEMPLATES}{instance}\n", tmp_path)


@pytest.mark.parametrize("templates", [TEMPLATES, f"{TEMPLATES}  x: ["])
def test_an_argument_is_masked_in_a_file_that_is_not_yaml(templates: str, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("family:\n  a:\n    timezone: 'zq' zq\n")
    (tmp_path / "c.yaml").write_text(templates)
    assert "zq" not in said("", tmp_path)


def test_a_column_is_shown_in_a_file_that_is_not_yaml(tmp_path: Path) -> None:
    assert "timezone: 'Mars' x" in said("products:\n  a:\n    timezone: 'Mars' x\n", tmp_path)


def said(text: str, folder: Path) -> str:
    """Everything that is said about a configuration."""
    loaded = read(text, folder)
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    excerpts = Excerpts(loaded, KINDS)
    shown = (excerpts.of(problem) for problem in problems)
    lines = [line for p in problems for line in (p.message, p.hint or "", p.address or "")]
    return "\n".join([*lines, *(excerpt.text for excerpt in shown if excerpt)])


def test_a_variable_is_shown_as_written_never_its_value(tmp_path: Path) -> None:
    text = (
        "bookings: {a: {silent: '${X}', method: '${X}', widget_id: '${X}', exchange_rate: '${X}'}}"
    )
    _, problems = check(text, folder=tmp_path, X="hidden")
    assert len(errors(problems)) == 4
    assert all("${X}" in p.message for p in problems if p.is_error)
    assert "hidden" not in str(problems)


def test_long_lines_are_cut_around_the_caret(tmp_path: Path) -> None:
    padding = ", ".join(f"language{n}" for n in range(100))
    loaded = read(f"contacts: {{a: {{$ignore: [{padding}]}}}}", tmp_path)
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    excerpts = Excerpts(loaded, KINDS)
    for number, problem in enumerate(problems):
        excerpt = excerpts.of(problem)
        assert excerpt is not None
        assert len(excerpt.text) <= 160
        assert excerpt.text[excerpt.caret - 1 :].startswith(f"language{number}")


def test_a_line_with_thousands_of_problems_has_each_caret_at_its_place(tmp_path: Path) -> None:
    wrong = [f"emial{n}" for n in range(5000)]
    rows = ", ".join(f"c{n}: {{phone: '{n}', {name}: x}}" for n, name in enumerate(wrong))
    loaded = read(f"contacts: {{{rows}}}", tmp_path)
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    excerpts = Excerpts(loaded, KINDS)
    shown = [excerpt for problem in problems if (excerpt := excerpts.of(problem))]
    pointed = [excerpt.text[excerpt.caret - 1 :].partition(":")[0] for excerpt in shown]
    assert pointed == wrong


def test_a_file_that_is_no_text_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    loaded = load([tmp_path], variables={}, environment={})
    assert [Excerpts(loaded, KINDS).of(problem) for problem in loaded.problems] == [None]


def test_a_problem_without_a_place_has_no_line(tmp_path: Path) -> None:
    loaded = load([tmp_path / "nowhere"], variables={}, environment={})
    assert Excerpts(loaded, KINDS).of(loaded.problems[0]) is None
    elsewhere = Problem("tab", "", Position("other.yaml", 1, 1))
    assert Excerpts(loaded, KINDS).of(elsewhere) is None


def test_suggestions_are_used_up() -> None:
    suggest = Suggester(comparisons=3)
    assert suggest.nearest("emial", ["email", "phone"]) == "email"
    assert suggest.nearest("phon", ["email", "phone"]) is None
    assert suggest.hint("email", ["email"], "no more") == "no more"


def test_suggestions_are_used_up_by_looking_at_many_names() -> None:
    suggest = Suggester(comparisons=50)
    assert suggest.nearest("emial", [f"name{n}" for n in range(5000)]) is None
    assert suggest.nearest("phon", ["phone"]) is None


def test_wrong_names_by_the_thousand_take_no_minutes(tmp_path: Path) -> None:
    rows = "".join(f"  key{n}: {{creator_id: nobody{n}}}\n" for n in range(3000))
    profiles = "".join(f"  somebody{n}: \n" for n in range(3000))
    text = f"user_profiles:\n{profiles}contacts:\n{rows}"
    assert len(errors(check(text, folder=tmp_path)[1])) == 3000
