"""Values of a column, each once; what Python takes for one and is not stays apart."""

from collections.abc import Sequence

import pytest

from reconciler.values.column import JSON
from reconciler.values.distinct import distinct


@pytest.mark.parametrize(
    ("values", "once"),
    [
        ([], []),
        ([None, None], [None]),
        (["a", "b", "a", None], ["a", "b", None]),
        ([1, 2, 1], [1, 2]),
        ([1, 1.0, True, 1, 1.0, True], [1, 1.0, True]),
        ([0, False, None, "0", 0], [0, False, None, "0"]),
        ([["a"], ["a"]], [["a"], ["a"]]),
        (["a", "a", {}], ["a", "a", {}]),
    ],
    ids=str,
)
def test_every_value_is_there_once(values: Sequence[JSON], once: Sequence[JSON]) -> None:
    assert sorted(map(repr, distinct(values))) == sorted(map(repr, once))
