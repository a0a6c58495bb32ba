"""Rows of an answer have the texts in common that many of them hold, and hold what they held."""

import copy

import pytest

from reconciler.client.sharing import share_texts


def text(number: int) -> str:
    """Make a text that is no other, even where it says the same."""
    return "".join(["city ", str(number)])


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ([{"city": text(n % 5)} for n in range(200)], 5),
        ([{"city": text(n % 5) if n % 2 else None} for n in range(200)], 5),
        ([{"city": text(n % 5)} if n % 2 or not n else {} for n in range(200)], 5),
        ([{"city": text(n % 5) if n else 1} for n in range(200)], 199),
        ([{"city": text(n)} for n in range(200)], 200),
        ([{"city": text(n % 5)} for n in range(20)], 20),
        ([{"city": [text(1)]} for n in range(200)], 0),
        ([], 0),
    ],
)
def test_rows_share_texts(rows: list[dict[str, object]], texts: int) -> None:
    before = copy.deepcopy(rows)
    share_texts(rows)
    assert rows == before
    assert len({id(row["city"]) for row in rows if isinstance(row.get("city"), str)}) == texts
