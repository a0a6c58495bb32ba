import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.errors import Position, Problem
from reconciler.kind import JSON, load_kinds, schema_folder
from reconciler.load import load
from reconciler.resource import (
    Address,
    Configuration,
    IdMap,
    IdReference,
    KeyReference,
    Lookup,
    Resource,
    Unknown,
    Value,
)
from reconciler.validate import Excerpts, missing_on_create, validate
from reconciler.validate.suggest import Suggester
from reconciler.validate.times import read_range
from reconciler.validate.unreadable import UnreadableError

KINDS = load_kinds()
STACK = "reconciler: {stack: villa-7f3a}\n"
ID = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
OTHER = "0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d"


def check(
    *texts: str, folder: Path, limit: str | None = None, unset: bool = False, **variables: str
) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """Write each text as a layer of its own, the first with a stack, and validate them."""
    paths = []
    for number, text in enumerate(texts):
        layer = folder / str(number)
        layer.mkdir(exist_ok=True)
        (layer / "a.yaml").write_text(text if number else STACK + text, encoding="utf-8")
        paths.append(layer)
    if limit is not None:
        (paths[0] / "limit.yaml").write_text(limit)
        paths[0] /= "limit.yaml"
    loaded = load(paths, variables=variables, environment={})
    return validate(loaded, KINDS, unset_is_error=unset)


def good(*texts: str, folder: Path, limit: str | None = None, **variables: str) -> Configuration:
    configuration, problems = check(*texts, folder=folder, limit=limit, unset=False, **variables)
    assert configuration is not None, problems
    return configuration


def only(text: str, folder: Path, **variables: str) -> Resource:
    (resource,) = good(text, folder=folder, **variables).resources.values()
    return resource


def column(kind: str, name: str, value: str, folder: Path, **variables: str) -> Value:
    text = f"{kind}:\n  a:\n    {name}: {value}\n"
    return only(text, folder, **variables).values[name]


def errors(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems if problem.is_error]


# The whole


def test_the_desired_state_of_a_folder(tmp_path: Path) -> None:
    configuration = good(
        "contacts: {jane-doe: {first_name: Jane}}\n"
        "bookings: {summer-stay: {reference: BM-2026-0001}}\n"
        "contact_bookings:\n"
        "  - {contact_id: jane-doe, booking_id: summer-stay}\n"
        "coupons:\n"
        "products: {villa: }\n",
        folder=tmp_path,
    )
    jane, stay = Address("contacts", "jane-doe"), Address("bookings", "summer-stay")
    link = Address("contact_bookings", "jane-doe--summer-stay")
    assert list(configuration.resources) == [jane, stay, link, Address("products", "villa")]
    assert configuration.resources[link].values == {
        "contact_id": KeyReference(jane),
        "booking_id": KeyReference(stay),
    }
    file = str(tmp_path / "0" / "a.yaml")
    assert configuration.resources[jane].position == Position(file, 2, 12)
    assert configuration.resources[jane].place("first_name") == Position(file, 2, 35)
    assert configuration.resources[link].position == Position(file, 5, 5)
    assert configuration.stack == "villa-7f3a"
    assert configuration.folder == tmp_path / "0"
    assert configuration.files == (file,)
    assert configuration.limited is None


def test_settings(tmp_path: Path) -> None:
    text = (
        "reconciler:\n  stack: villa-7f3a\n  organization: ${ORG}\n"
        f"  protect: [products, contacts.jane, contact_bookings.a--b]\n  not_for: [{OTHER}]\n"
    )
    (tmp_path / "a.yaml").write_text(text)
    loaded = load([tmp_path], variables={"ORG": ID.upper()}, environment={})
    configuration, problems = validate(loaded, KINDS, unset_is_error=True)
    assert [(p.address, p.severity) for p in problems] == [
        ("contacts.jane", "warning"), ("contact_bookings.a--b", "warning"),
    ]  # fmt: skip
    assert configuration is not None
    assert configuration.organization == ID
    assert configuration.protect == {"products", "contacts.jane", "contact_bookings.a--b"}
    assert configuration.not_for == {OTHER}


