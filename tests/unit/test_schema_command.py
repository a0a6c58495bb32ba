"""``reconciler schema`` and what ``init`` writes for editors; the server is in test_editor."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest
from jsonschema import Draft7Validator

from reconciler.catalogue import load_kinds
from reconciler.configuration.load import load
from reconciler.configuration.load.nodes import MappingNode, Node, Scalar
from reconciler.configuration.load.parse import parse
from reconciler.configuration.validate import validate
from reconciler.editor import editor_schema, keys_of, templates_of
from reconciler.values.column import JSON
from reconciler.values.core import read_core
from tests.commandline import Finished, failed_inside, run
from tests.sandbox_server import ROOT

KINDS = load_kinds()
EXAMPLES = [ROOT / "examples" / name for name in ("links", "villa", "every-kind", "villa-park")]


def reconciler(*words: str | Path) -> Finished:
    return run(*words, environment={})


# --- the schema -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return cast("dict[str, Any]", editor_schema(KINDS, {"contacts": ("jane-doe",)}))


def test_it_is_a_schema_of_draft_7(schema: dict[str, Any]) -> None:
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_it_uses_only_what_draft_7_has(schema: dict[str, Any]) -> None:
    newer = {"$defs", "unevaluatedProperties", "prefixItems", "dependentSchemas", "$dynamicRef"}
    for part in parts(schema):
        assert newer & part.keys() == set()
        assert "$ref" not in part or part.keys() == {"$ref"}  # draft 7 reads nothing beside it
        assert target(str(part.get("$ref", "#/definitions/text")), schema)


def target(reference: str, schema: dict[str, Any]) -> Any:
    """Follow a reference, which may lead to a column of a row."""
    found = schema
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_every_definition_is_used(schema: dict[str, Any]) -> None:
    used = {str(part.get("$ref")).removeprefix("#/definitions/") for part in parts(schema)}
    assert set(schema["definitions"]) - used == set()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_it_has_what_people_write_and_nothing_else(kind: Any, schema: dict[str, Any]) -> None:
    assert (kind.name in schema["properties"]) == kind.in_yaml
    if kind.in_yaml:
        row = schema["definitions"][kind.name]
        columns = {c.name for c in [*kind.columns.values(), *kind.inputs.values()] if c.writable}
        assert set(row["properties"]) == columns | {"$ignore", "$absent", "$renamed_from"}
        assert all(part["description"] for part in row["properties"].values())


# --- what it takes, the tool takes; what it refuses, the tool refuses -------------------------

GOOD = [
    "contacts: {a: {zip: 0123, notes: true, first_name: 1.10, country_code: NO, email: ''}}",
    "contacts: {a: {language: ~}, b: }",
    'contacts: {a: {email: "${MAIL}", $ignore: [notes, city]}}',
    "contacts: {a: {$renamed_from: b, email: x}}",
    "contacts: {a: {$absent: true}}",
    "contacts: {2026: {email: x}, 1e3: {email: y}}",
    "contacts: {a: {meta: [{key: a, value: b}]}}",
    "contacts:",
    "x-anything: [1, {a: b}]",
    'widgets: {a: {title: T, show_reviews: "true", visible_months: [true, "false"]}}',
    'widgets: {a: {title: T, show_reviews: "${X}", date_visibility: "${X}"}}',
    "widgets: {a: {title: T, interaction: null}}",
    'taxes: {a: {percentage: "4.5"}, b: {percentage: 9}, c: {percentage: "${X}"}}',
    "calendar_events: {a: {start_date: 2026-07-04, end_date: 2026-07-05, title: 12}}",
    "products: {a: {latest_arrival_time: 21:00, fee: 12, deposit: {x: [{tax_id: }]}}}",
    "services: {a: {fee: {taxes: [{tax_id: {lookup: {percentage: 9}}}, {tax_id: []}]}}}",
    "contact_bookings: [{contact_id: a, booking_id: b}, {contact_id: c, booking_id: b}]\n"
    "contacts: {a: {email: x}, c: {email: y}}\nbookings: {b: {reference: x}}",
    "contact_bookings: [{contact_id: 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37,"
    " booking_id: {lookup: {reference: x}}}]",
    'contact_bookings: [{contact_id: "${X}", booking_id: {lookup: {reference: x}}}]',
    "price_calendar_entries: {a: {name: {default: A}, product_id: 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1"
    'b4c37, check_in_days: [true, false, "true", true, true, true, "${X}"]}}',
    "bookings: {a: {currency: EUR, display_currency: BGN}, b: {currency: ''}}",
    'bookings: {a: {currency: "${CURRENCY:-EUR}"}}',
    'products: {a: {timezone: europe/amsterdam}, b: {timezone: "${ZONE}"}}',
    'products: {a: {approximate_coordinates: {lat: "${LAT}", lng: 4.9}}}',
    "products: {a: {approximate_coordinates: {}}, b: {approximate_coordinates: ~}}",
    'calendar_events: {a: {occupancy: {6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37: "${GUESTS}"}}}',
]
BAD = [
    "bookings: {a: {currency: EURO}}",
    "bookings: {a: {display_currency: eur}}",
    "products: {a: {approximate_coordinates: {lat: 91, lng: 0}}}",
    "products: {a: {approximate_coordinates: {lat: north, lng: 0}}}",
    "price_calendar_entries: {a: {rates: [{rate: abc}]}}",
    "price_calendar_entries: {a: {rates: [5]}}",
    "calendar_events: {a: {occupancy: {6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37: -1}}}",
    "contacts: {a: {emial: x}}",
    "contacts: {a: {id: x}}",
    "contacts: {a: {organization_id: x}}",
    "contacts: {a: {email: [x]}}",
    "contacts: {a: {email: ~}}",
    "contacts: {a: {meta: x}}",
    "contacts: {a: {$ignore: [id]}}",
    "contacts: {a: {$unknown: x}}",
    "contacts: {A b: {email: x}}",
    "contacts: {6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37: {email: x}}",
    "contacts: [{email: x}]",
    "contakts: {a: {email: x}}",
    "api_requests: {a: {}}",
    "contact_bookings: {a: {}}",
    "contact_bookings: [{contact_id: a}]",
    "contact_bookings: [{contact_id: a, booking_id: b, id: c}]",
    "contact_bookings: [{contact_id: a b, booking_id: b}]",
    "contact_bookings: [{contact_id: [a], booking_id: b}]",
    "contact_bookings: [{contact_id: {lookup: {}}, booking_id: b}]",
    "widgets: {a: {show_reviews: 1}}",
    "widgets: {a: {date_visibility: some}}",
    "taxes: {a: {percentage: many}}",
    "taxes: {a: {label: VAT}}",
    "calendar_events: {a: {start_date: tomorrow}}",
    "services: {a: {order: 99999999999}}",
    "services: {a: {order: first}}",
    "services: {a: {fee: {taxes: [{tax_id: a b}]}}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_tool_takes_the_editor_takes(
    text: str, schema: dict[str, Any], tmp_path: Path
) -> None:
    assert problems(text, tmp_path) == []
    assert list(errors(text, schema)) == []


@pytest.mark.parametrize("text", BAD)
def test_what_the_editor_refuses_the_tool_refuses(
    text: str, schema: dict[str, Any], tmp_path: Path
) -> None:
    assert list(errors(text, schema)) != []
    assert problems(text, tmp_path) != []


@pytest.mark.parametrize(
    ("kind", "column", "says"),
    [
        ("contacts", "country_code", "Takes the code of a country, such as NL."),
        ("bookings", "currency", "Takes the code of a currency"),
        ("capacities", "max", "Rule: min is not over max."),
        ("site_nav_items", "url", "Usually: at most 1 of site_page_id, url should have a value."),
    ],
)
def test_codes_and_rules_are_said(
    kind: str, column: str, says: str, schema: dict[str, Any]
) -> None:
    assert says in schema["definitions"][kind]["properties"][column]["description"]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_examples_are_taken(folder: Path) -> None:
    loaded = load([folder], variables={}, environment={})
    schema = editor_schema(KINDS, keys_of(loaded, KINDS), templates_of(loaded, KINDS))
    validator = jsonschema_rs.Draft7Validator(schema)
    for file in folder.glob("*.yaml"):
        validator.validate(document(file.read_text()))


# --- the keys of a folder ---------------------------------------------------------------------


def test_keys_are_those_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "reconciler: {stack: villa}\nx-notes: {contacts: 1}\nnonsense: {a: 1}\n"
        "contacts: {jane: {email: x}, Bad Key: {}}\nbookings: [1]\n"
        "contact_bookings:\n  - {contact_id: jane, booking_id: b}\n  - {contact_id: jane}\n  - x\n"
        "  - {contact_id: {lookup: {email: secret@example.com}}, booking_id: b}\n"
    )
    (tmp_path / "b.yaml").write_text("contacts: {john: , jane: }\n")
    found = keys_of(load([tmp_path], variables={}, environment={}), KINDS)
    assert found == {"contacts": ("jane", "john"), "contact_bookings": ("jane--b",)}


# --- the command ------------------------------------------------------------------------------


def test_the_schema_is_printed() -> None:
    done = reconciler("schema")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["title"] == "Configuration of the reconciler"


def test_the_schema_is_written_with_the_keys_of_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "schema.json"
    done = reconciler("schema", EXAMPLES[0], "--write", file)
    assert (done.code, done.out) == (0, f"Wrote {file}.\n")
    known = json.loads(file.read_bytes())["definitions"]["reference-contacts"]["anyOf"][0]["enum"]
    assert known == ["jane-doe", "john-doe"]


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("contacts: {jane: }\n")
    (tmp_path / "b.yaml").write_text("contacts: {jane\n")
    done = reconciler("schema", tmp_path)
    assert done.code == 0
    assert "`reconciler validate` says why" in done.err
    assert "jane" in done.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["schema", "nowhere"], "nowhere does not exist"),
        (["schema", "--write", "/proc/nothing/schema.json"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], says: str) -> None:
    done = reconciler(*words)
    assert done.code == 1
    assert says in done.err


# --- init -------------------------------------------------------------------------------------


def test_init_tells_editors_about_the_schema(tmp_path: Path) -> None:
    folder = tmp_path / "Villa Marina"
    done = reconciler("init", folder)
    assert done.code == 0
    text = (folder / "bookingmood.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=.reconciler/schema.json\n")
    assert "  stack: villa-marina-" in text
    settings = json.loads((folder / ".vscode" / "settings.json").read_bytes())
    assert settings == {"yaml.schemas": {".reconciler/schema.json": ["*.yaml"]}}
    assert (folder / ".gitignore").read_text() == ".reconciler/\n"
    Draft7Validator.check_schema(json.loads((folder / ".reconciler/schema.json").read_bytes()))
    assert reconciler("validate", folder).code == 0


def test_init_calls_a_stack_like_its_folder(tmp_path: Path) -> None:
    done = reconciler("init", tmp_path / "Été à Veere")
    assert "with the stack ete-a-veere-" in done.out
    assert done.err.endswith("Veere'`.\n")


def test_init_leaves_what_is_there(tmp_path: Path) -> None:
    (tmp_path / ".vscode").mkdir()
    for name in (".gitignore", ".vscode/settings.json"):
        (tmp_path / name).write_text("mine\n")
    assert reconciler("init", tmp_path, "--stack", "villa").code == 0
    assert {(tmp_path / n).read_text() for n in (".gitignore", ".vscode/settings.json")} == {
        "mine\n"
    }


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bookingmood.yaml"
    file.write_text("mine\n")
    done = reconciler("init", tmp_path)
    assert done.code == 1
    assert "exists already; nothing was changed" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["bookingmood.yaml"]


def test_init_says_what_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").write_text("a file where a folder belongs")
    done = reconciler("init", tmp_path)
    assert done.code == 1
    assert ".reconciler" in done.err
    assert not failed_inside(done.err)


# --- reading ----------------------------------------------------------------------------------


def parts(schema: object) -> Iterator[Mapping[str, Any]]:
    """Iterate over every mapping inside a schema that is a schema itself."""
    if isinstance(schema, list):
        for item in schema:
            yield from parts(item)
    elif isinstance(schema, dict):
        yield schema
        for name, value in schema.items():
            inner = value.values() if name in {"properties", "definitions"} else [value]
            for item in inner:
                yield from parts(item)


def document(text: str) -> JSON:
    """Read YAML as an editor does: types by YAML's core rules, merge keys merged."""
    root = parse(text, "a.yaml").root
    assert root is not None, text
    return as_json(root)


