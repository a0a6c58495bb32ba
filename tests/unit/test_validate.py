"""What a folder says as a whole: its settings, its resources, its layers, its limits."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.catalogue import schema_folder
from reconciler.configuration.load import load
from reconciler.configuration.load import problems as problems_of_load
from reconciler.configuration.resource import KeyReference
from reconciler.configuration.validate import missing_on_create, validate
from reconciler.configuration.validate.excerpt import Excerpts
from reconciler.diagnostics import Position
from reconciler.values.address import Address
from tests.builders import KINDS
from tests.commandline import run
from tests.validating import ID, OTHER, check, errors, good, only


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
        "  protect: [products, contacts.jane, contact_bookings.a--b]\n"
        f"  forbidden_organizations: [{OTHER}]\n"
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
    assert configuration.forbidden_organizations == {OTHER}


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


def test_an_empty_organization_is_left_to_the_key(tmp_path: Path) -> None:
    text = "reconciler: {stack: villa, organization: '${BOOKINGMOOD_ORGANIZATION_ID}'}\n"
    (tmp_path / "a.yaml").write_text(text)
    empty = {"BOOKINGMOOD_ORGANIZATION_ID": ""}
    loaded = load([tmp_path], variables={}, environment=empty)
    configuration, problems = validate(loaded, KINDS, unset_is_error=False)
    assert (configuration is not None, problems) == (True, ())
    (problem,) = validate(loaded, KINDS, unset_is_error=True)[1]
    assert problem.message == "the variable BOOKINGMOOD_ORGANIZATION_ID is empty"


def test_of_a_million_faults_the_first_are_kept_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems_of_load, "MOST", 3)
    stays = "".join(f"  s{n}: {{x: 1, currency: EUR}}\n" for n in range(9))
    configuration, found = check(f"bookings:\n{stays}", folder=tmp_path)
    assert configuration is None
    assert [problem.code for problem in found] == ["unknown-column"] * 3 + ["more-problems"] * 2
    assert [(p.severity, p.stands_for) for p in found[3:]] == [("error", 6), ("warning", 9)]
    done = run("validate", tmp_path / "0", environment={})
    assert "error: 6 more errors are counted, not listed [more-problems]" in done.out
    assert done.out.endswith("Not valid: 9 errors, 9 warnings.\n")


def test_below_an_overlay_of_wrong_shape_problems_are_still_found(tmp_path: Path) -> None:
    (tmp_path / "over.yaml").write_text("contacts: {jane: 1}\n")
    (tmp_path / "0").mkdir()
    text = "reconciler: {stack: villa}\ncontacts: {jane: {id: 1}}\ntasks: {clean: 1}\n"
    (tmp_path / "0" / "a.yaml").write_text(text)
    loaded = load([tmp_path / "0", tmp_path / "over.yaml"], variables={}, environment={})
    found = validate(loaded, KINDS, unset_is_error=False)[1]
    assert errors(found) == ["server-column", "wrong-shape", "wrong-shape"]
    assert all(problem.is_error for problem in found)


def test_of_many_warnings_all_resources_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems_of_load, "MOST", 3)
    stays = "".join(f"  s{n}: {{currency: EUR}}\n" for n in range(9))
    configuration, found = check(f"bookings:\n{stays}", folder=tmp_path)
    assert configuration is not None
    assert len(configuration.resources) == sum(problem.stands_for for problem in found) == 9


@pytest.mark.parametrize(("entry", "most"), [("1", 300), ("{id: 1}", 450)])
def test_memory_for_faults_that_are_only_counted(
    entry: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems_of_load, "MOST", 3)
    many = 2_000
    people = "".join(f"  k{n}: {entry}\n" for n in range(many))
    (tmp_path / "a.yaml").write_text(f"reconciler: {{stack: villa}}\ncontacts:\n{people}")
    loaded = load([tmp_path], variables={}, environment={})
    validate(loaded, KINDS, unset_is_error=False)  # what is made once is not measured
    tracemalloc.start()
    _, problems = validate(loaded, KINDS, unset_is_error=False)
    shown = Excerpts(loaded, KINDS).of(problems[0])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert shown is not None
    assert sum(problem.stands_for for problem in problems) == many
    assert peak / many < most


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


# Resources


def test_what_is_said_about_a_resource(tmp_path: Path) -> None:
    configuration = good(
        "contacts:\n  jane: {$ignore: [notes, phone], $renamed_from: joe}\n"
        "  jim: {$absent: true, email: jim@example.com}\n  jil: {$absent: false}\n"
        "bookings:\n  stay: {$absent: true}\n",
        folder=tmp_path,
    )
    jane, jim, jil, stay = configuration.resources.values()
    assert (jane.ignore, jane.renamed_from, jane.absent) == (
        frozenset({"notes", "phone"}),
        "joe",
        False,
    )
    assert (jim.absent, jim.values) == (True, {"email": "jim@example.com"})
    assert (jil.absent, stay.absent) == (False, True)


def test_inputs_are_kept_apart(tmp_path: Path) -> None:
    member = only("members: {jane: {email: jane@example.com, language: en-US}}", tmp_path)
    assert member.values == {}
    assert member.inputs == {"email": "jane@example.com", "language": "en-US"}


def test_every_entry_has_a_place(tmp_path: Path) -> None:
    jane = only("contacts: {jane: {phone: 1, $renamed_from: joe, meta: []}}", tmp_path)
    told = [jane.places.of(name) for name in ("phone", "$renamed_from", "meta", "email")]
    ends = [(p.column, p.end_line, p.end_column) for p in told if p]
    assert ends == [(26, 2, 27), (44, 2, 47), (55, None, None)]
    assert jane.place("email") == jane.position


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
            ["a", "b", "email", "meta", "creator_id", "lookup", "$absent", "$ignore",
             "$renamed_from",
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
def test_validating_never_raises(tmp_path: Path, content: object) -> None:
    (tmp_path / "a.yaml").write_text(json.dumps(content))
    loaded = load([tmp_path], variables={}, environment={})
    for unset in (True, False):
        configuration, problems = validate(loaded, KINDS, unset_is_error=unset)
        assert (configuration is None) == any(problem.is_error for problem in problems)
        excerpts = Excerpts(loaded, KINDS)
        for problem in problems:
            excerpts.of(problem)