def test_the_schema_of_the_file_is_a_schema() -> None:
    schema = json.loads((schema_folder() / "configuration.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    file = Draft202012Validator(schema)
    assert file.is_valid({"reconciler": {"stack": "villa-7f3a"}, "contacts": {}, "x-a": 1})
    assert not file.is_valid({"reconciler": {"stack": "Villa"}})
    assert not file.is_valid({"contacts": 1})


def test_an_unset_organization_is_left_to_the_key(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa, organization: '${ORG}'}\n")
    loaded = load([tmp_path], variables={}, environment={})
    configuration, _ = validate(loaded, KINDS, unset_is_error=False)
    assert configuration is not None
    assert configuration.organization is None
    assert errors(validate(loaded, KINDS, unset_is_error=True)[1]) == ["unset-variable"]


def test_a_warning_does_not_stop_the_run(tmp_path: Path) -> None:
    configuration, (problem,) = check("bookings: {stay: {currency: EUR}}", folder=tmp_path)
    assert configuration is not None
    assert problem.severity == "warning"
    assert problem.message.startswith("display_currency, exchange_rate would be needed")


def test_references_into_a_file_that_cannot_be_read_are_not_reported(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "b.yaml").write_text("contacts: {jane: [")
    _, problems = check("tasks: {clean: {calendar_event_id: stay}}", folder=tmp_path)
    assert errors(problems) == ["yaml-syntax"]


# Values


@pytest.mark.parametrize(
    "text", ["NO", "0123", "15:00", "1.10", "yes", "on", "1e3", "0x1F", "2026-01-01", "True",
             ".inf", "1_000", "NULL", "'~'", "'null'", "''", "a b", "NaN", "=", "é"],
)  # fmt: skip
def test_a_text_column_keeps_what_is_written(text: str, tmp_path: Path) -> None:
    assert column("contacts", "phone", text, tmp_path) == text.strip("'")


@pytest.mark.parametrize("text", ["null", "~", "", "# nothing"])
def test_a_plain_null_is_null(text: str, tmp_path: Path) -> None:
    assert column("contacts", "avatar", text, tmp_path) is None


@pytest.mark.parametrize(
    ("kind", "name", "text", "value"),
    [
        ("bookings", "silent", "true", True),
        ("bookings", "silent", "'false'", False),
        ("services", "order", "-7", -7),
        ("services", "order", "+007", 7),
        ("taxes", "percentage", "21", 21.0),
        ("taxes", "percentage", "-.5e1", -5.0),
        ("products", "latest_arrival_time", "15:00", "15:00"),
        ("products", "latest_arrival_time", "24:00:00", "24:00:00"),
        ("products", "latest_arrival_time", "9:05:01.5", "9:05:01.5"),
        ("calendar_events", "start_date", "2028-02-29", "2028-02-29"),
        ("bookings", "confirmed_at", "2026-07-04", "2026-07-04"),
        ("bookings", "confirmed_at", "2026-07-04 15:00", "2026-07-04 15:00"),
        ("bookings", "confirmed_at", "2026-07-04T15:00:00.5+0530", "2026-07-04T15:00:00.5+0530"),
        ("price_calendar_entries", "intervals", "'{}'", "{}"),
        ("price_calendar_entries", "intervals", "'{ [2026-01-01,2026-01-01], (,) }'",
         "{ [2026-01-01,2026-01-01], (,) }"),
        ("price_calendar_entries", "check_in_days", "[true,false,true,false,true,false,true]",
         [True, False, True, False, True, False, True]),
        ("contacts", "meta", "[]", []),
        ("contacts", "meta", "[0x7fffffffffffffff, -9223372036854775808]", [2**63 - 1, -(2**63)]),
    ],
)  # fmt: skip
def test_columns_decide_types(
    kind: str, name: str, text: str, value: Value, tmp_path: Path
) -> None:
    read = column(kind, name, text, tmp_path)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("bookings", "silent", "TRUE"),
        ("bookings", "silent", "off"),
        ("bookings", "silent", "''"),
        ("services", "order", "1_000"),
        ("services", "order", "0x10"),
        ("services", "order", "٣"),
        ("taxes", "percentage", "1e39"),
        ("taxes", "percentage", "nan"),
        ("products", "latest_arrival_time", "24:00:01"),
        ("products", "latest_arrival_time", "15:60"),
        ("products", "latest_arrival_time", "3pm"),
        ("calendar_events", "start_date", "2026-02-29"),
        ("calendar_events", "start_date", "0000-01-01"),
        ("bookings", "confirmed_at", "2026-07-04T15:00:60Z"),
        ("bookings", "confirmed_at", "2026-07-04T15:00+16:00"),
        ("bookings", "confirmed_at", "tomorrow"),
        ("price_calendar_entries", "intervals", "'[2026-01-01,2026-01-02)'"),
        ("price_calendar_entries", "intervals", "'{[2026-01-01,2026-01-02),}'"),
        ("price_calendar_entries", "intervals", "'{[2026-01-32,2026-02-02)}'"),
        ("price_calendar_entries", "intervals", "'{[2026-01-02,2026-01-01)}'"),
        ("price_calendar_entries", "intervals", "'{a}'"),
        ("bookings", "creator_id", "[]"),
        ("contacts", "phone", "{}"),
        ("contacts", "meta", "x"),
    ],
)
def test_what_is_not_of_the_type_is_refused(
    kind: str, name: str, text: str, tmp_path: Path
) -> None:
    configuration, problems = check(f"{kind}:\n  a:\n    {name}: {text}\n", folder=tmp_path)
    assert configuration is None
    assert errors(problems) == ["wrong-type"]


