"""The schemas of the kinds: well formed, true to the facts, and pointing at each other rightly."""

import copy
from collections.abc import Callable, Iterator
from typing import Any, cast

import jsonschema_rs
import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from reconciler.catalogue import UNCONFIRMED, Kind, load_kinds, schema_folder
from reconciler.plan.consents import MEANINGS
from reconciler.values.column import Target
from reconciler.values.types import TYPES
from tests.sandbox_server import ROOT

Schema = dict[str, Any]
KINDS = load_kinds()
SCHEMAS: dict[str, Schema] = {
    file.name.removesuffix(".schema.json"): orjson.loads(file.read_bytes())
    for file in sorted((schema_folder() / "kinds").iterdir())
}
FACTS: dict[str, Any] = orjson.loads((ROOT / "tests" / "facts" / "kinds.json").read_bytes())
META: Schema = orjson.loads((schema_folder() / "kind.schema.json").read_bytes())
QUICK = jsonschema_rs.Draft202012Validator(META)

# Ids of rows that are no kind: API keys are not part of the API.
NO_KINDS = {"api_keys"}

# What the documents of today do not show, and why it is there all the same.
MORE_VERBS = {
    "bookings": {"create": "documented-2024"},
    "calendar_events": {"create": "documented-2024"},
    "review_products": {"update": "inferred", "delete": "inferred"},
    "review_widget_listings": {"update": "inferred", "delete": "inferred"},
    "reviews": {"update": "inferred"},
    "task_assignees": {"update": "inferred", "delete": "inferred"},
    "task_template_assignees": {"list": "inferred", "update": "inferred", "delete": "inferred"},
}

# Where people write about people, or where what they wrote ends up.
PERSONAL = {
    "api_requests": "search",
    "booking_details": "attachment value",
    "bookings": "fts",
    "calendar_event_notes": "note",
    "calendar_events": "fts generated_title notes title",
    "contacts": (
        "address avatar city company_name country country_code e_invoice_address email "
        "first_name fts last_name meta name notes phone province state street street2 zip"
    ),
    "invoices": "attachment fts",
    "message_events": "recipient",
    "messages": "attachments body html subject",
    "payments": "fts",
    "refunds": "comment fts",
    "reply_to_addresses": "email name",
    "reviews": "author_avatar author_name content fts",
    "tasks": "fts",
    "user_profiles": "avatar email fts name",
    "webhook_notifications": "payload response",
}
SECRET = {
    "bookings": "secret",
    "external_calendars": "error ical_url",
    "organizations": "ical_export_secret ical_export_secret_no_details sendgrid_api_key",
    "products": "ical_export_secret ical_export_secret_no_details",
    "sites": "password_hash",
    "webhooks": "signing_secret",
}


def test_the_kinds_are_those_of_the_facts_in_files_of_their_names() -> None:
    assert SCHEMAS.keys() == FACTS.keys()
    assert {name: schema["x-kind"] for name, schema in SCHEMAS.items()} == {n: n for n in SCHEMAS}
    assert {schema["$id"] for schema in SCHEMAS.values()} == {f"{n}.schema.json" for n in SCHEMAS}
    assert set(SCHEMAS) == set(KINDS)


def test_the_meta_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(META)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_uses_our_keywords_rightly(name: str) -> None:
    jsonschema_rs.meta.validate(SCHEMAS[name])
    assert QUICK.is_valid(SCHEMAS[name]), wrong(SCHEMAS[name])


@pytest.mark.parametrize("name", ["capacities", "contact_bookings", "contacts"])
def test_another_library_says_the_same_of_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert wrong(SCHEMAS[name]) is None


def test_a_column_may_have_the_types_of_the_table_and_no_other() -> None:
    assert set(META["$defs"]["column"]["properties"]["x-type"]["enum"]) == set(TYPES)


def test_a_kind_asks_for_no_consent_that_nobody_knows() -> None:
    """One without a meaning would never be asked for."""
    names = set(META["$defs"]["consents"]["items"]["properties"]["name"]["enum"])
    assert names <= set(MEANINGS)


def test_the_areas_are_those_of_keys() -> None:
    assert {kind.area for kind in KINDS.values()} == {
        "Bookings", "Channels", "Messages", "Organization", "Products", "Reviews",
    }  # fmt: skip


def test_the_meta_schema_explains_every_keyword_that_is_used() -> None:
    explained = dict(keywords(META))
    used = {keyword for schema in SCHEMAS.values() for keyword, _ in keywords(schema)}
    assert used == {keyword for keyword in explained if keyword.startswith("x-")}
    assert [keyword for keyword, rule in explained.items() if not rule.get("description")] == []


