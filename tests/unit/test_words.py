"""Words that messages share."""

import pytest

from reconciler.diagnostics.words import few


@pytest.mark.parametrize(
    ("texts", "most", "total", "said"),
    [
        ("a", 1, None, "a"),
        ("a b", 1, None, "a and 1 more"),
        ("a b c", 2, None, "a, b and 1 more"),
        ("a b", 2, None, "a, b"),
        ("a b", 2, 9, "a, b and 7 more"),
        ("a b", 1, 1002, "a and 1,001 more"),
        ("a b", 2, 2, "a, b"),
    ],
)
def test_the_first_are_listed_and_the_others_counted(
    texts: str, most: int, total: int | None, said: str
) -> None:
    assert few(texts.split(), most, total) == said
