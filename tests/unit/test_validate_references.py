"""References by key, id and lookup, the keys of links, and cycles."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.resource import IdMap, IdReference, KeyReference, Lookup
from reconciler.values.address import Address
from tests.builders import KINDS
from tests.validating import ID, check, errors, good, problem_with


def test_references_take_keys_ids_and_lookups(tmp_path: Path) -> None:
    configuration = good(
        "user_profiles: {me: {}}\ncontacts:\n"
        "  a: {creator_id: me}\n"
        f"  b: {{creator_id: {ID.upper()}}}\n"
        "  c: {creator_id: {lookup: {week_starts_on: 1, email: me@example.com}}}\n"
        "  d: {creator_id: null}\n"
        "calendar_events:\n"
        "  e: {type: note, product_id: {lookup: {name->>default: Villa}}}\n"
        f"  f: {{type: note, product_id: {ID}, booking_id: {{lookup: {{widget_id: {ID}}}}}}}\n",
        folder=tmp_path,
    )
    _, a, b, c, d, e, f = configuration.resources.values()
    assert a.values["creator_id"] == KeyReference(Address("user_profiles", "me"))
    assert b.values["creator_id"] == IdReference("user_profiles", ID)
    assert c.values["creator_id"] == Lookup(
        "user_profiles", (("email", "me@example.com"), ("week_starts_on", 1))
    )
    assert d.values["creator_id"] is None
    assert e.values["product_id"] == Lookup("products", (("name->>default", "Villa"),))
    assert f.values["booking_id"] == Lookup("bookings", (("widget_id", ID),))


def test_places_inside_json_take_references(tmp_path: Path) -> None:
    configuration = good(
        "capacity_groups: {adults: }\ntaxes: {2024: }\n"
        "services:\n  breakfast:\n    type: checkbox\n    fee:\n"
        f"      rates: [{{capacity_group_id: adults, tax_id: {ID}}}, {{tax_id: 2024}}]\n"
        "      tax_id: null\n      other: adults\n      occupancy_group_id: [adults]\n"
        "      deep: {tax_id: {lookup: {label->>default: VAT}}}\n"
        "calendar_events:\n  stay: {type: note, product_id: {lookup: {name->>default: Villa}},"
        f" occupancy: {{adults: 2, {ID}: 1}}}}\n",
        folder=tmp_path,
    )
    adults = KeyReference(Address("capacity_groups", "adults"))
    fee = configuration.resources[Address("services", "breakfast")].values["fee"]
    assert fee == {
        "rates": [
            {"capacity_group_id": adults, "tax_id": IdReference("taxes", ID)},
            {"tax_id": KeyReference(Address("taxes", "2024"))},
        ],
        "tax_id": None,
        "other": "adults",
        "occupancy_group_id": ["adults"],
        "deep": {"tax_id": Lookup("taxes", (("label->>default", "VAT"),))},
    }
    stay = configuration.resources[Address("calendar_events", "stay")]
    assert stay.values["occupancy"] == IdMap(((adults, 2), (IdReference("capacity_groups", ID), 1)))


def test_the_key_of_a_link_is_its_pair(tmp_path: Path) -> None:
    configuration = good(
        "contacts: {jane: }\ncontact_bookings:\n"
        f"  - {{booking_id: {ID.upper()}, contact_id: jane}}\n"
        "  - {contact_id: jane, booking_id: {lookup: {reference: A, currency: EUR}}}\n"
        f"  - {{contact_id: jane, booking_id: {{lookup: {{currency: EUR, reference: B}}}}}}\n",
        folder=tmp_path,
    )
    _, by_id, first, second = (address.key for address in configuration.resources)
    assert by_id == f"jane--{ID}"
    assert first == "jane--f23f444d"
    assert second != first


def test_a_kind_that_cannot_be_written_is_referred_to_by_id(tmp_path: Path) -> None:
    kinds = {**KINDS, "user_profiles": replace(KINDS["user_profiles"], verbs={})}
    text = f"contacts: {{a: {{creator_id: me}}, b: {{creator_id: {ID}}}}}"
    problem = problem_with(kinds, text, tmp_path)
    assert (
        problem.message
        == "creator_id refers to user_profiles, which cannot be in the configuration"
    )


@pytest.mark.parametrize("part", ["'${'", "{lookup: {reference: [a]}}", "[a]", "Some One"])
def test_a_bad_half_of_a_link_is_reported_once(part: str, tmp_path: Path) -> None:
    text = f"contacts: {{a: }}\ncontact_bookings: [{{contact_id: a, booking_id: {part}}}]\n"
    (problem,) = check(text, folder=tmp_path)[1]
    assert problem.address is not None
    assert re.fullmatch("contact_bookings.a--[0-9a-f]{8}", problem.address)


def test_the_key_of_a_link_does_not_depend_on_the_order_of_a_lookup(tmp_path: Path) -> None:
    lookups = ("{currency: EUR, reference: A}", "{reference: '${A}', currency: 'EUR'}")
    text = "contacts: {jane: }\ncontact_bookings:\n" + "".join(
        f"  - {{contact_id: jane, booking_id: {{lookup: {lookup}}}}}\n" for lookup in lookups
    )
    assert errors(check(text, folder=tmp_path, A="A")[1]) == ["duplicate-address"]


@given(st.lists(st.integers(0, 6), min_size=7, max_size=7))
def test_every_circle_is_reported_once(tmp_path: Path, parents: list[int]) -> None:
    rows = "".join(f"  s{n}: {{type: time, parent_id: s{p}}}\n" for n, p in enumerate(parents))
    _, problems = check("services:\n" + rows, folder=tmp_path)
    assert errors(problems) == ["reference-cycle"] * len(cycles(parents))


def cycles(parents: list[int]) -> set[frozenset[int]]:
    found = set()
    for here in range(len(parents)):
        for _ in parents:
            here = parents[here]
        cycle = {here}
        while parents[here] not in cycle:
            here = parents[here]
            cycle.add(here)
        found.add(frozenset(cycle))
    return found


def test_circles_go_through_json_too(tmp_path: Path) -> None:
    text = "products: {a: {fee: {x: {tax_id: b}}, deposit: {tax_id: c}}}\ntaxes: {b: , c: }\n"
    assert errors(check(text, folder=tmp_path)[1]) == []


def test_the_shortest_circle_is_shown(tmp_path: Path) -> None:
    text = (
        "services: {s: {type: time, fee: {tax_id: x}}}\ntaxes: {x: }\n"
        "site_nav_items:\n"
        "  a: {site_id: &id {lookup: {subdomain: a}}, label: {default: a}, parent_id: b}\n"
        "  b: {site_id: *id, label: {default: b}, parent_id: c}\n"
        "  c: {site_id: *id, label: {default: c}, parent_id: b}\n"
    )
    (problem,) = (p for p in check(text, folder=tmp_path)[1] if p.is_error)
    assert problem.address == "site_nav_items.b"
    assert problem.message.count("→") == 2


def test_a_circle_is_found_among_several_ways(tmp_path: Path) -> None:
    services = KINDS["services"]
    second = replace(services.columns["parent_id"], name="second_id")
    kinds = {"services": replace(services, columns={**services.columns, "second_id": second})}
    text = (
        "services:\n  a: {type: time, parent_id: b, second_id: c}\n"
        "  b: {type: time, parent_id: c, second_id: a}\n  c: {type: time, parent_id: b}\n"
    )
    problem = problem_with(kinds, text, tmp_path)
    file = tmp_path / "a.yaml"
    assert problem.message == (
        f"references are in a cycle: services.a ({file}:3) → services.b ({file}:4) → services.a"
    )


def test_a_long_chain_is_no_circle(tmp_path: Path) -> None:
    rows = "".join(f"  s{n}: {{type: time, parent_id: s{n + 1}}}\n" for n in range(3000))
    good("services:\n" + rows + "  s3000: {type: time}\n", folder=tmp_path)


def test_a_long_circle_is_cut(tmp_path: Path) -> None:
    rows = "".join(f"  s{n}: {{type: time, parent_id: s{(n + 1) % 20}}}\n" for n in range(20))
    (problem,) = check("services:\n" + rows, folder=tmp_path)[1]
    assert " → … 8 more … → " in problem.message
    assert problem.message.endswith("→ services.s0")