def test_ranges_may_be_empty_and_are_checked() -> None:
    assert read_range("empty") == "empty"
    assert read_range("[2026-01-01,)") == "[2026-01-01,)"
    for text in ("[2026-01-01]", "2026-01-01", "[2026-01-02,2026-01-01)", "[a,b)"):
        with pytest.raises(UnreadableError):
            read_range(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[null, ~, Null, 'null']", [None, None, None, "null"]),
        ("[true, FALSE, yes, 'true']", [True, False, "yes", "true"]),
        ("[12, -1, 0x1F, 0o17, 017, '12']", [12, -1, 31, 15, 17, "12"]),
        ("[1.10, 1e3, .5, '1.0', 1.2.3]", [1.1, 1000.0, 0.5, "1.0", "1.2.3"]),
        ("[2026-01-01, 15:00, '.inf']", ["2026-01-01", "15:00", ".inf"]),
        ("[{key: x, value: [1, {}]}]", [{"key": "x", "value": [1, {}]}]),
    ],
)
def test_json_columns_follow_the_core_rules_of_yaml(
    text: str, value: Value, tmp_path: Path
) -> None:
    assert repr(column("contacts", "meta", text, tmp_path)) == repr(value)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_in_a_text_column_stays_as_spelled(tmp_path: Path, text: str) -> None:
    quoted = text.replace("${", "$${").replace("'", "''")
    assert column("contacts", "notes", f"'{quoted}'", tmp_path) == text


# Variables


@pytest.mark.parametrize(
    ("kind", "name", "text", "given", "value"),
    [
        ("contacts", "phone", "${X}", "null", "null"),
        ("contacts", "phone", "${X}", "", ""),
        ("contacts", "phone", "+31 ${X}", "6", "+31 6"),
        ("contacts", "phone", "$${X}", "6", "${X}"),
        ("taxes", "percentage", "'${X}'", "21", 21.0),
        ("services", "order", "${X}", "7", 7),
        ("bookings", "creator_id", "${X}", ID.upper(), IdReference("user_profiles", ID)),
        ("contacts", "meta", "[${X}, '${X}']", "7", [7, "7"]),
        ("contacts", "meta", "['${X}']", "", [""]),
    ],
)
def test_variables_are_read_by_the_column(
    kind: str, name: str, text: str, given: str, value: Value, tmp_path: Path
) -> None:
    if "[${X}" in text:
        text = "\n      - ${X}\n      - '${X}'"
    assert column(kind, name, text, tmp_path, X=given) == value


