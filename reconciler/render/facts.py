"""What every view says about a plan besides its changes: consents, counts, places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from ..configuration.load.files import absolute, shown
from ..diagnostics.words import count, few
from ..plan.change import Action
from ..plan.changes import Changes
from ..plan.consents import ADVISORY, MEANINGS
from ..plan.shape import ChangeDocument, ChangeHead, PlanDocument, PolicyDocument, name_of
from .visible import is_visible, visible

LONGEST_NOTE = 100
"""A longer note is not told beside other facts."""
UNCONFIRMED = "unconfirmed"
"""The name under which views tell what the API may refuse to do at all."""

_UNCONFIRMED = "the API's documents do not show that it takes them; it may refuse"

_BY_THEMSELVES = frozenset({"changes", "unmanaged"})
"""Parts of a plan with values, which are made visible where they are written."""
_BINDING = frozenset(action.value for action in Action if action.binds)


class Need(NamedTuple):
    """A consent that changes need; an advisory one is told, not asked for."""

    name: str
    meaning: str
    kinds: tuple[str, ...]
    changes: int
    advisory: bool

    @property
    def about(self) -> str:
        """Say how many changes of which kinds it is about."""
        return f"{count(self.changes, 'change')} of {', '.join(self.kinds)}"


def sanitized(document: PlanDocument) -> PlanDocument:
    """Make everything in a plan visible but its values, which are sanitized where they are written.

    A file that says it is a plan may come from anybody.
    """
    document = flowing_sanitized(document)
    return {**document, "changes": list(document["changes"])}


def flowing_sanitized(document: PlanDocument) -> PlanDocument:
    """Make everything visible like :func:`sanitized`, but each change when it is looked at."""
    kept = cast("dict[str, object]", document)
    rest = {n: value if n in _BY_THEMSELVES else _cleaned(value) for n, value in kept.items()}
    as_given = Changes.of(document["changes"])
    named = [_cleaned_head(head) for head in as_given.heads if "was_named" in head]
    changes = as_given.mapped(_cleaned_change, _cleaned_head)
    old = {name_of(head): head["was_named"] for head in named}
    return cast("PlanDocument", {**rest, "changes": _called(changes, old) if old else changes})


def _called(changes: Changes, old: Mapping[str, str]) -> Changes:
    """Call orphans what they were called; what refers to them does so, too."""

    def change_called(change: ChangeDocument) -> ChangeDocument:
        references = [old.get(name, name) for name in change["references"]]
        address = change.get("was_named", change["address"])
        return {**change, "address": address, "references": references}

    def head_called(head: ChangeHead) -> ChangeHead:
        return {**head, "address": head.get("was_named", head["address"])}

    return changes.mapped(change_called, head_called)


def _cleaned_change(change: ChangeDocument) -> ChangeDocument:
    if is_visible("".join(_texts_in(change))):  # nearly all
        return change
    cleaned: dict[str, object] = {
        name: visible(value) if type(value) is str else _cleaned(value) if value else value
        for name, value in change.items()
    }
    cleaned["columns"] = {_visible(name): column for name, column in change["columns"].items()}
    cleaned["label"] = {_visible(name): column for name, column in change["label"].items()}
    return cast("ChangeDocument", cleaned)


def _texts_in(change: ChangeDocument) -> Iterable[str]:
    """Give every text of a change but its values."""
    texts = [value for value in change.values() if type(value) is str]
    texts += change["columns"]
    texts += change["label"]
    texts += change["references"]
    texts += change["referenced_by"]
    texts += change["consents"]
    if "template" in change:
        texts += [change["template"]["name"], change["template"]["file"]]
    return texts


def _cleaned_head(head: ChangeHead) -> ChangeHead:
    said = f"{head['address']}{head['kind']}{head['id']}{head['action']}"
    if "was_named" not in head and is_visible("".join([said, *head["consents"]])):
        return head  # nearly all
    cleaned: ChangeHead = {
        **head,
        "address": head["address"] and visible(head["address"]),
        "kind": _visible(head["kind"]),
        "id": head["id"] and visible(head["id"]),
        "action": _visible(head["action"]),
        "consents": [*map(_visible, head["consents"])],
    }
    if "was_named" in cleaned:
        cleaned["was_named"] = visible(cleaned["was_named"])
    return cleaned


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {name: _cleaned(inner) for name, inner in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list) else value


_visible = lru_cache(10_000)(visible)
"""Names of columns are few, and come again and again."""


def from_here(document: PlanDocument, folder: Path | None) -> PlanDocument:
    """Name files as seen from where we stand, if they are named from ``folder`` in a plan."""
    if folder is None:
        return document
    file_from_here = lru_cache(10_000)(lambda file: shown(absolute(folder / file)))

    def from_there(change: ChangeDocument) -> ChangeDocument:
        columns = change["columns"]
        if [column for column in columns.values() if "file" in column]:
            columns = {
                name: {**column, "file": file_from_here(column["file"])}
                if "file" in column
                else column
                for name, column in columns.items()
            }
        file = change["file"] and file_from_here(change["file"])
        if "template" not in change and file == change["file"] and columns is change["columns"]:
            return change
        changed: ChangeDocument = {**change, "file": file, "columns": columns}
        if "template" in change:
            template = change["template"]
            changed["template"] = {**template, "file": file_from_here(template["file"])}
        return changed

    changes = Changes.of(document["changes"]).mapped(from_there, lambda head: head)
    if "policies" not in document:
        return {**document, "changes": changes}
    policies: list[PolicyDocument] = [
        {
            **policy,
            "broken": [
                {**one, "file": one["file"] and file_from_here(one["file"])}
                for one in policy["broken"]
            ],
        }
        for policy in document["policies"]
    ]
    return {**document, "changes": changes, "policies": policies}


def needs_of(changes: Iterable[ChangeHead]) -> tuple[Need, ...]:
    """List what the changes of a plan need, in the order of the documentation."""
    kinds: dict[str, Counter[str]] = {}
    for change in changes:
        for name in [*change["consents"], *([UNCONFIRMED] if change["unconfirmed"] else [])]:
            kinds.setdefault(name, Counter())[change["kind"]] += 1
    told = {*ADVISORY, UNCONFIRMED}
    return tuple(
        Need(name, meaning, tuple(sorted(kinds[name])), kinds[name].total(), name in told)
        for name, meaning in {**MEANINGS, UNCONFIRMED: _UNCONFIRMED}.items()
        if name in kinds
    )


def asked(needs: Iterable[Need]) -> str | None:
    """Write the flag that gives every consent, or None where none is asked for."""
    names = ",".join(need.name for need in needs if not need.advisory)
    return f"--allow {names}" if names else None


def by_kind(changes: Iterable[ChangeDocument]) -> Mapping[str, list[ChangeDocument]]:
    """Group changes; kinds and changes stay in the order of execution."""
    groups: dict[str, list[ChangeDocument]] = {}
    for change in changes:
        groups.setdefault(change["kind"], []).append(change)
    return groups


def counted(changes: Iterable[ChangeHead]) -> str:
    """Write how many changes there are of each action: ``2 to create, 1 to delete``."""
    return counts_text(Counter(change["action"] for change in changes))


def counts_text(counts: Mapping[str, int]) -> str:
    """Write how many there are of each action."""
    return ", ".join(f"{counts[a]:,} to {a}" for a in Action if counts.get(a))


def summary_line(document: PlanDocument, actions: Mapping[str, int] | None = None) -> str:
    """Write the counts of a plan in one line; ``actions`` counts its changes, if it is known."""
    told = counted(document["changes"]) if actions is None else counts_text(actions)
    parts = [told, f"{document['summary']['no-op']:,} unchanged"]
    return ", ".join(filter(None, [*parts, unmet(document)]))


def unmet(document: PlanDocument) -> str:
    """Count what is not as the YAML says and cannot be helped; empty where there is none."""
    number = len(document["unmet"])
    return f"{number:,} not as the YAML says, which the API cannot change" if number else ""


def left_out(document: PlanDocument) -> list[str]:
    """Say what a view of the plan does not show, or the plan does not do."""
    hidden = Counter(
        column["hidden"]
        for change in document["changes"]
        for column in (*change["columns"].values(), *change["label"].values())
        if "hidden" in column
    )
    said = [f"{count(number, f'{why} value')} hidden" for why, number in hidden.items()]
    notes = [note if len(note) < LONGEST_NOTE else "a note" for note in document["notes"]]
    return [*said, *filter(None, [unmet(document)]), *([few(notes, 1)] if notes else [])]


def remarks(change: ChangeDocument) -> list[str]:
    """Say what is remarkable about a change besides its columns."""
    consents = change["consents"]
    asked_for = [name for name in consents if name not in ADVISORY] if consents else []
    told = [name for name in consents if name in ADVISORY] if consents else []
    found = []
    if change["protected"]:
        found.append("protected: apply will refuse")
    if asked_for:
        found.append(f"needs --allow {','.join(asked_for)}")
    found += told
    if change["referenced_by"]:
        found.append(f"referenced by {few(change['referenced_by'], 1)}")
    if change["unconfirmed"]:
        found.append(UNCONFIRMED)
    if change["id"] and (change["action"] in _BINDING or "was_named" in change):
        found.append(f"row {change['id']}")
    return found


def place_of(change: ChangeDocument) -> str:
    """Say where the change stands in the YAML."""
    if change["file"] is None:
        return "not in the YAML"
    place = f"{change['file']}:{change['line']}"
    if "template" not in change:
        return place
    made_by = change["template"]
    return f"{place} (template {made_by['name']}, {made_by['file']}:{made_by['line']})"


def names_of(document: PlanDocument) -> Mapping[str, str]:
    """Map the ids of the rows that the plan is about to their names."""
    heads = Changes.of(document["changes"]).heads
    return {head["id"]: name_of(head) for head in heads if head["id"]}