# --- true to the facts ------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_columns_and_types_are_those_of_the_facts(name: str) -> None:
    columns = {c.name: c.type.name + "?" * c.nullable for c in KINDS[name].columns.values()}
    assert columns == FACTS[name]["columns"]


def test_verbs_are_those_of_the_facts_and_a_few_more() -> None:
    more = {
        kind.name: {verb: kind.verbs[verb] for verb in kind.verbs if verb not in documented}
        for kind in KINDS.values()
        if (documented := FACTS[kind.name]["verbs"]) != list(kind.verbs)
    }
    assert more == MORE_VERBS
    assert all(verb in kind.verbs for kind in KINDS.values() for verb in FACTS[kind.name]["verbs"])


def test_what_is_more_than_the_facts_is_marked_as_unconfirmed() -> None:
    evidence = {grade for verbs in MORE_VERBS.values() for grade in verbs.values()}
    assert evidence == UNCONFIRMED


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_a_column_takes_fits_its_type(name: str) -> None:
    for column in SCHEMAS[name]["properties"].values():
        types = column["type"] if isinstance(column["type"], list) else [column["type"]]
        assert set(types) - {"null"} <= set(TYPES[column["x-type"]].json), column
        values = [column["default"]] if "default" in column else []
        for value in [*values, *column.get("enum", []), *column.get("examples", [])]:
            jsonschema_rs.validate(column, value)


# --- pointing at each other -------------------------------------------------------------------


def test_every_reference_points_to_a_column_that_is_there() -> None:
    targets = {target for kind in KINDS.values() for target in targets_of(kind)}
    assert {t.kind for t in targets} - set(KINDS) == NO_KINDS
    missing = [t for t in targets if t.kind in KINDS and t.column not in KINDS[t.kind].columns]
    assert missing == []


def test_every_reference_points_to_a_whole_primary_key() -> None:
    targets = {target for kind in KINDS.values() for target in targets_of(kind)}
    parts = {t for t in targets if t.kind in KINDS and KINDS[t.kind].primary_key != (t.column,)}
    assert parts == set()


