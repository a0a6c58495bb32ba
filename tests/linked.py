"""Configurations that several tests of apply need, and what a run remembers of them."""

from reconciler.bindings import bindings_path
from tests.commandline import Workspace
from tests.front import Forward, Reply, Request
from tests.organization import Organization

STAY = "bookings:\n  stay: {reference: BM-1, currency: EUR, display_currency: EUR,"
STAY += " exchange_rate: 1, silent: true}\n"
LINKED = f"""
contacts:
  jane: {{first_name: Jane, email: jane@example.com}}
{STAY}
contact_bookings:
  - {{contact_id: jane, booking_id: stay}}
"""
UNLISTED = """
products:
  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}
task_templates:
  clean: {product_id: villa, label: Clean}
members:
  olga: {email: owner@example.com}
task_template_assignees:
  - {task_template_id: clean, member_id: olga}
"""
"""Its last kind can be written, but not read."""


def never_listed(request: Request, forward: Forward) -> Reply:
    """The rule of a server that is not asked for what cannot be read."""
    assert (request.method, request.kind) != ("GET", "task_template_assignees")
    return forward(request)


def bindings(workspace: Workspace, organization: Organization) -> list[str]:
    """The lines of the bindings file."""
    path = bindings_path(workspace.folder, organization.id)
    return path.read_text().splitlines()[1:] if path.exists() else []
