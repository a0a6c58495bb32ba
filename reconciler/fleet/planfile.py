"""One plan of many organizations: a part for each, and one digest over all of them.

A file holds all of it. A folder holds the list in ``fleet.json``, and each part in a file of its
own: then no run has all parts in memory. Reading checks every part of both.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import orjson

from .. import __version__
from ..catalogue import schema_folder
from ..diagnostics import UsageError
from ..files import cannot_write, replacing, write_file
from ..plan.digesting import digest_of_document
from ..plan.document import parts_of_text
from ..plan.model import sha256
from ..plan.saved import MAX_FILE, read_plan
from ..plan.shape import PlanDocument
from ..values.jsonform import canonical_json
from ..values.jsontext import dumps, loads
from .likeness import likeness_of
from .results import Failure, FleetReport, Result

FORMAT_VERSION = 1
LIST = "fleet.json"
PARTS = "parts"
_MAKE = "make one with `reconciler fleet plan --out FILE`"


class PartDocument(TypedDict):
    """What was planned for one organization: the digest of its plan, or why there is none."""

    name: str
    organization: str
    digest: str | None
    code: int
    message: NotRequired[str]
    plan: NotRequired[PlanDocument]


class FleetPlanDocument(TypedDict):
    """The whole plan; ``digest`` is over all parts, of their plans by their digests."""

    format_version: int
    tool_version: str
    parts: list[PartDocument]
    digest: str


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """A plan of many organizations that was read; parts are read when they are asked for."""

    parts: Mapping[str, PartDocument]
    digest: str
    plan_of: Callable[[str], PlanDocument | None]


def part_of(result: Result) -> PartDocument:
    """Say of one organization what was planned."""
    part: PartDocument = {
        "name": result.name,
        "organization": result.organization,
        "digest": result.digest,
        "code": result.code,
    }
    if result.error:
        part["message"] = result.error["message"]
    return part


def parts_of(report: FleetReport) -> dict[str, PartDocument]:
    """Say of each organization what was planned, by its name."""
    return {one.name: part_of(one) for one in report.results}


def digest_of_parts(parts: Iterable[PartDocument]) -> str:
    """Compute the digest over all parts, in the order of their names."""
    plain = [{k: v for k, v in part.items() if k != "plan"} for part in parts]
    return sha256(canonical_json(sorted(plain, key=lambda part: str(part["name"]))))


def write_fleet_plan(
    path: Path, parts: Iterable[PartDocument], plan_of: Callable[[str], PlanDocument | None]
) -> str:
    """Write a plan as a file, or into a folder that is there; gives its digest.

    Raises UsageError.
    """
    parts = sorted(parts, key=lambda part: part["name"])
    document: FleetPlanDocument = {
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "parts": parts,
        "digest": digest_of_parts(parts),
    }
    try:
        if path.is_dir():
            _write_folder(path, document, plan_of)
        else:
            _write_file(path, document, plan_of)
    except OSError as error:
        raise cannot_write(f"the plan {path}", path, error) from error
    return document["digest"]


def _write_folder(
    folder: Path, document: FleetPlanDocument, plan_of: Callable[[str], PlanDocument | None]
) -> None:
    with suppress(FileNotFoundError):  # parts of two plans must not be taken for one
        (folder / LIST).unlink()
    (folder / PARTS).mkdir(exist_ok=True)
    for part in document["parts"]:
        plan = plan_of(part["name"])
        if plan is not None:
            write_file(_file_of(folder, part["name"]), "".join(parts_of_text(plan)).encode())
    write_file(folder / LIST, dumps(document, orjson.OPT_INDENT_2) + b"\n")


def _file_of(folder: Path, name: str) -> Path:
    return folder / PARTS / f"{name}.json"


def _write_file(
    path: Path, document: FleetPlanDocument, plan_of: Callable[[str], PlanDocument | None]
) -> None:
    """Write part by part: all plans together may be more than fits in memory."""
    head = dumps({**document, "parts": []}, orjson.OPT_INDENT_2)
    before, mark, after = head.partition(b'"parts": []')
    with replacing(path) as file:
        file.write(before + mark[:-1])
        for number, part in enumerate(document["parts"]):
            plan = plan_of(part["name"])
            whole = {**part, "plan": plan} if plan is not None else part
            file.write((b",\n" if number else b"\n") + dumps(whole))
        file.write(b"\n]" + after + b"\n")


def read_fleet_plan(
    path: Path, keep: Callable[[str, PlanDocument], None] = lambda name, plan: None
) -> FleetPlan:
    """Read a plan; raises UsageError where it is none, is newer, or was edited.

    ``keep`` gets each part that is right: whoever executes the plan executes what was checked.
    """
    is_folder = path.is_dir()
    document = _checked(path / LIST if is_folder else path)
    parts = {part["name"]: part for part in document["parts"]}
    if digest_of_parts(parts.values()) != document["digest"] or len(parts) < len(document["parts"]):
        raise UsageError(
            f"the plan {path} was edited: its digest does not fit",
            hint="plan again, and review that",
        )

    def plan_of(name: str) -> PlanDocument | None:
        part = parts[name]
        if part["digest"] is None:
            return None
        plan = read_plan(_file_of(path, name)) if is_folder else part.get("plan")
        _check_part(path, part, plan)
        return plan

    for name in parts:  # all of it is right, before any of it is done
        plan = plan_of(name)
        if plan is not None:
            keep(name, plan)
    return FleetPlan(parts, document["digest"], plan_of)


def _check_part(path: Path, part: PartDocument, plan: PlanDocument | None) -> None:
    if (
        plan is None
        or digest_of_document(plan) != part["digest"]
        or plan["digest"] != part["digest"]
    ):
        raise UsageError(
            f"the plan {path} was edited: the digest of {part['name']} does not fit",
            hint="plan again, and review that",
        )
    if plan["organization"] != part["organization"]:
        raise UsageError(f"the plan of {part['name']} in {path} is of another organization")


def _checked(path: Path) -> FleetPlanDocument:
    from jsonschema_rs import validator_for

    document = _json(path)
    version = document.get("format_version")
    if isinstance(version, int) and version != FORMAT_VERSION:
        raise UsageError(
            f"the plan {path} has format {version}, this reconciler reads {FORMAT_VERSION}",
            hint="apply it with the reconciler that made it, or plan again",
        )
    schema = orjson.loads((schema_folder() / "fleet-plan.schema.json").read_bytes())
    error = next(iter(validator_for(schema).iter_errors(document)), None)
    if error is not None:
        place = "/".join(map(str, error.instance_path))
        raise UsageError(f"{path} is not a fleet's plan: {place or 'it'} is odd", hint=_MAKE)
    _check_plans(path, cast("FleetPlanDocument", document))
    return cast("FleetPlanDocument", document)


def _check_plans(path: Path, document: FleetPlanDocument) -> None:
    from jsonschema_rs import validator_for

    judge = validator_for(orjson.loads((schema_folder() / "plan.schema.json").read_bytes()))
    for part in document["parts"]:
        if "plan" in part and not judge.is_valid(part["plan"]):
            raise UsageError(f"{path}: the plan of {part['name']} is not as documented", hint=_MAKE)


def _json(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        content = loads(data) if len(data) <= MAX_FILE else None
    except OSError as error:
        raise UsageError(f"the plan {path} cannot be read: {error.strerror}", hint=_MAKE) from error
    except ValueError as error:
        raise UsageError(f"{path} is not a fleet's plan: it is not JSON", hint=_MAKE) from error
    if len(data) > MAX_FILE:
        hint = "write so large a plan into a folder: --out DIR"
        raise UsageError(f"the plan {path} is larger than {MAX_FILE >> 20} MiB", hint=hint)
    if not isinstance(content, dict):
        raise UsageError(f"{path} is not a fleet's plan", hint=_MAKE)
    return cast("dict[str, object]", content)


def merged(plans: Iterable[tuple[Path, FleetPlan]]) -> FleetPlan:
    """Put plans of parts of a fleet together; raises UsageError where two have one part."""
    parts: dict[str, PartDocument] = {}
    owners: dict[str, tuple[Path, FleetPlan]] = {}
    organizations: dict[str, str] = {}
    for path, plan in plans:
        for name, part in plan.parts.items():
            other = organizations.setdefault(part["organization"], name)
            if name in owners or other != name:
                first = owners[other if name not in owners else name][0]
                hint = "leave one out: nobody knows which is right"
                raise UsageError(f"{first} and {path} both have a part of {name}", hint=hint)
            owners[name] = (path, plan)
            parts[name] = cast("PartDocument", {k: v for k, v in part.items() if k != "plan"})
    return FleetPlan(
        parts, digest_of_parts(parts.values()), lambda name: owners[name][1].plan_of(name)
    )


def unplanned(part: PartDocument) -> Result:
    """Make the result of an organization that is to be written to, and could not be planned."""
    why = part.get("message", "nobody knows why")
    failure: Failure = {
        "message": f"the plan has no part of it: {why}",
        "hint": "plan again, and review that",
        "code": part["code"],
    }
    return Result(part["name"], part["organization"], part["code"], "not started", error=failure)


def results_of(plan: FleetPlan) -> Iterator[Result]:
    """Say of each part how planning ended, as a run says it."""
    for part in plan.parts.values():
        document = plan.plan_of(part["name"])
        result = Result(part["name"], part["organization"], part["code"], "failed")
        if document is None:
            message = part.get("message", "there is no plan")
            failure: Failure = {"message": message, "hint": None, "code": part["code"]}
            yield replace(result, error=failure)
            continue
        counts = {k: n for k, n in document["summary"].items() if n}
        found = replace(result, counts=counts, likeness=likeness_of(document))
        differs = found.changes or document["unmet"]
        yield replace(found, digest=part["digest"], state="pending" if differs else "unchanged")
