"""A kind's schema is looked at once: what is wrong in it is said with its place."""

import copy
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from reconciler.catalogue import parse_kind, schema_folder
from reconciler.catalogue.shape import ColumnSchema, KindSchema
from reconciler.diagnostics import UsageError

Edit = Callable[[dict[str, Any]], object]

TAXES = orjson.loads((schema_folder() / "kinds" / "taxes.schema.json").read_bytes())
META = orjson.loads((schema_folder() / "kind.schema.json").read_bytes())

WRONG: list[tuple[Edit, str]] = [
    (lambda it: it.pop("x-kind"), "of a kind is wrong: it has no x-kind"),
    (lambda it: it.update(title=3), "of taxes is wrong: it.title is not a text"),
    (lambda it: it.update({"x-link": "yes"}), "it.x-link is not true or false"),
    (lambda it: it.update({"x-id": "me"}), "it.x-id is not client or server"),
    (lambda it: it.update({"x-unique": [["name", 1]]}), "it.x-unique[0][1] is not a text"),
    (lambda it: it.update({"x-unique": "name"}), "it.x-unique is not a list"),
    (lambda it: it.update({"x-natural-key": "name"}), "it.x-natural-key is not a list"),
    (lambda it: it.update(properties=[]), "it.properties is not a mapping"),
    (lambda it: it["x-verbs"].update(merge="inferred"), "it.x-verbs.merge is not list or create"),
    (lambda it: it["x-verbs"].update(list="sure"), "it.x-verbs.list is not documented-2026 or"),
    (lambda it: it["properties"]["label"].pop("x-type"), "it.properties.label has no x-type"),
    (lambda it: it["properties"].update(label="text"), "it.properties.label is not a mapping"),
    (
        lambda it: it["properties"]["label"].update({"x-type": "varchar"}),
        "label has the column type varchar, which is not known",
    ),
    (
        lambda it: it.update({"x-consents": {"delete": [{"columns": []}]}}),
        "it.x-consents.delete[0] has no name",
    ),
]


@pytest.mark.parametrize(("edit", "says"), WRONG, ids=[says for _, says in WRONG])
def test_what_is_wrong_is_said_with_its_place(edit: Edit, says: str) -> None:
    schema = copy.deepcopy(TAXES)
    edit(schema)
    with pytest.raises(UsageError) as caught:
        parse_kind(schema)
    assert says in caught.value.message
    assert caught.value.hint


def test_what_is_no_schema_at_all_is_refused() -> None:
    with pytest.raises(UsageError, match="the schema of a kind is wrong: it is not a mapping"):
        parse_kind([])


@pytest.mark.parametrize(
    ("shape", "properties"),
    [(KindSchema, META["properties"]), (ColumnSchema, META["$defs"]["column"]["properties"])],
)
def test_every_keyword_of_ours_is_in_the_shape(shape: type, properties: dict[str, Any]) -> None:
    ours = {name for name in properties if name.startswith("x-")}
    assert {name for name in shape.__annotations__ if name.startswith("x-")} == ours
