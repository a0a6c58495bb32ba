"""Texts that many rows of an answer hold, kept once: reading JSON makes one for each row."""

from collections.abc import Sequence
from typing import cast

_FEWEST = 100
"""So few rows are not worth it."""
_TEXTS = frozenset({str, type(None)})


def share_texts(rows: Sequence[dict[str, object]]) -> None:
    """Let rows have their texts in common, in columns of which many say the same."""
    for name in rows[0] if len(rows) >= _FEWEST else ():
        values = [row.get(name) for row in rows]
        if not _TEXTS.issuperset(map(type, values)):
            continue
        kept = {value: value for value in cast("list[str | None]", values)}
        if 2 * len(kept) <= len(values):
            for row, value in zip(rows, values, strict=True):
                if value is not None:
                    row[name] = kept[cast("str", value)]
