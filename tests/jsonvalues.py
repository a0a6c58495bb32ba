"""Random JSON values, pairs of them that have much in common, and differences done to one."""

from collections.abc import Callable

from hypothesis import strategies as st

from reconciler.values.column import JSON
from reconciler.values.jsondiff import JsonDifference

NAMES = st.sampled_from(
    ["id", "price", "__proto__", "_x", "a b", "0", "", "default", "nl-NL", "rates"]
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "a", "Villa", "Villa ", "Villa\u00a0Rosa", "Villa Rosa", "true", "1", "null"]
    ),
    st.text(st.sampled_from("ab 1\n\r\u00a0é\u0301\u200b\u00ad\\\"'#→:[].-+…"), max_size=12),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.sampled_from([0.0, 1.0, 9.5, 0.1, 1e30, -0.0, 10.0]),
    TEXTS,
)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def pairs(draw: Callable[..., JSON]) -> tuple[JSON, JSON]:
    """Draw two values; mostly the second one is the first one, edited in some places."""
    before = draw(VALUES)
    return before, draw(VALUES) if draw(st.integers(0, 3)) == 0 else _edited(before, draw, 3)


def _edited(value: JSON, draw: Callable[..., JSON], depth: int) -> JSON:
    what = draw(st.integers(0, 5))
    if isinstance(value, list) and what and depth:
        items = [_edited(item, draw, depth - 1) if draw(st.booleans()) else item for item in value]
        if what == 1:
            items.insert(draw(st.integers(0, len(items))), draw(VALUES))  # type: ignore[arg-type]
        elif what == 2 and items:
            items.pop(draw(st.integers(0, len(items) - 1)))  # type: ignore[arg-type]
        elif what == 3:
            items = list(reversed(items))
        return items
    if isinstance(value, dict) and what and depth:
        kept = {
            name: _edited(item, draw, depth - 1)
            for name, item in value.items()
            if draw(st.integers(0, 4))
        }
        return {**kept, draw(NAMES): draw(LEAVES)} if what == 1 else kept  # type: ignore[dict-item]
    return draw(LEAVES) if what == 0 else value


def applied(value: JSON, found: list[JsonDifference]) -> JSON:
    """Do to a value what differences say."""
    for one in found:
        if not one.path:
            return one.after
    here = [one for one in found if len(one.path) == 1]
    whole = _list(value, here) if isinstance(value, list) else _object(value, here)
    below: dict[str | int, list[JsonDifference]] = {}
    for one in found:
        changed = not (one.removed or one.added or one.moved_from is not None)
        if changed or len(one.path) > 1:
            below.setdefault(one.path[0].at, []).append(one._replace(path=one.path[1:]))
    for at, inner in below.items():
        whole[at] = applied(whole[at], inner)  # type: ignore[index]
    return whole


def _list(value: list[JSON], here: list[JsonDifference]) -> list[JSON]:
    gone = {one.path[0].at for one in here if one.removed}
    new = {one.path[0].at: one.after for one in here if one.added}
    moved = {one.path[0].at: one.moved_from for one in here if one.moved_from is not None}
    rest = (item for at, item in enumerate(value) if at not in gone | set(moved.values()))
    length = len(value) - len(gone) + len(new)
    return [
        new[at] if at in new else value[moved[at]] if at in moved else next(rest)
        for at in range(length)
    ]


def _object(value: JSON, here: list[JsonDifference]) -> JSON:
    if not isinstance(value, dict):
        return value
    gone = {one.path[0].at for one in here if one.removed}
    kept = {name: item for name, item in value.items() if name not in gone}
    return {**kept, **{str(one.path[0].at): one.after for one in here if one.added}}