def test_unset_variables_are_unknown_to_validate_and_an_error_to_plan(tmp_path: Path) -> None:
    text = (
        "bookings:\n  stay:\n    currency: EUR\n    display_currency: EUR\n"
        "    exchange_rate: ${RATE}\n    method: ${M}\n"
        "contacts:\n  jane: {meta: ['${RATE}'], creator_id: '${WHO}'}\n"
        "contact_bookings:\n  - {contact_id: '${WHO}', booking_id: stay}\n"
    )
    configuration, problems = check(text, folder=tmp_path)
    assert not problems
    assert configuration is not None
    stay, jane, link = configuration.resources.values()
    assert (stay.values["exchange_rate"], stay.values["method"]) == (Unknown("RATE"), Unknown("M"))
    assert jane.values == {"meta": [Unknown("RATE")], "creator_id": Unknown("WHO")}
    assert link.address.key == "unset-who--stay"
    assert errors(check(text, folder=tmp_path, unset=True)[1]) == ["unset-variable"] * 5


def test_a_variable_with_a_nul_is_refused(tmp_path: Path) -> None:
    _, problems = check("contacts: {a: {phone: '${X}'}}", folder=tmp_path, X="a\0")
    assert errors(problems) == ["wrong-type"]


# References


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
    (tmp_path / "a.yaml").write_text(
        STACK + f"contacts: {{a: {{creator_id: me}}, b: {{creator_id: {ID}}}}}"
    )
    loaded = load([tmp_path], variables={}, environment={})
    (problem,) = validate(loaded, kinds, unset_is_error=True)[1]
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


@pytest.mark.parametrize(
    ("schema", "value", "says"),
    [
        ({"minimum": 3}, "2", "takes a number not under 3, not '2'"),
        ({"multipleOf": 2}, "3", "is not accepted, not '3'"),
    ],
)
def test_a_schema_says_what_it_takes(
    schema: dict[str, JSON], value: str, says: str, tmp_path: Path
) -> None:
    services = KINDS["services"]
    order = replace(services.columns["order"], schema=schema)
    kinds = {"services": replace(services, columns={**services.columns, "order": order})}
    (tmp_path / "a.yaml").write_text(STACK + f"services: {{a: {{type: time, order: {value}}}}}")
    loaded = load([tmp_path], variables={}, environment={})
    (problem,) = validate(loaded, kinds, unset_is_error=True)[1]
    assert (problem.code, problem.message) == ("invalid-value", f"order {says}")


def test_what_only_the_gate_refuses_is_still_an_error(tmp_path: Path) -> None:
    # Python's \\d knows digits of every script, the gate's only the ten of ASCII.
    contacts = KINDS["contacts"]
    phone = replace(contacts.columns["phone"], schema={"type": "string", "pattern": r"^\d+$"})
    kinds = {"contacts": replace(contacts, columns={"phone": phone})}
    (tmp_path / "a.yaml").write_text(STACK + "contacts: {a: {phone: ٣}}", encoding="utf-8")
    loaded = load([tmp_path], variables={}, environment={})
    (problem,) = validate(loaded, kinds, unset_is_error=True)[1]
    assert (problem.code, problem.message) == ("invalid-value", "phone is not accepted")


def test_maxima_of_lists_and_places(tmp_path: Path) -> None:
    days = ", ".join(["true"] * 8)
    text = f"price_calendar_entries: {{a: {{product_id: {ID}, check_in_days: [{days}]}}}}"
    (problem,) = check(text, folder=tmp_path)[1]
    assert problem.message == "check_in_days takes at most 7 values, not 8"


def test_places_are_a_mapping(tmp_path: Path) -> None:
    jane = only("contacts: {jane: {phone: 1, $was: joe}}", tmp_path)
    assert sorted(jane.positions) == ["$was", "phone"]
    assert len(jane.positions) == 2
    assert jane.place("email") == jane.position


def test_the_key_of_a_link_does_not_depend_on_the_order_of_a_lookup(tmp_path: Path) -> None:
    lookups = ("{currency: EUR, reference: A}", "{reference: '${A}', currency: 'EUR'}")
    text = "contacts: {jane: }\ncontact_bookings:\n" + "".join(
        f"  - {{contact_id: jane, booking_id: {{lookup: {lookup}}}}}\n" for lookup in lookups
    )
    assert errors(check(text, folder=tmp_path, A="A")[1]) == ["duplicate-address"]


