"""How a fleet ended, for programs; as ``schemas/fleet-report.schema.json`` describes it."""

from collections.abc import Callable, Iterator

import orjson

from ...fleet.results import FleetReport
from ...fleet.words import ORGANIZATIONS
from ...plan.shape import PlanDocument
from ...values.jsontext import dumps

FORMAT_VERSION = 1


def fleet_json(
    report: FleetReport, plan_of: Callable[[str], PlanDocument | None], digest: str | None
) -> Iterator[str]:
    """Write a report with all plans, one organization at a time."""
    head = {
        "format_version": FORMAT_VERSION,
        "verb": report.verb,
        "run": report.run,
        "exit_code": report.exit_code,
        "digest": digest,
        ORGANIZATIONS: [],
    }
    before, mark, after = dumps(head, orjson.OPT_INDENT_2).decode().partition("[]")
    yield before + mark[:-1]
    for number, one in enumerate(report.results):
        document = {**one.as_document(), "plan": plan_of(one.name)}
        yield (",\n" if number else "\n") + dumps(document).decode()
    yield f"\n]{after}\n"
