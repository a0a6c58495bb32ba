"""What is shown where not everything fits, and what is said about the rest.

::

    protected, or needs consent    5 parts of the room   | in each group: details first,
    deletes                        2 parts               | the largest changes before others,
    changes                        3 parts               | then more changes in one line each,
    creates                        1 part                | then only how many there are

What a group does not need is for the others, so a thousand creates never hide one delete.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from ...diagnostics.words import count
from ...plan.change import Action
from ...plan.consents import ADVISORY
from ...plan.shape import ChangeDocument
from ..facts import by_kind, counted
from .changes import details, folded, has_details, in_one_line
from .text import code, fenced

DETAILED = 0.6
"""How much of a group's room is for details."""

_CONSENT, _DELETES, _CHANGES, _CREATES = (
    "Protected, or needs consent",
    "Deletes",
    "Changes",
    "Creates",
)
_WEIGHTS = {_CONSENT: 5, _DELETES: 2, _CHANGES: 3, _CREATES: 1}
_ORDER = (Action.DELETE, Action.UPDATE, Action.RENAME, Action.RELEASE, Action.ADOPT, Action.CREATE)

Names = Mapping[str, str]
Groups = Mapping[str, Sequence[ChangeDocument]]


class _Part(NamedTuple):
    """What is shown of a group, and which of its changes are not."""

    text: str
    briefly: int
    lost: Sequence[ChangeDocument]


def fitted(changes: Sequence[ChangeDocument], names: Names, room: int) -> Iterator[str]:
    """Write every change with its details; where there is no room for that, what matters most."""
    groups = _grouped(changes)
    room -= sum(size(_heading(title)) for title in groups)
    ranked = [change for group in groups.values() for change in group]
    whole = list(takewhile(_Room(room), (details(change, names) for change in ranked)))
    if len(whole) == len(changes):
        texts = iter(whole)
        for title, group in groups.items():
            yield _heading(title)
            yield from (next(texts) for _ in group)
        return
    parts = _parts(groups, names, room - size(_left_out(len(changes), changes)))
    for title, part in parts.items():
        yield _heading(title) + part.text
    lost = [change for part in parts.values() for change in part.lost]
    yield _left_out(sum(part.briefly for part in parts.values()), lost)


def size(text: str) -> int:
    """Measure a text in bytes: characters are never more."""
    return len(text.encode())


def _grouped(changes: Iterable[ChangeDocument]) -> Groups:
    groups: dict[str, list[ChangeDocument]] = {title: [] for title in _WEIGHTS}
    for change in sorted(changes, key=_rank):
        groups[_title(change)].append(change)
    return {title: group for title, group in groups.items() if group}


def _rank(change: ChangeDocument) -> tuple[bool, int, int]:
    """Put first what must not be lost; what ranks the same stays in the order of execution."""
    large = 0 if change["action"] == Action.CREATE else len(change["columns"])
    return not change["protected"], _ORDER.index(Action(change["action"])), -large


def _title(change: ChangeDocument) -> str:
    if change["protected"] or set(change["consents"]) - ADVISORY:
        return _CONSENT
    return {Action.DELETE: _DELETES, Action.CREATE: _CREATES}.get(
        Action(change["action"]), _CHANGES
    )


class _Room:
    """Lets texts pass as long as all of them together fit, each with a line break."""

    def __init__(self, room: float) -> None:
        self._left = room

    def __call__(self, text: str) -> bool:
        self._left -= size(text) + 1
        return self._left >= 0


def _parts(groups: Groups, names: Names, room: int) -> Mapping[str, _Part]:
    """Share the room by weight, small groups first, so that what they leave is used."""
    parts: dict[str, _Part] = {}
    for title in sorted(groups, key=lambda title: len(groups[title])):
        weights = sum(_WEIGHTS[other] for other in groups if other not in parts)
        parts[title] = _part(groups[title], names, room * _WEIGHTS[title] // weights)
        room -= size(parts[title].text)
    return {title: parts[title] for title in groups}


def _part(group: Sequence[ChangeDocument], names: Names, room: int) -> _Part:
    whole = list(takewhile(_Room(room), (details(change, names) for change in group)))
    shown = list(group)
    if len(whole) < len(group):
        shown = [change for change in group if has_details(change)]
        whole = [details(change, names) for change in shown[: len(whole)]]
        whole = list(takewhile(_Room(room * DETAILED), whole))
    unfolded = set(map(id, shown[: len(whole)]))
    rest = [change for change in group if id(change) not in unfolded]
    room -= sum(map(size, whole)) + size(_briefly(len(group), ["```"]))
    lines = list(takewhile(_Room(room), (in_one_line(change, names) for change in rest)))
    text = "".join(whole) + (_briefly(len(lines), lines) if lines else "")
    return _Part(text, sum(map(has_details, rest[: len(lines)])), rest[len(lines) :])


def _heading(title: str) -> str:
    return f"\n#### {title}\n"


def _briefly(number: int, lines: Sequence[str]) -> str:
    return folded(f"{count(number, 'change')}, in one line each", fenced(lines, "text"))


def _left_out(briefly: int, lost: Sequence[ChangeDocument]) -> str:
    """Say what is not shown, by kind and action."""
    kinds = "".join(f"- {code(kind)}: {counted(found)}\n" for kind, found in by_kind(lost).items())
    text = f"the details of {count(briefly, 'change')} that stand in one line"
    if lost:
        text += f", and all of {count(len(lost), 'more change')}:\n\n{kinds}"
    whole = "The saved plan holds everything: `reconciler show FILE --format html`."
    return f"\n**Left out**, because a comment holds only so much: {text}\n\n{whole}\n"
