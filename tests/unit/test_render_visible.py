"""What nobody sees is shown, and nothing that others wrote acts on a terminal or in a CI log."""

import click
import pytest

from reconciler.configuration.validate.excerpt import Excerpt
from reconciler.diagnostics import ApiError, Position, Problem, ReconcilerError, UsageError
from reconciler.render.errors import error_text
from reconciler.render.out import say, show
from reconciler.render.problems import problems_text
from reconciler.render.visible import harmless, looks_like, spelled, visible


@pytest.mark.parametrize(
    "text",
    [
        "plain, ünïcödé, 日本語",
        "👩\u200d🚀 🏳\ufe0f\u200d🌈 👨🏽\u200d🌾 ❤\ufe0f 1\ufe0f\u20e3",  # emoji of several parts
        "Donau\u00addampf",  # a soft hyphen between letters
        "می\u200cخواهم",  # noqa: RUF001 (Persian needs it)
        "क्\u200dष",  # and so does Hindi
        "葛\U000e0100",  # one of the forms of a letter
        "\u00a0 \u2009 \u3000",  # spaces are seen as such
    ],
)
def test_what_unicode_has_a_use_for_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b[2J", "\\u001b[2J"),
        ("\x9b2J", "\\u009b2J"),
        ("a\u202eb\u2069", "a\\u202eb\\u2069"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("a\u2028b\x85", "a\\u2028b\\u0085"),
        ("a\U000e0041", "a\\U000e0041"),
        ("\u034f\u115f\u180e\u3164\ufff9", "\\u034f\\u115f\\u180e\\u3164\\ufff9"),
        ("\u00ada", "\\u00ada"),  # nothing is divided there
        ("a\u200db", "a\\u200db"),
        ("a\ufe0f 1\ufe0f", "a\\ufe0f 1\\ufe0f"),
        ("\ud800", "\\ud800"),
        ("x ##[error]y", "x \\u0023#[error]y"),
        ("##vso[task.logissue]", "\\u0023#vso[task.logissue]"),
    ],
)
def test_nothing_unseen_or_acting_reaches_people(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Villa\u00a0Rosa", "Villa\\u00a0Rosa"),
        ("e\u0301", "e\\u0301"),
        ("co\u00adop", "co\\u00adop"),
        ("👩\u200d🚀", "👩\\u200d🚀"),
        ("a b ", "a b\\u0020"),
    ],
)
def test_what_may_be_the_difference_can_be_spelled(text: str, shown: str) -> None:
    assert spelled(text) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Villa\u00a0Rosa", "Villa Rosa"),
        ("caf\u00e9", "cafe\u0301"),
        ("a ", "a"),
        ("a\r\nb", "a\nb"),
        ("a\n", "a"),
        ("a\u200bb", "ab"),
        ("non\u2011stop", "non-stop"),
    ],
)
def test_texts_that_differ_may_look_the_same(one: str, other: str) -> None:
    assert looks_like(one) == looks_like(other)
    assert looks_like(one) != looks_like(f"{other}x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\nb"),
        ("  ::error::x", "  \\u003a:error::x"),
        ("\x1b[31m::error::x\x1b[0m", "\x1b[31m\\u003a:error::x\x1b[0m"),
        ("a ::error::", "a ::error::"),
        ("\x1b[2Ja\r", "\\u001b[2Ja\\r"),
    ],
)
def test_a_text_of_ours_keeps_its_lines_and_colours(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert harmless(shown) == shown


BAD = "x\n::error::y\r\u2028z"
SERVER = {"method": "POST", "path": f"/a?b={BAD}"}


@pytest.mark.parametrize(
    "error",
    [
        ReconcilerError(BAD, hint=BAD),
        UsageError(f"::warning::{BAD}"),
        ApiError(BAD, code=BAD, details=BAD, hint=BAD, **SERVER),  # type: ignore[arg-type]
    ],
)
def test_values_in_errors_make_no_lines(error: ReconcilerError) -> None:
    lines = harmless(error_text(error)).splitlines()
    assert len(lines) <= 4
    assert not [line for line in lines if line.strip().startswith("::")]


def test_values_in_problems_make_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem("odd-row", BAD, Position(f"a{BAD}.yaml", 1, 3), hint=BAD)
    show(problems_text([problem], lambda _: Excerpt("::x\u200b日y", 6)), err=True)
    _, source, caret, hint, _ = capsys.readouterr().err.splitlines()
    assert source == "    \\u003a:x\\u200b日y"
    assert caret.index("^") == len(source)  # the letter is two cells wide
    assert hint.startswith("  hint: x\\n::error")


def test_what_is_said_is_lines_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    say(BAD, "::set-output::", err=True)
    show(f"{click.style('a', fg='red')}\n")
    out, err = capsys.readouterr()
    assert err == "x\\n::error::y\\r\\u2028z\n\\u003a:set-output::\n"
    assert out == "a\n"