@given(st.lists(st.integers(0, 6), min_size=7, max_size=7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_circle_is_reported_once(tmp_path: Path, parents: list[int]) -> None:
    rows = "".join(f"  s{n}: {{type: time, parent_id: s{p}}}\n" for n, p in enumerate(parents))
    _, problems = check("services:\n" + rows, folder=tmp_path)
    assert errors(problems) == ["reference-cycle"] * len(circles(parents))


def circles(parents: list[int]) -> set[frozenset[int]]:
    found = set()
    for here in range(len(parents)):
        for _ in parents:
            here = parents[here]
        circle = {here}
        while parents[here] not in circle:
            here = parents[here]
            circle.add(here)
        found.add(frozenset(circle))
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
    (tmp_path / "a.yaml").write_text(
        STACK + "services:\n  a: {type: time, parent_id: b, second_id: c}\n"
        "  b: {type: time, parent_id: c, second_id: a}\n  c: {type: time, parent_id: b}\n"
    )
    loaded = load([tmp_path], variables={}, environment={})
    (problem,) = validate(loaded, kinds, unset_is_error=True)[1]
    file = tmp_path / "a.yaml"
    assert problem.message == (
        "references go round in a circle: "
        f"services.a ({file}:3) → services.b ({file}:4) → services.a"
    )


def test_a_long_chain_is_no_circle(tmp_path: Path) -> None:
    rows = "".join(f"  s{n}: {{type: time, parent_id: s{n + 1}}}\n" for n in range(3000))
    good("services:\n" + rows + "  s3000: {type: time}\n", folder=tmp_path)


# Resources


def test_what_is_said_about_a_resource(tmp_path: Path) -> None:
    configuration = good(
        "contacts:\n  jane: {$ignore: [notes, phone], $was: joe}\n"
        "  jim: {$absent: true, email: jim@example.com}\n  jil: {$absent: false}\n"
        "bookings:\n  stay: {$absent: true}\n",
        folder=tmp_path,
    )
    jane, jim, jil, stay = configuration.resources.values()
    assert (jane.ignore, jane.was, jane.absent) == (frozenset({"notes", "phone"}), "joe", False)
    assert (jim.absent, jim.values) == (True, {"email": "jim@example.com"})
    assert (jil.absent, stay.absent) == (False, True)


def test_inputs_are_kept_apart(tmp_path: Path) -> None:
    member = only("members: {jane: {email: jane@example.com, language: en-US}}", tmp_path)
    assert member.values == {}
    assert member.inputs == {"email": "jane@example.com", "language": "en-US"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("bookings: {a: {currency: EUR}}", ("display_currency", "exchange_rate")),
        ("bookings: {a: {$absent: true}}", ()),
        ("members: {a: {name: Jane}}", ("email",)),
        ("sites: {a: {}}", ()),
        ("contacts: {a: {}}", ()),
    ],
)
def test_columns_that_creating_would_need(
    text: str, missing: tuple[str, ...], tmp_path: Path
) -> None:
    resource = only(text, tmp_path)
    assert missing_on_create(KINDS[resource.address.kind], resource) == missing


def test_anchors_may_be_kept_at_the_top(tmp_path: Path) -> None:
    text = "x-dutch: &dutch {language: nl, phone: 1}\ncontacts:\n  a: {<<: *dutch, phone: 2}\n"
    assert only(text, tmp_path).values == {"language": "nl", "phone": "2"}


def test_overlays_replace_whole_columns_and_add_resources(tmp_path: Path) -> None:
    base = (
        "contacts:\n  a: {phone: 1, city: X, meta: [{key: a}]}\n  b: {phone: 1}\n"
        "  c: {$absent: true}\n"
    )
    over = "contacts:\n  a: {phone: 2, meta: []}\n  b: {$absent: true}\n  d: \n"
    top = "contacts:\n  a: {phone: 3}\n  c: {$absent: false}\n"
    configuration = good(base, over, top, folder=tmp_path)
    a, b, c, d = configuration.resources.values()
    assert a.values == {"phone": "3", "city": "X", "meta": []}
    assert [r.absent for r in (a, b, c, d)] == [False, True, False, False]
    assert a.place("phone").file == str(tmp_path / "2" / "a.yaml")
    assert a.position.file == str(tmp_path / "0" / "a.yaml")


def test_an_overlay_lays_links_over_links(tmp_path: Path) -> None:
    pair = "{coupon_id: {lookup: {code: A}}, booking_id: {lookup: {reference: B}}"
    base = f"coupon_uses:\n  - {pair}}}\n"
    configuration = good(base, f"coupon_uses:\n  - {pair}, $absent: true}}\n", folder=tmp_path)
    assert [r.absent for r in configuration.resources.values()] == [True]


def test_a_file_limits_the_run_to_its_addresses(tmp_path: Path) -> None:
    limit = "contacts: {jane: }\ncontact_bookings: [{contact_id: jane, booking_id: stay}]\n"
    rest = "bookings: {stay: }\n"
    configuration = good(rest, "contacts: {joe: }\n", folder=tmp_path, limit=limit)
    pair = Address("contact_bookings", "jane--stay")
    assert configuration.limited == frozenset({Address("contacts", "jane"), pair})
    assert len(configuration.resources) == 4


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["${A}", "a", ID, "true", "2026-01-01"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["a", "b", "email", "meta", "creator_id", "lookup", "$absent", "$ignore", "$was",
             "contact_id", "booking_id", "fee", "tax_id", "occupancy", "reference", "stack", ID]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(
            ["contacts", "contact_bookings", "services", "members", "reconciler", "x-a", "nothing"]
        ),
        JSON_VALUES | st.dictionaries(st.sampled_from(["a", "b", "A B"]), JSON_VALUES),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_validating_never_raises(tmp_path: Path, content: object) -> None:
    (tmp_path / "a.yaml").write_text(json.dumps(content))
    loaded = load([tmp_path], variables={}, environment={})
    for unset in (True, False):
        configuration, problems = validate(loaded, KINDS, unset_is_error=unset)
        assert (configuration is None) == any(problem.is_error for problem in problems)
        excerpts = Excerpts(loaded, KINDS)
        for problem in problems:
            excerpts.of(problem)


# What is shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("contacts: {a: {emial: zq, phone: zq1, language: nl}}", "***, phone: ***, language: nl"),
        ("contacts: {a: {notes: [zq, zq]}}", "{a: {notes: [***, ***]}}"),
        ("contacts:\n  a:\n    notes: 'zq\n\n      zq', emial: 1", None),
        ("contacts:\n  a:\n    avatar: &x zq\n    emial: *x", "    emial: *x"),
        ("contacts:\n  a:\n    emial: zq # zq", "    emial: ***"),
        ("x-a: &a {emial: zq}\ncontacts:\n  a: *a", "x-a: &a {emial: ***}"),
        ("bookings:\n  a: {method: boook, secret: '}zq'}", "  a: {method: boook, secret: ***}"),
        ("contacts:\n  a: {meta: {zq: zq}, language: [x]}", "{meta: {*** ***}, language: [x]}"),
    ],
)  # fmt: skip
def test_private_values_are_masked(text: str, shown: str | None, tmp_path: Path) -> None:
    lines = said(text, tmp_path)
    assert "zq" not in lines
    assert shown is None or shown in lines


