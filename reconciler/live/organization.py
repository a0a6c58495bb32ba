"""Find the organization that a key is for, and what the key may read."""

from collections.abc import Container, Iterable, Mapping

from ..catalogue import Kind, tenant_of
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import ApiError, UsageError
from .together import all_or_refused


async def read_organization(
    client: Reader,
    tenant: Kind | None,
    wanted: str | None,
    forbidden_organizations: Container[str] = (),
) -> str:
    """Find the organization that the key opens; raises UsageError where it is not the wanted.

    An API without organizations has no ``tenant``: then the wanted one is a name that the user
    chose for all of its rows.
    """
    if tenant is None:
        organization = _chosen(wanted)
    else:
        organization = await _organization(client, tenant, wanted)
    if organization in forbidden_organizations:
        raise UsageError(
            f"organization {organization} is one of the configuration's `forbidden_organizations`",
            hint="use the key of another organization; a redacted export is not for its own",
        )
    return organization


async def organization_of(
    client: Reader, kinds: Mapping[str, Kind], configuration: Configuration
) -> str:
    """Find the organization that the key opens, if it is one that a configuration is for."""
    return await read_organization(
        client, tenant_of(kinds), configuration.organization, configuration.forbidden_organizations
    )


def _chosen(wanted: str | None) -> str:
    if wanted is None:
        raise UsageError(
            "this API has no organizations, so the configuration has to name one",
            hint="choose a UUID once, and write it as reconciler: organization:",
        )
    return wanted.lower()


async def _organization(client: Reader, tenant: Kind, wanted: str | None) -> str:
    rows = await client.read(tenant, [tenant.id_column], [])
    seen = [str(row[tenant.id_column]).lower() for row in rows]
    if wanted is None and len(seen) == 1:
        return seen[0]
    if wanted is not None and wanted.lower() in seen:
        return wanted.lower()
    if not seen:
        raise UsageError(
            "the API key sees no organization",
            hint="give the key at least the right to read in the area Organization",
        )
    if wanted is None:
        raise UsageError(
            f"the API key sees {len(seen)} organizations: {', '.join(sorted(seen))}",
            hint="name one of them under reconciler: organization: in the configuration",
        )
    raise UsageError(
        f"the API key is of organization {', '.join(sorted(seen))}, not of {wanted.lower()}",
        hint="use the key of the organization that the configuration names",
    )


async def probe(client: Reader, kinds: Iterable[Kind]) -> Mapping[str, str | None]:
    """Try to read one row of each kind; gives why not where the key may not."""
    kinds = tuple(kinds)
    results = await all_or_refused(client.peek(kind) for kind in kinds)
    return {
        kind.name: result.message if isinstance(result, ApiError) else None
        for kind, result in zip(kinds, results, strict=True)
    }