@pytest.mark.parametrize("name", SCHEMAS)
def test_columns_that_are_named_are_there(name: str) -> None:
    kind = KINDS[name]
    named = {
        *kind.primary_key,
        *(column for key in kind.unique for column in key),
        *kind.create_columns,
        *(column for rules in kind.consents.values() for rule in rules for column in rule.columns),
        *(column for rules in kind.consents.values() for rule in rules for column in rule.unless),
        *filter(None, (kind.version, kind.soft_delete)),
    }
    assert named <= set(kind.columns)
    assert set(kind.cascades) <= set(KINDS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_column_has_one_place_in_the_order(name: str) -> None:
    kind = KINDS[name]
    assert sorted(kind.in_order) == sorted({*kind.columns, *kind.inputs})
    assert [n for n in kind.first if not kind.columns[n].writable] == []


def test_the_pair_of_a_link_stands_before_what_is_read_first() -> None:
    pair = ("product_id", "capacity_group_id")
    assert KINDS["capacities"].in_order[:4] == (*pair, "min", "max")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_natural_key_can_be_read(name: str) -> None:
    kind = KINDS[name]
    for part in (*(part for key in kind.natural_keys for part in key), *kind.label):
        column = kind.columns[part.column]
        assert not part.inside or column.type.name == "jsonb"
        assert not part.optional or column.nullable
        assert set(part.values) <= set(cast("list[str]", column.schema.get("enum", [])))
        if part.through:
            assert column.reference
            assert part.through in KINDS[column.reference.kind].columns
    for column in kind.inputs.values():
        assert column.stands_for in {str(part) for part in kind.natural_key} | throughs(kind)


def test_the_key_of_a_link_is_a_pair_of_references() -> None:
    for kind in KINDS.values():
        if kind.is_link:
            first, second = (kind.columns[part.column] for part in kind.natural_key)
            assert first.reference, kind.name
            assert second.reference, kind.name
            assert first.required_on_create and second.required_on_create, kind.name


def test_kinds_whose_primary_key_is_a_pair_are_links() -> None:
    pairs = {kind.name for kind in KINDS.values() if len(kind.primary_key) > 1}
    assert len(pairs) == 6
    assert {name for name in pairs if KINDS[name].is_link} == pairs
    for name in pairs:
        key = {part.column for part in KINDS[name].natural_key}
        assert key == set(KINDS[name].primary_key), name


def test_what_can_be_written_can_be_recognised() -> None:
    nameless = [kind.name for kind in KINDS.values() if kind.in_yaml and not kind.natural_keys]
    assert nameless == ["line_items"]  # two lines of a bill that look the same may both be meant


def test_every_key_can_be_asked_for() -> None:
    """One part at least is no secret, and not null."""
    for kind in KINDS.values():
        for key in kind.natural_keys:
            columns = [kind.columns[part.column] for part in key if not part.optional]
            assert any(not column.sensitive for column in columns), kind.name


def test_addresses_are_known_by_their_format() -> None:
    assert {
        f"{kind.name}.{column.name}"
        for kind in KINDS.values()
        for column in (*kind.columns.values(), *kind.inputs.values())
        if column.is_email
    } == {
        "contacts.email",
        "members.email",
        "organizations.from_address",
        "pricelabs_pricing.pricelabs_email",
        "reply_to_addresses.email",
        "user_profiles.email",
    }


def test_a_version_is_a_moment_that_the_server_writes() -> None:
    versions = {kind.name: kind.columns[kind.version] for kind in KINDS.values() if kind.version}
    assert [name for name, c in versions.items() if c.type.name != "timestamptz"] == []
    assert [name for name, c in versions.items() if not c.server_written] == []
    # this one says when the feed was last read, not when the row was last changed
    without = {k.name for k in KINDS.values() if "updated_at" in k.columns and not k.version}
    assert without == {"external_calendars"}


def test_only_the_organizations_id_is_filled() -> None:
    filled = [c for kind in KINDS.values() for c in kind.columns.values() if c.filled]
    assert {(c.name, c.reference) for c in filled} == {
        ("organization_id", Target("organizations", "id"))
    }


def test_what_a_create_needs_can_be_given() -> None:
    for kind in KINDS.values():
        if "create" in kind.verbs:
            for column in kind.columns.values():
                assert not (column.required_on_create and column.server_written), column
                assert not (column.required_on_create and column.has_default) or special(kind)


# --- private values ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", PERSONAL)
def test_text_about_people_is_personal(name: str) -> None:
    personal = {column.name for column in KINDS[name].columns.values() if column.pii}
    assert personal >= set(PERSONAL[name].split())


@pytest.mark.parametrize("name", SCHEMAS)
def test_secrets_are_sensitive(name: str) -> None:
    secret = {column.name for column in KINDS[name].columns.values() if column.sensitive}
    assert secret == set(SECRET.get(name, "").split())


def test_no_secret_is_forgotten() -> None:
    words = ("secret", "password", "token", "api_key", "ical_url")
    forgotten = [
        (kind.name, column.name)
        for kind in KINDS.values()
        for column in kind.columns.values()
        if any(word in column.name for word in words) and not (column.sensitive or column.reference)
    ]
    assert forgotten == []


# --- what the meta-schema refuses -------------------------------------------------------------


def _set(path: str, value: object) -> Callable[[Schema], None]:
    def change(schema: Schema) -> None:
        *steps, last = path.split("/")
        place = schema
        for step in steps:
            place = place[step]
        place[last] = value

    return change


def _drop(name: str) -> Callable[[Schema], None]:
    return lambda schema: schema.pop(name)


MUTATIONS = {
    "a keyword that is none": ("contacts", _set("x-colour", "red")),
    "a keyword that is none, in a column": ("contacts", _set("properties/email/x-secret", True)),
    "a misspelt keyword of JSON Schema": ("contacts", _set("properties/email/patern", "@")),
    "no kind": ("contacts", _drop("x-kind")),
    "no verbs": ("contacts", _drop("x-verbs")),
    "a verb that is none": ("contacts", _set("x-verbs/upsert", "inferred")),
    "a verb without evidence": ("contacts", _set("x-verbs/create", True)),
    "a kind that is not read": ("contacts", _set("x-verbs", {"create": "inferred"})),
    "an area that is none": ("contacts", _set("x-area", "guests/")),
    "created, but not recognised": ("contacts", _drop("x-natural-key")),
    "created, but with whose id?": ("contacts", _drop("x-id")),
    "an id for what is never created": ("api_requests", _set("x-id", "client")),
    "a natural key that is no list": ("contacts", _set("x-natural-key", "email")),
    "half a path in a label": ("contacts", _set("x-label", ["name.->>"])),
    "half a path in a natural key": ("products", _set("x-natural-key", ["name->>"])),
    "one key in a list of keys": ("products", _set("x-natural-key", [["name->>default"]])),
    "an empty key beside another": ("contacts", _set("x-natural-key", [["email"], []])),
    "a part that is null or one of some": ("services", _set("x-natural-key", ["type=a?"])),
    "a link with another key": (
        "contact_bookings",
        _set("x-natural-key", [["contact_id", "booking_id"], ["id", "contact_id"]]),
    ),
    "a link of three": (
        "contact_bookings",
        _set("x-natural-key", ["contact_id", "booking_id", "created_at"]),
    ),
    "a link of texts": ("capacities", _set("x-natural-key", ["product_id", "name->>default"])),
    "a primary key of three": ("contacts", _set("x-primary-key", ["id", "email", "name"])),
    "a type that PostgreSQL lacks": ("contacts", _set("properties/email/x-type", "string")),
    "a column without a type": ("contacts", _set("properties/email", {"description": "Mail."})),
    "a column without a description": (
        "contacts",
        _set("properties/email", {"type": "string", "x-type": "text"}),
    ),
    "a reference without a column": (
        "contact_bookings",
        _set("properties/booking_id/x-references", "bookings"),
    ),
    "a reference that is a number": ("capacities", _set("properties/max/x-references", "taxes.id")),
    "ids inside a text": (
        "contacts",
        _set("properties/email/x-json-references", [{"path": "keys", "references": "taxes.id"}]),
    ),
    "ids at an unknown place": (
        "coupons",
        _set(
            "properties/definition/x-json-references", [{"path": "$.a", "references": "taxes.id"}]
        ),
    ),
    "personal, or not?": ("contacts", _set("properties/email/x-pii", False)),
    "filled with something else": (
        "contacts",
        _set("properties/organization_id/x-filled", "user"),
    ),
    "filled, and no reference": ("contacts", _set("properties/email/x-filled", "organization")),
    "computed, and written too": ("contacts", _set("properties/email/x-generated", "'a'")),
    "two defaults": ("contacts", _set("properties/email/x-default-sql", "''")),
    "a consent that nobody can give": (
        "products",
        _set("x-consents/create", [{"name": "everything"}]),
    ),
    "a create that nobody wrote": ("products", _set("x-create/action", "conjure")),
    "a delete of what is not deleted": ("sites", _set("x-delete", {"action": "delete-one"})),
    "other columns than these": ("contacts", _set("additionalProperties", True)),
    "a column with a capital": ("contacts", _set("properties/Email", {})),
}


@pytest.mark.parametrize(("name", "mutate"), MUTATIONS.values(), ids=MUTATIONS)
def test_a_wrong_schema_is_refused(name: str, mutate: Callable[[Schema], None]) -> None:
    schema = copy.deepcopy(SCHEMAS[name])
    mutate(schema)
    assert not QUICK.is_valid(schema)


@pytest.mark.parametrize("about", list(MUTATIONS)[::5])
def test_another_library_refuses_a_wrong_schema_too(about: str) -> None:
    name, mutate = MUTATIONS[about]
    schema = copy.deepcopy(SCHEMAS[name])
    mutate(schema)
    assert wrong(schema) is not None


# --- words ------------------------------------------------------------------------------------


def wrong(schema: Schema) -> str | None:
    """Say what the meta-schema has against a schema, in good words; that takes a second."""
    error = best_match(Draft202012Validator(META).iter_errors(schema))
    return error and f"{error.json_path}: {error.message}"


def keywords(schema: object) -> Iterator[tuple[str, Schema]]:
    """Find our keywords in a schema, at any depth, each with what stands there."""
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name.startswith("x-"):
                yield name, value
            if name not in {"dependentSchemas", "if", "then", "else", "not"}:
                yield from keywords(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from keywords(item)


def targets_of(kind: Kind) -> Iterator[Target]:
    """Find what a kind's columns and the places inside them reference."""
    for column in kind.columns.values():
        yield from [column.reference] if column.reference else []
        yield from (place.target for place in column.places)


def throughs(kind: Kind) -> set[str]:
    """Name the columns that can be reached through a kind's references, like ``user_id.email``."""
    return {
        f"{column.name}.{name}"
        for column in kind.references
        if column.reference and column.reference.kind in KINDS
        for name in KINDS[column.reference.kind].columns
    }


def special(kind: Kind) -> bool:
    """Tell whether a kind is created by an action, which may ask for more than the table does."""
    return kind.create_action is not None
