"""The laws: apply then plan is empty, the same inputs give the same plan, whatever the YAML is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.coded import GOOD
from tests.commandline import Workspace
from tests.properties import examples
from tests.server import Server, environment_for

Block = dict[str, Any]
KEYS = [f"k{number}" for number in range(5)]
EVERYTHING = ("--allow", "deletes,updates,referenced")

TEXTS = st.text(
    st.characters(exclude_characters="\0$", exclude_categories=["Cs"]), max_size=20
) | st.sampled_from(
    ["", "NO", "null", "~", "0123", "1.10", "15:00", "[a]", "{a: b}", "'", '"', "# x"]
)
NUMBERS = st.sampled_from([0, 1, 21, 0.1, 5.5, -3, 1e-5, 123456.789])
INSIDE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
EXTRA = st.fixed_dictionaries({"key": TEXTS, "value": INSIDE})
PICTURES = st.sampled_from([None, "", *GOOD["url"]])
NAMES = st.dictionaries(st.sampled_from(["default", "nl-NL", "de-DE"]), TEXTS)
DOCUMENTS = st.dictionaries(TEXTS, INSIDE, max_size=3)
MOMENTS = st.sampled_from(
    [None, "2026-07-01", "2026-07-01T16:00:00+02:00", "2026-07-01 14:00:00.123456Z"]
)


def some(columns: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Block]:
    """Give some of the columns; what is left out is not ours."""
    return st.fixed_dictionaries({}, optional=columns)


def keyed(columns: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Block]]:
    """Give rows under some keys."""
    return st.dictionaries(st.sampled_from(KEYS), some(columns), max_size=4)


CONTACTS = keyed(
    {"first_name": TEXTS, "notes": TEXTS, "avatar": PICTURES, "meta": st.lists(EXTRA, max_size=2)}
)
BOOKINGS = keyed({"confirmed_at": MOMENTS, "method": st.sampled_from(["request", "book"])})
TAXES = keyed({"label": NAMES})
GROUPS = keyed({"name_singular": NAMES, "order": st.integers(-9, 9)})
COUPONS = keyed({"quota": st.none() | st.integers(0, 9), "description": TEXTS})
TEMPLATES = keyed(
    {"time": st.sampled_from([None, "9:30", "09:30:00", "23:59:59.5", "24:00"]), "body": NAMES}
)


@st.composite
def configurations(draw: st.DrawFn) -> Block:
    """Draw a folder of YAML: six kinds with rows, and two that refer to them."""
    contacts, bookings = draw(CONTACTS), draw(BOOKINGS)
    taxes, groups = draw(TAXES), draw(GROUPS)
    coupons, templates = draw(COUPONS), draw(TEMPLATES)
    for key, block in contacts.items():
        block["email"] = draw(st.sampled_from([f"{key}@example.com", ""]))
    for key, block in bookings.items():
        block.update(currency="EUR", display_currency="EUR", exchange_rate=draw(NUMBERS))
        block.update(reference=key.upper(), silent=True)
    for block in taxes.values():
        block["percentage"] = draw(NUMBERS)
    for key, block in coupons.items():
        block["code"] = key.upper()
        chosen = draw(st.sampled_from([None, *sorted(groups)]))
        if chosen is not None:
            block["definition"] = {"type": "x", "of": [{"capacity_group_id": chosen}]}
    pairs = [{"contact_id": c, "booking_id": b} for c in sorted(contacts) for b in sorted(bookings)]
    links = draw(st.lists(st.sampled_from(pairs), unique_by=str, max_size=4)) if pairs else []
    return {
        "contacts": contacts,
        "bookings": bookings,
        "taxes": taxes,
        "capacity_groups": groups,
        "coupons": coupons,
        "message_templates": templates,
        "services": draw(services(sorted(taxes))),
        "contact_bookings": links,
    }


@st.composite
def services(draw: st.DrawFn, taxes: list[str]) -> dict[str, Block]:
    """Draw rows that may refer to a row of their own kind, and to taxes inside a document."""
    found: dict[str, Block] = {}
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4)):
        found[key] = {
            "type": "checkbox",
            "label": {"default": key},
            "order": draw(st.integers(0, 9)),
        }
        # always given: a row that keeps a parent nobody names any more would hold it
        others: list[str | None] = [None, *sorted(found.keys() - {key})]
        found[key]["parent_id"] = draw(st.sampled_from(others))
        if taxes:
            fee = {"rows": [{"tax_id": draw(st.sampled_from(taxes)), "note": draw(INSIDE)}]}
            found[key]["fee"] = fee if draw(st.booleans()) else None
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@settings(
    max_examples=examples(3),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(before=configurations(), after=configurations())
def test_the_laws_hold(server: Server, folder: Path, before: Block, after: Block) -> None:
    organization = server.organization(0)
    fresh = organization.state()
    workspace = Workspace(folder, environment_for(organization))
    for configuration in (before, after, {}):
        workspace.write(yaml.safe_dump(configuration) if configuration else "taxes: {}\n")
        planned = workspace.run("plan", "--format", "json")
        assert planned.code == 0, planned.all
        again = workspace.run("plan", "--format", "json")
        assert replace(again, err="") == replace(planned, err="")  # a slow one tells how far it is
        workspace.apply(*EVERYTHING)
        assert workspace.actions() == []
    assert organization.state() == fresh
