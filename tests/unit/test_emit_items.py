"""An item made of entries that are written already is what is written of all at once."""

import pytest

from reconciler.values.column import JSON
from reconciler.yamltext.emit import flow, item, short_item

KEY = "a-key"


@pytest.mark.parametrize("length", [0, 1, 60, *range(75, 85), 120])
@pytest.mark.parametrize("indent", [0, 2, 7])
def test_one_line_where_there_is_room(length: int, indent: int) -> None:
    check({KEY: "b" * length, "n": 1}, indent)


@pytest.mark.parametrize("number", range(8, 13))
def test_one_line_of_few_entries(number: int) -> None:
    check({f"k{n}": 0 for n in range(number)}, 2)


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a, b", "a\\nb", "no"])
def test_texts_that_need_quotes_or_lines(text: str) -> None:
    check({KEY: text}, 2)


def check(value: dict[str, JSON], indent: int) -> None:
    whole = item(value, indent)
    short = short_item([f"{flow(name)}: {flow(one)}" for name, one in value.items()], indent)
    assert short == (whole if "- {" in whole else None)
