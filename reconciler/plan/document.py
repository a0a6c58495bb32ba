"""The plan as a document: what ``--format json`` prints, ``--out`` writes and every view shows.

It holds no value of a personal or secret column and no hash of a single one; only that it changes.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import orjson

from .. import __version__
from ..catalogue import Kind
from ..diagnostics import Problem
from ..values.jsontext import dumps
from ..values.portions import in_portions
from .changes import Changes
from .digesting import Digester, without_places
from .model import Plan
from .places import places
from .shape import (
    FORMAT_VERSION,
    BrokenDocument,
    ColumnDocument,
    PlanDocument,
    PolicyDocument,
)
from .verdicts import Broken, Verdict
from .writing import changes_of, unmanaged_document, within

AT_ONCE = 500
"""Changes that are made at a time where they are written."""

_ENDS = "\n  ]\n}"


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
    document, digest = undigested_document_of(plan, kinds, reveal=reveal)
    document["digest"] = digest()
    return document


def undigested_document_of(
    plan: Plan, kinds: Mapping[str, Kind], *, reveal: bool = False
) -> tuple[PlanDocument, Callable[[], str]]:
    """Write a plan like :func:`flowing_document_of`, and give what computes its digest.

    The digest takes little time once all changes have been looked at, in their order.
    """
    document = _document(plan, changes_of(plan, kinds))
    digester = Digester(document)
    if reveal:
        document["changes"] = changes_of(plan, kinds, reveal=True)
    else:
        document["changes"] = digester.changes
    if plan.unmanaged is not None:
        document["unmanaged"] = [
            unmanaged_document(one, kinds[one.kind], plan.names, plan.secrets, reveal=reveal)
            for one in plan.unmanaged
        ]
    return document, digester.digest


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


def _with_places(column: ColumnDocument) -> ColumnDocument:
    """Add the places that differ, never those that a file says."""
    plain = without_places(column)
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
