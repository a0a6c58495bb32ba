"""Which names are proposed for one that does not exist."""

import pytest

from reconciler.sandbox.words import alike, column_hint


@pytest.mark.parametrize(
    ("columns", "proposed"),
    [
        ("aa", ["aa"]),
        ("aa ab", ["aa", "ab"]),
        ("aa ab ac", []),
        ("aa ab ac ae", ["ae"]),
        ("aa ab ac ae af", ["ae", "af"]),
        ("ab bcd", ["ab"]),
        ("xyz", []),
    ],
)
def test_a_third_as_near_makes_all_three_forgotten(columns: str, proposed: list[str]) -> None:
    shown = " or the column ".join(f'"t.{column}"' for column in proposed)
    wanted = f"Perhaps you meant to reference the column {shown}." if proposed else None
    assert column_hint("ad", "t", columns.split()) == wanted


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ("contacts coupons", ["contacts"]),
        ("Contact", []),
        ("taxes", []),
        ("act_upon_a_very_long_name cxntxt", ["cxntxt"]),
    ],
)
def test_kinds_are_alike_by_the_pieces_they_share(known: str, found: list[str]) -> None:
    assert alike("contact", known.split())[:1] == found
