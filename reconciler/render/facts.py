"""What every view says about a plan besides its changes: consents, counts, places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from ..configuration.load.files import absolute, shown
from ..diagnostics.words import count
from ..plan.change import Action
from ..plan.consents import ADVISORY, MEANINGS
from ..plan.shape import ChangeDocument, PlanDocument, name_of
from .visible import visible

UNCONFIRMED = "unconfirmed"
"""The name under which views tell what the API may refuse to do at all."""

_UNCONFIRMED = "the API's documents do not show that it takes them; it may refuse"


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
    kept = cast("dict[str, object]", document)
    rest = {name: _cleaned(value) for name, value in kept.items() if name != "changes"}
    changes = [_cleaned_change(cast("dict[str, object]", c)) for c in document["changes"]]
    return _with_old_names(cast("PlanDocument", {**rest, "changes": changes}))


def _with_old_names(document: PlanDocument) -> PlanDocument:
    """Call orphans what they were called; what refers to them does so, too."""
    old = {name_of(c): c["was_named"] for c in document["changes"] if "was_named" in c}
    if not old:
        return document
    changes = [
        {
            **change,
            "address": change.get("was_named", change["address"]),
            "references": [old.get(name, name) for name in change["references"]],
        }
        for change in document["changes"]
    ]
    return cast("PlanDocument", {**document, "changes": changes})


def _cleaned_change(change: Mapping[str, object]) -> dict[str, object]:
    columns = {name: change[name] for name in ("columns", "label")}
    rest = {name: _cleaned(value) for name, value in change.items() if name not in columns}
    named = {
        part: {visible(name): column for name, column in cast("dict[str, object]", found).items()}
        for part, found in columns.items()
    }
    return {**rest, **named}


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    return [_cleaned(item) for item in value] if isinstance(value, list) else value


def from_here(document: PlanDocument, folder: Path | None) -> PlanDocument:
    """Name files as seen from where we stand, if they are named from ``folder`` in a plan."""
    if folder is None:
        return document
    changes = [_change_from_here(change, folder) for change in document["changes"]]
    return cast("PlanDocument", {**document, "changes": changes})


def _change_from_here(change: ChangeDocument, folder: Path) -> ChangeDocument:
    columns = {
        name: {**column, "file": shown(absolute(folder / column["file"]))}
        if "file" in column
        else column
        for name, column in change["columns"].items()
    }
    file = change["file"] and shown(absolute(folder / change["file"]))
    return cast("ChangeDocument", {**change, "file": file, "columns": columns})


def needs_of(changes: Iterable[ChangeDocument]) -> tuple[Need, ...]:
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


def counted(changes: Iterable[ChangeDocument]) -> str:
    """Write how many changes there are of each action: ``2 to create, 1 to delete``."""
    counts = Counter(change["action"] for change in changes)
    return ", ".join(f"{counts[a]:,} to {a}" for a in Action if counts[a])


def summary_line(document: PlanDocument) -> str:
    """Write the counts of a plan in one line."""
    parts = [counted(document["changes"]), f"{document['summary']['no-op']:,} unchanged"]
    return ", ".join(filter(None, [*parts, unmet(document)]))


def unmet(document: PlanDocument) -> str:
    """Count what is not as the YAML says and cannot be helped; empty where there is none."""
    number = len(document["unmet"])
    return f"{number:,} not as the YAML says, which the API cannot change" if number else ""


def remarks(change: ChangeDocument) -> list[str]:
    """Say what is remarkable about a change besides its columns."""
    asked_for = [name for name in change["consents"] if name not in ADVISORY]
    told = [name for name in change["consents"] if name in ADVISORY]
    found = []
    if change["protected"]:
        found.append("protected: apply will refuse")
    if asked_for:
        found.append(f"needs --allow {','.join(asked_for)}")
    found += told
    if change["referenced_by"]:
        first, *others = change["referenced_by"]
        more = f" and {len(others):,} more" if others else ""
        found.append(f"referenced by {first}{more}")
    if change["unconfirmed"]:
        found.append(UNCONFIRMED)
    if Action(change["action"]).binds or "was_named" in change:
        found.append(f"row {change['id']}")
    return found


def place_of(change: ChangeDocument) -> str:
    """Say where the change stands in the YAML."""
    if change["file"] is None:
        return "not in the YAML"
    return f"{change['file']}:{change['line']}"


def names_of(document: PlanDocument) -> Mapping[str, str]:
    """Map the ids of the rows that the plan is about to their names."""
    return {change["id"]: name_of(change) for change in document["changes"] if change["id"]}