def as_json(node: Node) -> JSON:
    if isinstance(node, Scalar):
        return read_core(node.text) if node.plain else node.text
    if isinstance(node, MappingNode):
        return {name: as_json(entry.value) for name, entry in node.entries.items()}
    return [as_json(item) for item in node.items]


def errors(text: str, schema: dict[str, Any]) -> Iterator[str]:
    for error in Draft7Validator(schema).iter_errors(document(text)):
        yield error.message


def problems(text: str, folder: Path) -> list[str]:
    (folder / "a.yaml").write_text(f"{text}\n")
    (folder / "stack.yaml").write_text("reconciler: {stack: villa}\n")
    _, found = validate(load([folder], variables={}, environment={}), KINDS, unset_is_error=False)
    return [problem.message for problem in found if problem.is_error]


# --- templates --------------------------------------------------------------------------------

HOUSE = """
templates:
  house:
    parameters:
      title: {type: string}
      guests: {type: integer, minimum: 1, default: 4}
      view: {type: string, enum: [sea, wood], default: sea}
      sauna: {type: boolean, default: false}
    products: {"${key}-${key}": {name: {default: "${title}"}, rent_period: nightly, timezone: UTC}}
    capacities: [{$when: "${sauna}", product_id: "${key}", capacity_group_id: a, max: "${guests}"}]
  park: {parameters: {title: {type: string}}, house: {"${key}-1": {title: "${title}"}}}
"""


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (HOUSE, True),
        ("house: {a: {title: NO}, b: {title: 1, guests: '6', view: wood, sauna: true}}", True),
        ("house: {a: {title: ~, guests: ~, view: '${VIEW}'}}\npark: {p: {title: x}}", True),
        ("house: {a: {title: x, $with: {products: {a-a: {timezone: Europe/Paris}}}}}", True),
        ("house: {a: {title: x, $with: {capacities: {a-a--a: {$omit: true}}}}}", True),
        ("house:", True),
        ("defaults: {contacts: {country_code: NL}}", True),
        ("house: {a: {}}", False),
        ("house: {a: {title: x, guest: 6}}", False),
        ("house: {a: {title: x, guests: many}}", False),
        ("house: {a: {title: x, guests: 0}}", False),
        ("house: {a: {title: x, view: lake}}", False),
        ("house: {a: {title: x, sauna: perhaps}}", False),
        ("house: {A B: {title: x}}", False),
        ("house: {a: {title: x, $with: {products: {a-a: {timezoone: Europe/Paris}}}}}", False),
        ("houses: {a: {title: x}}", False),
        ("defaults: {contacts: {contry_code: NL}}", False),
        ("defaults: {contacts: {$absent: true}}", False),
        ("templates: {contacts: {products: {}}}", False),
        ("templates: {a: {parameters: {b: {type: text}}}}", False),
        ("templates: {a: {parameters: {key: {type: string}}}}", False),
        ("templates: {a: {prodcts: {}}}", False),
        ("templates: {a: {contacts: {'${name}': {}}}}", False),
        ("templates: {a: {contacts: {'${key}': {$omit: true}}}}", False),
        ("templates: {a: {contacts: {'${key}': {$when: true}}}}", False),
    ],
)
def test_templates_and_their_parameters_are_known(text: str, fits: bool, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa}\n")
    (tmp_path / "house.yaml").write_text(HOUSE)
    (tmp_path / "more.yaml").write_text(f"{text}\n" if text != HOUSE else "")
    loaded = load([tmp_path], variables={}, environment={})
    declared = load([tmp_path], variables={}, environment={}, instead={tmp_path / "more.yaml": b""})
    found = templates_of(declared, KINDS)
    assert set(found) == {"house", "park"}
    taken = list(errors(text, editor_schema(KINDS, {}, found))) == []
    assert taken == fits
    if not fits:
        assert validate(loaded, KINDS, unset_is_error=False)[0] is None


def test_keys_that_templates_make_are_completed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        f"reconciler: {{stack: villa}}\n{HOUSE}park: {{p: {{title: x}}}}\n"
    )
    found = keys_of(load([tmp_path], variables={}, environment={}), KINDS)
    assert found == {"products": ("p-1-p-1",)}
