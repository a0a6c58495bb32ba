"""Change a value from the inside: a diff of what the YAML says and what it shall say decides.

What is equal keeps its characters. A mapping is followed by its keys, a list by its elements; a
scalar is replaced in its own style. Where a cut inside is not possible, the next larger one is
made: the whole part, then the whole value.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..values.alignment import alignment, likeness
from ..values.column import JSON
from ..values.jsonform import same_json
from ..yamltext.edits import Text, TooFineError
from ..yamltext.emit import INDENT, after, after_dash, flow
from ..yamltext.quotes import inline
from ..yamltext.spots import Spot, dash, size_of
from ..yamltext.tree import (
    MERGE,
    Alias,
    Collection,
    Node,
    Scalar,
    anchor_of,
    below,
    children_of,
    name_of,
)
from .adding import add_elements, add_entry, element, text_of
from .removing import remove
from .scalars import comment_of, in_style
from .sharing import hand_over

_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class New:
    """A value that shall stand in a column, as YAML.

    ``given`` is what the YAML says now, written as ``value`` is, so that both can be compared.
    ``whole`` asks for the largest cut, where a smaller one did not say what was wanted.
    ``written`` is the value as it is written where nothing of it stands yet: with its variables.
    """

    value: JSON
    given: object = None
    whole: bool = False
    written: JSON = None

    def __post_init__(self) -> None:
        """Write the value as it is, where nothing else is asked for."""
        if self.written is None:
            object.__setattr__(self, "written", self.value)


def set_value(text: Text, spot: Spot, new: New) -> None:
    """Put another value behind a key; of a JSON value only the parts that differ.

    What others use by an anchor stays what it was for them. Raises EntangledError where it cannot.
    """
    hand_over(text, spot.value)
    key, node, in_brackets = spot.key, spot.value, spot.parent.flow
    column = text.column(key.start)
    if not new.whole and _change(text, spot, new.given, new.value, column):
        return
    text.check_free(*children_of(node))
    written = new.value
    short = inline(written, flow=in_brackets) if isinstance(written, str) else flow(written)
    if in_brackets or anchor_of(node):
        text.replace(node.start, node.stop, _beside(node, short))
        return
    whole = after(written, column) if text.is_last(node.stop) else f" {short}"
    whole = _with_comment(whole, comment_of(text.text, node))
    colon = text.text.index(":", key.stop) + 1
    if not text.text[colon : node.start].strip():
        text.replace(colon, node.stop, whole)
    elif whole.startswith("\n"):  # a comment stands between the key and its value
        text.replace(text.line_start(node.start) - 1, node.stop, whole)
    else:
        # a list may stand as far left as its key
        missing = column + INDENT - text.column(node.start)
        text.replace(node.start, node.stop, " " * missing + whole[1:])


def _set_item(text: Text, spot: Spot, given: object, value: JSON) -> None:
    """Put another element in the place of one."""
    parent, node = spot.parent, spot.value
    column = text.column(parent.start)
    hand_over(text, node)
    if _change(text, spot, given, value, column):
        return
    text.check_free(*children_of(node))
    short = _beside(node, flow(value))
    if parent.flow or anchor_of(node) or not text.is_last(node.stop):
        text.replace(node.start, node.stop, short)
        return
    begin = dash(text.text, spot) + 1
    if text.text[begin : node.start].strip():  # a comment stands between
        text.replace(node.start, node.stop, short)
    else:
        whole = _with_comment(after_dash(value, column), comment_of(text.text, node))
        text.replace(begin, node.stop, whole)


def _change(text: Text, spot: Spot, given: object, value: JSON, column: int) -> bool:
    """Change a part of a value; False where that is not possible, and then nothing is changed.

    ``column`` is where the key or the dash stands that it belongs to.
    """
    node, mark = spot.value, text.mark()
    inner = node if isinstance(node, Collection) else None
    try:
        if inner and inner.mapping and isinstance(given, dict) and isinstance(value, dict):
            _set_entries(text, inner, given, value)
        elif inner and not inner.mapping and isinstance(given, list) and isinstance(value, list):
            _set_items(text, inner, given, value)
        else:
            _set_scalar(text, spot, value, column)
    except TooFineError:
        text.undo(mark)
        return False
    return True


def _set_scalar(text: Text, spot: Spot, value: JSON, column: int) -> None:
    node = spot.value
    written = in_style(text.text, node, value, column, flow=spot.parent.flow)
    if written is None or node.start == node.stop:
        raise TooFineError
    text.replace(node.start, node.stop, written)


def _set_entries(
    text: Text, node: Collection, given: dict[str, object], value: dict[str, JSON]
) -> None:
    spots = [Spot(node, number) for number in range(size_of(node))]
    own = {name_of(spot.key): spot for spot in spots if not _is_merge(spot.key)}
    inherited = given.keys() - own.keys()
    if not own or not own.keys() <= given.keys() or not inherited <= value.keys():
        raise TooFineError
    renamed = _renamed(own, given, value)
    gone = {name for name in own if name not in value and name not in renamed}
    if len(gone) == len(own):
        raise TooFineError
    for name, spot in own.items():
        name_now = renamed.get(name, name)
        if name_now != name:
            _rename(text, spot, name_now)
        if name not in gone and not same_json(given[name], value[name_now]):
            set_value(text, spot, New(value[name_now], given[name]))
    new = value.keys() - own.keys() - set(renamed.values())
    for name in value:
        if name in new and not (name in inherited and same_json(given[name], value[name])):
            add_entry(text, node, name, value[name], ())
    _remove(text, node, [spot.number for spot in spots if name_of(spot.key) in gone])


def _renamed(
    own: Mapping[str, Spot], given: dict[str, object], value: dict[str, JSON]
) -> dict[str, str]:
    """Find the names that became others: what stands behind them is the same, or nearly so."""
    gone = [name for name in own if name not in value]
    come = [name for name in value if name not in given]
    pairs = [
        (-alike, gone.index(was), come.index(is_now), was, is_now)
        for was in gone
        for is_now in come
        if (alike := likeness(given[was], value[is_now])) >= _ALIKE
    ]
    found: dict[str, str] = {}
    for *_, was, is_now in sorted(pairs):
        if was not in found and is_now not in found.values():
            found[was] = is_now
    return found


def _rename(text: Text, spot: Spot, name: str) -> None:
    key = spot.key
    if not isinstance(key, Scalar) or anchor_of(key) or key.is_block:
        raise TooFineError
    text.replace(key.start, key.stop, inline(name, flow=spot.parent.flow))


def _set_items(text: Text, node: Collection, given: list[object], value: list[JSON]) -> None:
    if len(node.children) != len(given):
        raise TooFineError
    found = alignment(given, value)
    staying = _staying(found)
    kept = {found[number] for number in staying}
    if not kept:
        raise TooFineError
    last: int | None = None
    for is_staying, group in groupby(range(len(value)), key=staying.__contains__):
        numbers = list(group)
        if not is_staying:
            like = node.children[last or 0]
            written = [
                _moved(text, node, found[number], given, value[number])
                or element(text, node, like, value[number])
                for number in numbers
            ]
            add_elements(text, node, last, written)
            continue
        for number in numbers:
            last = found[number]
            assert last is not None
            if not same_json(given[last], value[number]):
                _set_item(text, Spot(node, last), given[last], value[number])
    _remove(text, node, [number for number in range(len(given)) if number not in kept])


def _staying(found: Sequence[int | None]) -> set[int]:
    """Find the elements that stay where they are: the longest row of those in their old order."""
    ends: list[int] = []  # the smallest place at which a row of each length ends
    last: list[int] = []
    before: dict[int, int | None] = {}
    for number, was in enumerate(found):
        if was is not None:
            length = bisect_left(ends, was)
            ends[length:] = [was, *ends[length + 1 :]]
            before[number] = last[length - 1] if length else None
            last[length:] = [number, *last[length + 1 :]]
    row: set[int] = set()
    at = last[-1] if last else None
    while at is not None:
        row.add(at)
        at = before[at]
    return row


def _moved(
    text: Text, node: Collection, was: int | None, given: list[object], value: JSON
) -> str | None:
    """Give the characters of an element that moved, if it says the same."""
    if was is None or not same_json(given[was], value):
        return None
    if any(anchor_of(n) or isinstance(n, Alias) for n in below(node.children[was])):
        return None
    return text_of(text, Spot(node, was))


def _remove(text: Text, node: Collection, gone: Sequence[int]) -> None:
    if not gone:
        return
    beside_dash = not node.flow and not text.is_first(node.start)
    if beside_dash and not node.mapping:
        raise TooFineError
    if beside_dash and gone[:2] == [0, 1]:
        raise TooFineError
    remove(text, node, gone)


def _is_merge(key: Node) -> bool:
    return name_of(key) == MERGE and isinstance(key, Scalar) and key.plain


def _beside(node: Node, short: str) -> str:
    """Keep what is put in the place of nothing apart from what stands before it."""
    return f" {short}" if node.start == node.stop else short


def _with_comment(whole: str, comment: str) -> str:
    """Put a comment that stood behind ``|`` or ``>`` at the end of the first line."""
    first, newline, rest = whole.partition("\n")
    return f"{first}{comment}{newline}{rest}"
