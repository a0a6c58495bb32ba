"""Lay a user's schema over a shipped one: it may add and tighten, and nothing else."""

from collections.abc import Iterator, Mapping

from ...values.column import JSON
from .files import Complaint, Schema, Steps

_SAFEGUARDS = frozenset({"x-pii", "x-sensitive", "x-required-on-create"})
_RAISED = frozenset({"minimum", "minLength", "minItems"})
_LOWERED = frozenset({"maximum", "maxLength", "maxItems"})
_HINT = "a catalogue adds kinds and columns, and tightens; it never changes what is shipped"


def merged(
    shipped: Mapping[str, JSON], given: Schema, complaints: list[Complaint]
) -> dict[str, JSON]:
    """Give the shipped schema of a kind with what a file adds; what loosens is complained of."""
    result = dict(shipped)
    for word, value in given.items():
        if word == "properties" and isinstance(value, dict):
            result[word] = _columns(shipped, value, complaints)
        elif word == "x-consents" and isinstance(value, dict):
            result[word] = _consents(shipped.get(word), value)
        elif word == "x-unique" and isinstance(value, list):
            before = shipped.get(word)
            known = before if isinstance(before, list) else []
            result[word] = [*known, *(one for one in value if one not in known)]
        elif value != shipped.get(word):
            complaints.append(_changed([word], word))
    return result


def _columns(
    shipped: Mapping[str, JSON], given: Mapping[str, JSON], complaints: list[Complaint]
) -> dict[str, JSON]:
    before = shipped.get("properties")
    columns = dict(before) if isinstance(before, dict) else {}
    personal = any(isinstance(c, dict) and "x-pii" in c for c in columns.values())
    for name, column in given.items():
        steps, known = ["properties", name], columns.get(name)
        if isinstance(known, dict) and isinstance(column, dict):
            versioned = "x-version" in shipped
            complaints += _loosened(known, column, steps, versioned=versioned)
            kept = {w: v for w, v in column.items() if v is not False or w not in _SAFEGUARDS}
            columns[name] = {**known, **kept}
        else:
            if personal and isinstance(column, dict) and column.get("x-pii") is False:
                message = f"{name} is personal: so are other columns of this kind"
                complaints.append(Complaint([*steps, "x-pii"], message, "take it out", True))
            columns[name] = column
    return columns


def _loosened(
    known: Schema, given: Schema, steps: Steps, *, versioned: bool
) -> Iterator[Complaint]:
    for word, value in given.items():
        before = known.get(word)
        if (word in known and value == before) or (word not in known and value is False):
            continue
        if not _tightens(word, before, value):
            yield _changed([*steps, word], f"{word} of {steps[-1]}")
        elif word == "x-sensitive" and not versioned:
            message = f"{steps[-1]} cannot be a secret: its old value is what locks the row"
            yield Complaint([*steps, word], message, "x-pii keeps it out of plans", True)


def _tightens(word: str, before: JSON, value: JSON) -> bool:
    if word in _SAFEGUARDS:
        return value is True
    if word in _RAISED or word in _LOWERED:
        if not _is_number(value) or not (before is None or _is_number(before)):
            return False
        assert isinstance(value, int | float)
        least = before if isinstance(before, int | float) else value
        return value >= least if word in _RAISED else value <= least
    if word in {"enum", "type"} and isinstance(value, list | str):
        some = value if isinstance(value, list) else [value]
        all_before = before if isinstance(before, list) else []
        return bool(some) and all(one in all_before for one in some)
    return False


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _consents(shipped: JSON, given: Mapping[str, JSON]) -> dict[str, JSON]:
    rules = dict(shipped) if isinstance(shipped, dict) else {}
    for verb, more in given.items():
        before = rules.get(verb)
        known = before if isinstance(before, list) else []
        added = more if isinstance(more, list) else [more]
        rules[verb] = [*known, *(rule for rule in added if rule not in known)]
    return rules


def _changed(steps: Steps, what: str) -> Complaint:
    return Complaint(steps, f"{what} is otherwise than what is shipped", _HINT, loosens=True)
