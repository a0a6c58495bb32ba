"""Where a cursor is in a text that is being typed (§ stands where it is)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import PositionEncodingKind

from reconciler.language_server.context import context_at
from reconciler.language_server.text import Text

from ..language_client import CURSOR

IN_LINES = [
    ("§", "", "", False),
    ("con§", "", "con", False),
    ("con§tacts:\n", "", "con", False),
    ("contacts:\n  §", "contacts", "", False),
    ("contacts:\n  jane:\n    fi§", "contacts jane", "fi", False),
    ("contacts:\n  jane:\n    first_name: Ja§ne\n", "contacts jane first_name", "Ja", True),
    ("contacts:\n  jane:\n    # email:\n    fi§", "contacts jane", "fi", False),
    ("contacts:\n  jane:\n\n    fi§", "contacts jane", "fi", False),
    ("contacts:\n  'jane':\n    fi§", "contacts jane", "fi", False),
    ("a:\n  ${key}-x:\n    b: §", "a ${key}-x b", "", True),
    ("a:\n  b:\n    c:\n      - §", "a b c -", "", False),
    ("a:\n- b: 1\n  c: §", "a - c", "", True),
    ("a:\n- b: 1\n  c§", "a -", "c", False),
    ("a:\n  - - §", "a - -", "", False),
    ("a:\n  b: '§", "a b", "'", True),
    ('a:\n  b: "x{§', "a b", '"x{', True),
    ("a:\r\n  b:\r\n    c: §", "a b c", "", True),
    ("\ufeffa:\n  b§", "\ufeffa", "b", False),
]
IN_BRACKETS = [
    ("a: {b: {c: 1}, d§", "a", "d", False),
    ("a: {b: {c: §", "a b c", "", True),
    ("a: {b: {c: 1}, d: [1, §", "a d -", "", False),
    ("a: {b: '}', c§", "a", "c", False),
    ("a:\n  - {b: §, c: x}", "a - b", "", True),
    ("a:\n  b:\n    {c: 1,\n     d: [{e: §", "a b d - e", "", True),
    ("a: [x, [y, §", "a - -", "", False),
]


@pytest.mark.parametrize(("written", "path", "word", "value"), [*IN_LINES, *IN_BRACKETS])
def test_a_cursor_has_a_path(written: str, path: str, word: str, value: bool) -> None:
    found = context_at(*_at(written))
    assert found is not None
    assert (found.path, found.word, found.value) == (tuple(path.split()), word, value)


@pytest.mark.parametrize(
    "written",
    ["a: 1 # §", "# a§", "a: |\n  te§xt", "a:\n  b: >-\n    x\n\n    § y\n", "a: |\n  x\n  b: §"],
)
def test_comments_and_long_texts_have_no_path(written: str) -> None:
    assert context_at(*_at(written)) is None


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("a:\n  b: 1\n  §\n  c: 2\nd: 3", "b c"),
        ("a:\n  x:\n    b: 1\n    §\n  y:\n    c: 2", "b"),
        ("a:\n  - b: 1\n    §\n    c: 2\n  - d: 3", "b c"),
        ("a: {b: 1, §, c: {e: 1}}\nd: 2", "b c"),
        ("a:\n  b: {c: {e: 1}, d§, f: 1}", "c f"),
    ],
)
def test_the_names_beside_the_cursor_are_known(written: str, given: str) -> None:
    found = context_at(*_at(written))
    assert found is not None
    assert found.given == frozenset(given.split())


@given(st.text(alphabet="ab:-#'\"{}[],|> \n\r\u2028$é", max_size=60), st.integers(0, 60))
def test_any_text_has_a_path_or_none(written: str, offset: int) -> None:
    text = Text(written, PositionEncodingKind.Utf16)
    offset = min(offset, len(written))
    found = context_at(text, offset)
    assert found is None or found.start <= offset <= found.stop


def _at(written: str) -> tuple[Text, int]:
    before, _, after = written.partition(CURSOR)
    return Text(before + after, PositionEncodingKind.Utf16), len(before)
