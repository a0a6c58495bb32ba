"""The pages that pictures are taken of: what the commands write, or what tests make up."""

from collections.abc import Mapping

from reconciler.render.fleet.page import fleet_html
from reconciler.render.html.calendar_page import calendar_html
from reconciler.render.html.migration_page import migration_html
from reconciler.render.html.rehearsal_page import rehearsal_html
from tests.builders import KINDS
from tests.calendars import WINDOW, of_changes
from tests.fleet_cases import DIGEST, fleet
from tests.report_cases import failing, undecided
from tests.sandbox_server import ROOT
from tests.screenshots.villa import Command

FLEET_NOTE = "this key may read only"


def pages(command: Command) -> Mapping[str, tuple[str, str]]:
    """Write the pages, each with the end of the address at which it is opened."""
    found = fleet(note=FLEET_NOTE)
    plan = command.run("show", "plan.json", "--folder", "villa", "--format", "html")
    graph = command.run("graph", str(ROOT / "examples" / "villa-park"), "--format", "html")
    prices = command.run("calendar", "villa", "--from", "2026-01", "--format", "html")
    return {
        "plan": (plan, "#message_templates.three-days-before"),
        "fleet": (fleet_html(found, found.plan_of, digest=DIGEST), ""),
        "rehearsal": (rehearsal_html(failing("Summer"), KINDS), ""),
        "migration": (migration_html(undecided("it is gone here")), ""),
        "graph": (graph, ""),
        "prices": (prices, "#products.villa-marina?day=2026-07-17"),
        "prices-changed": (calendar_html(of_changes(), WINDOW, "a plan"), ""),
    }
