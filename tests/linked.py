"""Two rows and the link between them, for tests of apply, and what a run remembers of them."""

from reconciler.bindings import bindings_path
from tests.commandline import Workspace
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


def bindings(workspace: Workspace, organization: Organization) -> list[str]:
    """The lines of the bindings file."""
    path = bindings_path(workspace.folder, organization.id)
    return path.read_text().splitlines()[1:] if path.exists() else []
