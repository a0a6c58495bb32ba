"""Match resources with rows, for tests of the matching, and say what was found."""

from collections.abc import Iterable, Mapping

from reconciler.bindings import Binding
from reconciler.configuration.resource import Configuration, Resource
from reconciler.identity.found import Identities
from reconciler.identity.match import identify
from reconciler.ids import Owner
from reconciler.live.rows import Live, Question
from reconciler.values.column import JSON
from tests.builders import KINDS, OWNER, address, configuration, foreign_id, live, resource, row

FOREIGN = foreign_id(1)
OTHER_STACK = "0123456789ab-8111-8111-111111111111".replace("0123456789ab", "01234567-89ab")
EMAIL = "jane@example.com"
BY_EMAIL = Question("contacts", "email", EMAIL)
JANE = resource("contacts.jane", email=EMAIL)


def match(
    *resources: Resource | Configuration,
    rows: Live | None = None,
    bindings: Mapping[str, tuple[str, str]] | None = None,
    limited: Iterable[str] | None = None,
    protect: Iterable[str] = (),
    owner: Owner = OWNER,
) -> Identities:
    bound = {
        address(name): Binding(row_id, origin)  # type: ignore[arg-type]
        for name, (row_id, origin) in (bindings or {}).items()
    }
    first = resources[0] if resources else None
    given = configuration(
        *(r for r in resources if isinstance(r, Resource)), limited=limited, protect=protect
    )
    desired = first if isinstance(first, Configuration) else given
    return identify(desired, KINDS, owner, bound, rows or live())


def said(found: Identities) -> list[str]:
    """What is found, in lines: ``contacts.jane = <id> by natural key, adopted``."""
    return [
        f"{name} = {one.id} by {one.how}" + (f", {one.bind}" if one.bind else "")
        for name, one in found.found.items()
    ]


def contact(row_id: str, **values: JSON) -> dict[str, JSON]:
    return row("contacts", row_id, **{"email": "", **values})
