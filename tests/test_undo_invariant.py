"""Whatever two configurations say: undo leads from the second back to the first."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reconciler.values.column import JSON
from tests.commandline import Workspace
from tests.properties import examples
from tests.server import Server, environment_for
from tests.undoing import EVERYTHING, snapshot, undo

KEYS = ("a", "b", "c")
CONTACT = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["Jane", 'Zoë, "the" (one)', ""]),
        "language": st.sampled_from(["nl-NL", "en-US", None]),
        "meta": st.sampled_from([[], [{"key": "shoe, size", "value": "39"}]]),
    },
)
BOOKING = st.fixed_dictionaries(
    {"exchange_rate": st.sampled_from([1, 11.75])},
    optional={"confirmed_at": st.sampled_from([None, "2026-02-11T10:30:00+01:00"])},
)
SERVICE = st.fixed_dictionaries(
    {"order": st.integers(0, 3)},
    optional={"description": st.sampled_from([{"default": "x"}, {"default": "a (b), c"}])},
)
ATTRIBUTE = st.fixed_dictionaries({"order": st.integers(0, 2)})
CONFIGURATION = st.fixed_dictionaries(
    {
        "contacts": st.dictionaries(st.sampled_from(KEYS), CONTACT),
        "bookings": st.dictionaries(st.sampled_from(KEYS), BOOKING),
        "services": st.dictionaries(st.sampled_from(KEYS), SERVICE),
        "attributes": st.dictionaries(st.sampled_from(KEYS), ATTRIBUTE),
        "contact_bookings": st.sets(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS))),
    }
)
Configuration = Mapping[str, Mapping[str, Mapping[str, JSON]]]


def text_of(configuration: Mapping[str, object]) -> str:
    """Write a configuration; JSON is YAML. Links to rows that are not there are left out."""
    given = cast("Configuration", configuration)
    links = cast("set[tuple[str, str]]", configuration["contact_bookings"])
    money = {"currency": "EUR", "display_currency": "EUR", "silent": True}
    document: dict[str, object] = {
        "contacts": {k: {"email": f"{k}@example.test", **v} for k, v in given["contacts"].items()},
        "bookings": {k: {"reference": k, **money, **v} for k, v in given["bookings"].items()},
        "services": {
            k: {"type": "checkbox", "label": {"default": k}, **v}
            for k, v in given["services"].items()
        },
        "attributes": {
            k: {"name": {"default": k}, "type": "multi-select", **v}
            for k, v in given["attributes"].items()
        },
        "contact_bookings": [
            {"contact_id": contact, "booking_id": booking}
            for contact, booking in sorted(links)
            if contact in given["contacts"] and booking in given["bookings"]
        ],
    }
    return "".join(f"{kind}: {orjson.dumps(rows).decode()}\n" for kind, rows in document.items())


@settings(
    max_examples=examples(5),
    derandomize=True,
    phases=[Phase.generate],  # a failing example is small enough, and shrinking it takes minutes
)
@given(before=CONFIGURATION, after=CONFIGURATION, edited=st.sets(st.sampled_from(KEYS)))
def test_any_plan_is_taken_back(
    before: Mapping[str, object],
    after: Mapping[str, object],
    edited: set[str],
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    organization = server.organization(0)
    folder: Path = tmp_path_factory.mktemp("villa")
    workspace = Workspace(folder, environment_for(organization))
    workspace.write(text_of(before))
    workspace.apply("--allow", EVERYTHING)
    for row in organization.rows("contacts"):
        if str(row["email"])[0] in edited:
            organization.change("contacts", row["id"], notes="by hand", street="Elsewhere 1")
    was = snapshot(organization)
    workspace.write(text_of(after))
    workspace.apply("--allow", EVERYTHING)
    if snapshot(organization) != was:
        undo(workspace)
    assert snapshot(organization) == was
