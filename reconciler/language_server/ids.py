"""The id that an address has in the organization that an editor asks about."""

from collections.abc import Iterator

from ..bindings import bindings_path
from ..diagnostics import ConfigurationError, UsageError
from ..files import leads_outside
from ..remembered import remembered_in
from ..values.address import Address
from .analysis import Analysis


def organization_of(analysis: Analysis) -> str | None:
    """Give the id of the organization: the one that was wished, else that of the folder."""
    configuration = analysis.configuration
    return analysis.organization or (configuration.organization if configuration else None)


def id_here(analysis: Analysis, address: Address) -> Iterator[str]:
    """Tell the id of the row that an address means, bound or computed; nothing if unknown."""
    organization, configuration = organization_of(analysis), analysis.configuration
    if organization is None or configuration is None:
        return
    if leads_outside(bindings_path(analysis.folder, organization), analysis.folder):
        return
    try:
        remembered = remembered_in(analysis.folder, organization, configuration.stack)
    except (ConfigurationError, UsageError):
        return
    binding = remembered.bindings.entries.get(address)
    if binding:
        yield f"Id here: `{binding.id}` ({binding.origin}, by the bindings)"
    elif not configuration.kinds[address.kind].server_chooses_id:
        yield f"Id here: `{remembered.owner.id_of(address)}` (computed, unless a row is adopted)"
