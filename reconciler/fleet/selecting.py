"""Choose members of a fleet: ``--select 'tag:it,!bergen'`` and ``--wave NAME``."""

from collections.abc import Container
from difflib import get_close_matches

from ..catalogue.names import listed
from ..diagnostics import UsageError
from ..diagnostics.words import few
from .members import REST, Fleet, Member

_TAG = "tag:"


def select(fleet: Fleet, expression: str | None, wave: str | None) -> tuple[Member, ...]:
    """Choose members, in their order; raises UsageError for a name that is none.

    The words of an expression are names and ``tag:NAME``; ``!`` takes out. Without a word that
    takes in, all are in at first.
    """
    words = listed([expression or ""])
    if expression is not None and not words:
        raise UsageError("--select names nothing", hint="write --select 'tag:it,!bergen'")
    _check(fleet, words)
    _check_wave(fleet, wave)
    taken = {word for word in words if not word.startswith("!")}
    left = {word[1:] for word in words if word.startswith("!")}
    chosen = tuple(
        one
        for one in fleet.members
        if (not taken or _in(one, taken)) and not _in(one, left) and _in_wave(one, wave)
    )
    if not chosen:
        raise UsageError("no organization is chosen", hint="look at --select and --wave")
    return chosen


def _in(member: Member, words: Container[str]) -> bool:
    return member.name in words or any(_TAG + tag in words for tag in member.tags)


def _in_wave(member: Member, wave: str | None) -> bool:
    return wave is None or wave == (member.wave or REST)


def _check(fleet: Fleet, words: list[str]) -> None:
    known = {one.name for one in fleet.members}
    known |= {_TAG + tag for one in fleet.members for tag in one.tags}
    for word in (word.removeprefix("!") for word in words):
        if word not in known:
            what = f"the tag {word.removeprefix(_TAG)}" if word.startswith(_TAG) else word
            near = get_close_matches(word, known, 1)
            hint = f"did you mean {near[0]}?" if near else "names stand in fleet.yaml"
            raise UsageError(f"no organization of the fleet has {what}", hint=hint)


def _check_wave(fleet: Fleet, wave: str | None) -> None:
    names = [one.name or REST for one in fleet.waves]
    if wave is not None and wave not in names:
        raise UsageError(f"there is no wave {wave}", hint=f"there are {few(names)}")
