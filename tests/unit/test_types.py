"""The table of column types: every entry is whole, and a new type is one entry."""

import random
from dataclasses import replace
from pathlib import Path
from typing import cast

import orjson
import pytest

from reconciler.catalogue import Kind, parse_kind, schema_folder
from reconciler.client.filters import filter_text
from reconciler.client.forms import sort_out
from reconciler.configuration.validate import validate
from reconciler.editor.columns import column_schema
from reconciler.editor.scalars import VARIABLE
from reconciler.values.canonical import canonical, same
from reconciler.values.column import JSON
from reconciler.values.numbers import A_WHOLE_NUMBER, INTEGER, real_form
from reconciler.values.types import TYPES, ColumnType
from reconciler.values.unreadable import UnreadableError
from tests.builders import KINDS, foreign_id, row
from tests.generated import by_type
from tests.readable import EMPTY
from tests.validating import read

EXAMPLES: dict[str, tuple[str, JSON]] = {
    "text": ("0123", "0123"),
    "tsvector": ("a", "a"),
    "uuid": ("6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37", "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"),
    "boolean": ("true", True),
    "smallint": ("-3", -3),
    "integer": ("+12", 12),
    "bigint": ("12", 12),
    "real": ("0.5", 0.5),
    "date": ("2026-07-04", "2026-07-04"),
    "time": ("15:00", "15:00:00"),
    "timestamptz": ("2026-07-04T15:00Z", "2026-07-04T15:00:00+00:00"),
    "daterange": ("[2026-07-04,2026-07-10]", "[2026-07-04,2026-07-11)"),
    "datemultirange": ("{[2026-07-04,2026-07-10]}", "{[2026-07-04,2026-07-11)}"),
    "jsonb": ("1.0", 1),
    "text[]": ("a", "a"),
    "boolean[]": ("false", False),
}
"""What YAML says, and what the server says of it; of a list, one item."""


WIDER = {"integer": "number"}


def test_every_type_has_an_example() -> None:
    assert set(EXAMPLES) == set(TYPES)
    assert {name: entry.name for name, entry in TYPES.items()} == {name: name for name in TYPES}


@pytest.mark.parametrize("name", TYPES)
def test_what_yaml_says_is_what_the_server_says(name: str) -> None:
    text, answered = EXAMPLES[name]
    one = TYPES[name].item or TYPES[name]
    assert canonical(cast("JSON", one.read(text)), one) == canonical(answered, one)


@pytest.mark.parametrize("name", TYPES)
def test_what_the_tests_make_up_is_a_value(name: str) -> None:
    """No kind may have a column of the type yet; the first that has one finds it there."""
    entry = TYPES[name]
    contacts = KINDS["contacts"]
    column = replace(contacts.columns["notes"], type=entry)
    assert canonical(EMPTY.get(name, ""), entry) is not None
    assert canonical(by_type(contacts, column, 1, {}, random.Random(1)), entry) is not None


@pytest.mark.parametrize("name", TYPES)
def test_what_the_api_may_answer_is_a_value_or_refused_as_none(name: str) -> None:
    """What `every` lets pass without a look has a canonical form."""
    entry = TYPES[name]
    answers: dict[str, JSON] = {
        "string": "x", "boolean": True, "integer": 1, "number": 0.5, "array": [], "object": {},
    }  # fmt: skip
    for json_type, answer in answers.items():
        if entry.every and isinstance(answer, entry.every):
            assert json_type in entry.json or entry.form == "json"
            assert canonical(answer, entry) is not None
        elif not {json_type, WIDER.get(json_type)} & set(entry.json):
            with pytest.raises(ValueError):
                canonical(answer, entry)


@pytest.mark.parametrize(
    ("names", "form", "expects", "default", "pattern", "free"),
    [
        (["smallint", "integer", "bigint"], "integer", A_WHOLE_NUMBER, "0", INTEGER, False),
        (["text[]"], "list", "a list of texts", "'{}'", "", True),
        (
            ["boolean[]"],
            "list",
            "a list of true and false",
            "array_fill(true, array[7])",
            "",
            False,
        ),
    ],
)
def test_types_that_are_made_alike(
    names: list[str], form: str, expects: str, default: str, pattern: str, free: bool
) -> None:
    for entry in map(TYPES.__getitem__, names):
        assert (entry.form, entry.expects, entry.stored.default) == (form, expects, default)
        assert (entry.pattern, entry.free) == (pattern, free)


NOT_ANY_TEXT = set(TYPES) - {"text", "tsvector", "jsonb", "text[]"}


@pytest.mark.parametrize("name", sorted(NOT_ANY_TEXT))
def test_an_error_says_what_the_table_says(name: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        TYPES[name].read("no such thing")
    assert caught.value.expects == (TYPES[name].item or TYPES[name]).expects


# --- a new type is one entry -------------------------------------------------------------------

PERCENT = ColumnType(
    "percent", "real", "a percentage such as 21%", lambda text: float(text.removesuffix("%")),
    real_form, json=("number",), pattern="[0-9]+%",
)  # fmt: skip


@pytest.fixture
def taxes(monkeypatch: pytest.MonkeyPatch) -> Kind:
    """A kind with a column of a type that the table has only here."""
    monkeypatch.setitem(cast("dict[str, ColumnType]", TYPES), "percent", PERCENT)
    schema = orjson.loads((schema_folder() / "kinds" / "taxes.schema.json").read_bytes())
    schema["properties"]["percentage"]["x-type"] = "percent"
    return parse_kind(schema)


def test_a_new_type_is_read_from_yaml(taxes: Kind, tmp_path: Path) -> None:
    loaded = read("taxes: {vat: {percentage: 21%}}\n", tmp_path)
    configuration, problems = validate(loaded, {**KINDS, "taxes": taxes}, unset_is_error=True)
    assert configuration, problems
    [vat] = configuration.resources.values()
    assert vat.values == {"percentage": 21.0}


def test_a_new_type_is_compared_and_asked_for(taxes: Kind) -> None:
    column = taxes.columns["percentage"]
    assert same(21, 21.0, column)
    assert not same(21, 22, column)
    assert filter_text(21.5, column) == "21.5"


def test_a_new_type_is_looked_at_in_answers(taxes: Kind) -> None:
    fine = row("taxes", foreign_id(1), percentage=21)
    strange = row("taxes", foreign_id(2), percentage="much")
    good, odd = sort_out(taxes, ["id", "percentage"], [fine, strange])
    assert good == [fine]
    assert [list(one.reasons.values()) for one in odd] == [
        ["percentage is another text, not a percentage"]
    ]


def test_a_new_type_is_described_to_editors(taxes: Kind) -> None:
    [described, *_] = cast(
        "list[dict[str, JSON]]", column_schema(taxes.columns["percentage"], taxes)["anyOf"]
    )
    assert described["type"] == ["number", "string"]
    assert described["pattern"] == f"^[0-9]+%$|{VARIABLE}"
    assert described["errorMessage"] == "Takes a percentage such as 21%, or ${NAME}."
