"""The plan as a document: what ``--format json`` prints, ``--out`` writes and every view shows.

It holds no value of a personal or secret column and no hash of a single one; only that it changes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import orjson

from .. import __version__
from ..catalogue import Kind
from ..diagnostics import Problem
from ..values.jsonform import AS_THEY_ARE, canonical_json, plain_numbers
from ..values.jsontext import dumps
from ..values.portions import in_portions
from .changes import Changes
from .model import Plan
from .places import places
from .shape import (
    FORMAT_VERSION,
    BrokenDocument,
    ChangeDocument,
    ColumnDocument,
    PlanDocument,
    PolicyDocument,
)
from .verdicts import Broken, Verdict
from .writing import changes_of, unmanaged_document, within

AT_ONCE = 500
"""Changes that are made at a time where they are written or digested."""

_NOT_DIGESTED = frozenset({"digest", "policies", "unmanaged"})
_LIST, _ENDS = b'"changes":[', "\n  ]\n}"


def document_of(plan: Plan, kinds: Mapping[str, Kind], *, reveal: bool = False) -> PlanDocument:
    """Write a plan as a document.

    ``reveal`` puts personal values in, for a text on somebody's own screen; the digest is that
    of the document without them.
    """
    document = flowing_document_of(plan, kinds, reveal=reveal)
    document["changes"] = list(document["changes"])
    return document


def flowing_document_of(
    plan: Plan, kinds: Mapping[str, Kind], *, reveal: bool = False
) -> PlanDocument:
    """Write a plan as a document whose changes are made one by one, whenever they are looked at."""
    document = _document(plan, changes_of(plan, kinds))
    document["digest"] = digest_of_document(document)
    if reveal:
        document["changes"] = changes_of(plan, kinds, reveal=True)
    if plan.unmanaged is not None:
        document["unmanaged"] = [
            unmanaged_document(one, kinds[one.kind], plan.names, plan.secrets, reveal=reveal)
            for one in plan.unmanaged
        ]
    return document


def digest_of_document(document: PlanDocument) -> str:
    """Compute the digest over all but itself, old names, and what is judged or told besides."""
    parts = {k: v for k, v in document.items() if k not in _NOT_DIGESTED}
    before, mark, after = canonical_json({**parts, "changes": []}).partition(_LIST)
    digest = hashlib.sha256(before + mark)
    comma = b""
    for portion in in_portions(document["changes"], AT_ONCE):
        canonical = dumps([_digested(change) for change in portion], option=orjson.OPT_SORT_KEYS)
        digest.update(comma + canonical[1:-1])
        comma = b","
    digest.update(after)
    return f"sha256:{digest.hexdigest()}"


def _digested(change: ChangeDocument) -> Mapping[str, object]:
    """Leave out what the digest does not go by, and bring the rest to its canonical form."""
    digested: dict[str, object] = {**change}
    digested.pop("was_named", None)
    digested["line"] = plain_numbers(change["line"])
    if change["label"]:
        digested["label"] = plain_numbers(change["label"])
    if "template" in change:
        digested["template"] = plain_numbers(change["template"])
    if not all(map(_is_canonical, change["columns"].values())):
        digested["columns"] = {
            name: column if _is_canonical(column) else plain_numbers(_without_places(column))
            for name, column in change["columns"].items()
        }
    return digested


def _is_canonical(column: ColumnDocument) -> bool:
    """Tell at first sight that a column holds no number: nearly all say only one thing."""
    if len(column) > 1:
        return False
    return "hidden" in column or ("after" in column and type(column["after"]) in AS_THEY_ARE)


def text_of(document: PlanDocument) -> str:
    """Write a document as the JSON that files hold, with the places where JSON columns differ."""
    return "".join(parts_of_text(document))


def parts_of_text(document: PlanDocument) -> Iterator[str]:
    """Write a document like :func:`text_of`, some changes at a time."""
    whole = dumps({**document, "changes": []}, option=orjson.OPT_INDENT_2).decode()
    before, mark, after = whole.partition('\n  "changes": []')
    yield before + mark[:-1]
    end = ""
    for portion in in_portions(document["changes"], AT_ONCE):
        changes = [
            {**change, "columns": {n: _with_places(c) for n, c in change["columns"].items()}}
            for change in portion
        ]
        written = dumps({"changes": changes}, option=orjson.OPT_INDENT_2).decode()
        yield ("," if end else "") + written.removeprefix('{\n  "changes": [').removesuffix(_ENDS)
        end = "\n  "
    yield f"{end}]{after}\n"


def _without_places(column: ColumnDocument) -> ColumnDocument:
    """Leave out what follows from the values, which nobody need believe."""
    return cast("ColumnDocument", {k: v for k, v in column.items() if k != "differences"})


def _with_places(column: ColumnDocument) -> ColumnDocument:
    """Add the places that differ, never those that a file says."""
    plain = _without_places(column)
    found = places(plain.get("before"), plain.get("after"))
    return {**plain, "differences": found} if found else plain


def _document(plan: Plan, changes: Changes) -> PlanDocument:
    document: PlanDocument = {
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "stack": plan.stack,
        "organization": plan.organization,
        "configuration": plan.configuration,
        "changes": changes,
        "summary": plan.summary,
        "unmet": sorted(map(str, plan.unmet)),
        "notes": [_with_cure(note) for note in plan.notes],
        "digest": "",
    }
    if plan.calendar:
        document["calendar"] = plan.calendar
    if plan.verdicts:
        document["policies"] = [_policy(one, plan.folder) for one in plan.verdicts]
    return document


def _policy(verdict: Verdict, folder: Path | None) -> PolicyDocument:
    return {
        "name": verdict.policy,
        "message": verdict.message,
        "severity": verdict.severity,
        "about": verdict.about,
        "may_allow": verdict.may_allow,
        "judged": verdict.judged,
        "total": verdict.total,
        "broken": [_broken(one, folder) for one in verdict.broken],
    }


def _broken(broken: Broken, folder: Path | None) -> BrokenDocument:
    place = broken.position
    document: BrokenDocument = {
        "name": broken.name,
        "file": within(place.file, folder) if place else None,
        "line": place.line if place else None,
    }
    if broken.why:
        document["why"] = broken.why
    return document


def _with_cure(note: Problem) -> str:
    return f"{note.message} ({note.hint})" if note.hint else note.message