@given(
    style=st.sampled_from(["Zq: {}", "'Zq {}'", '"Zq {}"', "Zq{}", "[Zq, {}]", "|\n      Zq {}"]),
    name=st.sampled_from(["email", "emial", "meta", "creator_id", "notes", "address"]),
    tail=st.text(alphabet="aZq ,:{}[]#-'\"$&*\n\t", max_size=12),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_private_value_is_ever_shown(tmp_path: Path, style: str, name: str, tail: str) -> None:
    value = style.format(tail.replace("\n", "\n      "))
    text = f"contacts:\n  jane:\n    {name}: {value}\n    langauge: x\n"
    assert "Zq" not in said(text, tmp_path)


def said(text: str, folder: Path) -> str:
    """Everything that is said about a configuration."""
    (folder / "a.yaml").write_text(STACK + text)
    loaded = load([folder], variables={}, environment={})
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    excerpts = Excerpts(loaded, KINDS)
    shown = (excerpts.of(problem) for problem in problems)
    lines = [line for p in problems for line in (p.message, p.hint or "", p.address or "")]
    return "\n".join([*lines, *(excerpt.text for excerpt in shown if excerpt)])


def test_a_variable_is_shown_as_written_never_its_value(tmp_path: Path) -> None:
    text = (
        "bookings: {a: {silent: '${X}', method: '${X}', widget_id: '${X}', exchange_rate: '${X}'}}"
    )
    _, problems = check(text, folder=tmp_path, X="hidden")
    assert len(errors(problems)) == 4
    assert all("${X}" in p.message for p in problems if p.is_error)
    assert "hidden" not in str(problems)


def test_long_lines_are_cut_around_the_caret(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    padding = ", ".join(f"language{n}" for n in range(100))
    (folder / "a.yaml").write_text(STACK + f"contacts: {{a: {{$ignore: [{padding}]}}}}")
    loaded = load([folder], variables={}, environment={})
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    excerpts = Excerpts(loaded, KINDS)
    for number, problem in enumerate(problems):
        excerpt = excerpts.of(problem)
        assert excerpt is not None
        assert len(excerpt.text) <= 160
        assert excerpt.text[excerpt.caret - 1 :].startswith(f"language{number}"[:3])


def test_a_line_with_thousands_of_problems_has_each_caret_at_its_place(tmp_path: Path) -> None:
    wrong = [f"emial{n}" for n in range(5000)]
    rows = ", ".join(f"c{n}: {{phone: '{n}', {name}: x}}" for n, name in enumerate(wrong))
    (tmp_path / "a.yaml").write_text(STACK + f"contacts: {{{rows}}}")
    loaded = load([tmp_path], variables={}, environment={})
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    excerpts = Excerpts(loaded, KINDS)
    shown = [excerpt for problem in problems if (excerpt := excerpts.of(problem))]
    pointed = [excerpt.text[excerpt.caret - 1 :].partition(":")[0] for excerpt in shown]
    assert pointed == wrong


def test_a_file_that_is_no_text_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff")
    loaded = load([tmp_path], variables={}, environment={})
    assert [Excerpts(loaded, KINDS).of(problem) for problem in loaded.problems] == [None]


def test_a_long_circle_is_cut(tmp_path: Path) -> None:
    rows = "".join(f"  s{n}: {{type: time, parent_id: s{(n + 1) % 20}}}\n" for n in range(20))
    (problem,) = check("services:\n" + rows, folder=tmp_path)[1]
    assert " → … 8 more … → " in problem.message
    assert problem.message.endswith("→ services.s0")


def test_a_problem_without_a_place_has_no_line(tmp_path: Path) -> None:
    loaded = load([tmp_path / "nowhere"], variables={}, environment={})
    assert Excerpts(loaded, KINDS).of(loaded.problems[0]) is None
    elsewhere = Problem("tab", "", Position("other.yaml", 1, 1))
    assert Excerpts(loaded, KINDS).of(elsewhere) is None


def test_suggestions_are_used_up() -> None:
    suggest = Suggester(comparisons=3)
    assert suggest.nearest("emial", ["email", "phone"]) == "email"
    assert suggest.nearest("phon", ["email", "phone"]) is None
    assert suggest.hint("email", ["email"], "no more") == "no more"


def test_wrong_names_by_the_thousand_take_no_minutes(tmp_path: Path) -> None:
    rows = "".join(f"  key{n}: {{creator_id: nobody{n}}}\n" for n in range(3000))
    profiles = "".join(f"  somebody{n}: \n" for n in range(3000))
    text = f"user_profiles:\n{profiles}contacts:\n{rows}"
    assert len(errors(check(text, folder=tmp_path)[1])) == 3000
