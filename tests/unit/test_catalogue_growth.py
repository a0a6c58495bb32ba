"""A catalogue that grows: schema files add kinds and columns and tighten; they loosen nothing."""

import copy
import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.catalogue import Catalogue, load_kinds, schema_folder, tenant_of
from reconciler.client.connection import check_api
from reconciler.client.defaults import DEFAULT_URL
from reconciler.configuration.grown import kinds_of
from reconciler.diagnostics import ConfigurationError, UsageError
from tests.builders import KINDS
from tests.commandline import run

Schema = dict[str, Any]
Edit = Callable[[Schema], object]
COLUMN = {"description": "One.", "type": "string", "x-type": "text", "default": ""}
WINE: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "wines.schema.json",
    "title": "Wines",
    "description": "What guests can order.",
    "type": "object",
    "additionalProperties": False,
    "x-kind": "wines",
    "x-area": "Cellar",
    "x-verbs": {"list": "documented-2026", "create": "documented-2026"},
    "x-primary-key": ["id"],
    "x-natural-key": ["name"],
    "x-id": "client",
    "properties": {
        "id": {"description": "Id.", "type": "string", "x-type": "uuid", "readOnly": True},
        "name": {"description": "Name.", "type": "string", "x-type": "text", "x-pii": False},
        "notes": {"description": "Notes.", "type": "string", "x-type": "text", "default": ""},
        "product_id": {
            "description": "Where it is.", "type": ["string", "null"], "x-type": "uuid",
            "x-references": "products.id",
        },
    },
}  # fmt: skip


def write(folder: Path, *schemas: Schema, setting: str = "{path: ./kinds}") -> Path:
    """Write a folder with a catalogue of its own."""
    (folder / "kinds").mkdir()
    (folder / "a.yaml").write_text(f"reconciler:\n  stack: villa\n  catalogue: {setting}\n")
    for schema in schemas:
        file = folder / "kinds" / f"{schema['x-kind']}.schema.json"
        file.write_text(json.dumps(schema, indent=2))
    return folder


def wine(edit: Edit) -> Schema:
    """Give the schema of wines with a change."""
    schema = copy.deepcopy(WINE)
    edit(schema)
    return schema


def of_column(edit: Edit, name: str = "name") -> Schema:
    """Give the schema of wines with a change in a column."""
    return wine(lambda schema: edit(schema["properties"][name]))


def adds(kind: str, column: str, schema: Schema) -> Schema:
    """Give a file that says something of one column of a shipped kind."""
    return {"x-kind": kind, "properties": {column: schema}}


def said(folder: Path) -> list[str]:
    """Say what is wrong with a folder's catalogue: place, code and message."""
    with pytest.raises(ConfigurationError) as caught:
        kinds_of([folder])
    return [f"{p.position} [{p.code}] {p.message}" for p in caught.value.problems]


def test_a_new_kind_is_there_beside_the_shipped_ones(tmp_path: Path) -> None:
    kinds = kinds_of([write(tmp_path, WINE)])
    assert kinds.keys() - KINDS.keys() == {"wines"}
    assert {name: kinds[name] for name in KINDS} == dict(KINDS)
    personal = {c.name for c in kinds["wines"].columns.values() if c.pii}
    assert personal == {"notes"}  # without a word; ids and references are in every plan


def test_a_new_column_of_a_shipped_kind_is_personal(tmp_path: Path) -> None:
    folder = write(tmp_path, adds("contacts", "wine", COLUMN), adds("taxes", "code", COLUMN))
    kinds = kinds_of([folder])
    assert kinds["contacts"].columns["wine"].pii
    assert kinds["taxes"].columns["code"].pii
    assert kinds["contacts"].columns["email"] == KINDS["contacts"].columns["email"]


def test_a_new_column_can_be_said_not_to_be_personal(tmp_path: Path) -> None:
    kinds = kinds_of([write(tmp_path, adds("taxes", "code", {**COLUMN, "x-pii": False}))])
    assert not kinds["taxes"].columns["code"].pii


def test_a_whole_copy_of_a_shipped_schema_changes_nothing(tmp_path: Path) -> None:
    text = (schema_folder() / "kinds" / "bookings.schema.json").read_text("utf-8")
    assert dict(kinds_of([write(tmp_path, json.loads(text))])) == dict(KINDS)


def test_a_folder_without_a_catalogue_has_the_shipped_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa}\n# catalogue: {path: x}\n")
    assert kinds_of([tmp_path]) is load_kinds()
    assert kinds_of([]) is load_kinds()


TIGHTER: list[tuple[str, str, Schema, Callable[[Any], object]]] = [
    ("taxes", "label", {"x-pii": True}, lambda c: c.pii),
    ("bookings", "reference", {"x-sensitive": True}, lambda c: c.sensitive),
    ("taxes", "label", {"x-required-on-create": True}, lambda c: c.required_on_create),
    ("bookings", "method", {"enum": ["book"]}, lambda c: c.schema["enum"] == ["book"]),
    ("bookings", "site_id", {"type": ["string"]}, lambda c: not c.nullable),
    ("contacts", "city", {"maxLength": 50}, lambda c: c.schema["maxLength"] == 50),
    ("reviews", "rating", {"minimum": 1}, lambda c: c.schema["minimum"] == 1),
]


@pytest.mark.parametrize(("kind", "column", "schema", "holds"), TIGHTER)
def test_what_is_shipped_can_be_tightened(
    kind: str, column: str, schema: Schema, holds: Callable[[Any], object], tmp_path: Path
) -> None:
    assert not holds(_or_nothing(KINDS[kind].columns[column]))
    kinds = kinds_of([write(tmp_path, adds(kind, column, schema))])
    assert holds(kinds[kind].columns[column])


def _or_nothing(column: Any) -> Any:
    """Give a column whose schema answers for every keyword."""
    words = dict.fromkeys(("enum", "maxLength", "minimum"))
    return dataclasses.replace(column, schema={**words, **column.schema})


def test_a_consent_can_be_added_and_none_is_dropped(tmp_path: Path) -> None:
    more = {"name": "notifies", "columns": ["name"]}
    rules = {"x-kind": "products", "x-consents": {"delete": [], "update": [more]}}
    kinds = kinds_of([write(tmp_path, rules)])
    assert kinds["products"].consents["delete"] == KINDS["products"].consents["delete"]
    before = KINDS["products"].consents.get("update", ())
    assert kinds["products"].consents["update"][:-1] == before


LOOSER: list[Schema] = [
    adds("contacts", "email", {"x-pii": False}),
    adds("bookings", "secret", {"x-sensitive": False}),
    adds("contacts", "passport", {**COLUMN, "x-pii": False}),
    adds("taxes", "percentage", {"type": "string"}),
    adds("taxes", "percentage", {"x-type": "text"}),
    adds("taxes", "percentage", {"x-required-on-create": False}),
    adds("capacities", "max", {"maximum": 10**10}),
    adds("bookings", "method", {"enum": ["book", "request", "any"]}),
    adds("contacts", "updated_at", {"readOnly": False}),
    adds("contacts", "city", {"x-volatile": True}),
    adds("contacts", "city", {"x-unconfirmed": True}),
    adds("contacts", "city", {"description": "Not personal at all."}),
    adds("task_assignees", "task_id", {"x-sensitive": True}),
    {"x-kind": "contacts", "x-natural-key": ["phone"]},
    {"x-kind": "bookings", "x-version": "created_at"},
    {"x-kind": "sites", "x-verbs": {"list": "documented-2026", "delete": "documented-2026"}},
    {"x-kind": "products", "x-delete": {"action": "delete-one", "cascades": []}},
    {"x-kind": "contacts", "x-primary-key": ["email"]},
]


@pytest.mark.parametrize("schema", LOOSER, ids=lambda schema: json.dumps(schema)[:60])
def test_a_pull_request_cannot_loosen_the_catalogue(schema: Schema, tmp_path: Path) -> None:
    problems = said(write(tmp_path, schema))
    assert any("catalogue] " in problem for problem in problems)
    done = run("plan", tmp_path, environment={"BOOKINGMOOD_API_KEY": "key"})
    assert done.code == 1
    assert "kinds/" in done.err


def test_what_loosens_is_named_at_its_place(tmp_path: Path) -> None:
    (problem,) = said(write(tmp_path, adds("contacts", "email", {"x-pii": False})))
    assert problem.endswith(
        "kinds/contacts.schema.json:5:7 [loosened-catalogue]"
        " x-pii of email is otherwise than what is shipped"
    )


@pytest.mark.parametrize("tenant", ["none", "{kind: organizations, column: id}"])
@pytest.mark.parametrize(
    "url", [DEFAULT_URL, "https://bookingmood.com/v1", "https://eu.api.bookingmood.com"]
)
def test_a_pull_request_cannot_replace_the_catalogue_of_the_api_that_is_known(
    tenant: str, url: str, tmp_path: Path
) -> None:
    schema = wine(lambda s: s.update({"x-kind": "organizations"}))
    schema["properties"].pop("product_id")
    folder = write(tmp_path, schema, setting=f"{{path: kinds, replace: true, tenant: {tenant}}}")
    kinds = kinds_of([folder])
    assert list(kinds) == ["organizations"]
    with pytest.raises(UsageError, match="the catalogue replaces the shipped one"):
        check_api(kinds, url)
    check_api(kinds, "https://shop.example.com")
    done = run(
        "plan", folder, environment={"BOOKINGMOOD_API_KEY": "key", "BOOKINGMOOD_API_URL": url}
    )
    assert (done.code, done.out) == (1, "")
    assert "error: the catalogue replaces the shipped one" in done.err


def test_what_is_known_as_personal_stays_so_in_a_catalogue_of_another_api(tmp_path: Path) -> None:
    def contacts(schema: Schema) -> None:
        schema.update({"x-kind": "contacts", "x-natural-key": ["email"]})
        schema["properties"].pop("product_id")
        schema["properties"]["email"] = {**COLUMN, "x-pii": False}

    folder = write(tmp_path, wine(contacts), setting="{path: kinds, replace: true, tenant: none}")
    problems = said(folder)  # the name is, too
    says = "[loosened-catalogue] email is personal in the shipped kind"
    assert [says in problem for problem in problems] == [False, True]


WRONG: list[tuple[Schema, str]] = [
    (of_column(lambda c: c.update(pattern="(a+)+$")), "pattern cannot be given here"),
    (of_column(lambda c: c.update({"$ref": "http://x/y"})), "$ref cannot be given here"),
    (of_column(lambda c: c.update({"x-default-sql": "1); drop"})), "takes only SQL that is known"),
    (of_column(lambda c: c.update({"x-generated": "1"})), "x-generated cannot be given here"),
    (of_column(lambda c: c.update({"x-type": "money"})), "is not one of"),
    (of_column(lambda c: c.update({"type": "number"})), "of the type text does not hold this"),
    (of_column(lambda c: c.update({"format": "regex"})), "this format is not known"),
    (of_column(lambda c: c.pop("description")), '"description" is a required property'),
    (of_column(lambda c: c.update({"x-references": "vats.id"}), "product_id"), "vats.id, which is"),
    (of_column(lambda c: c.update({"x-references": "taxes.no"}), "product_id"), "taxes.no, which"),
    (of_column(lambda c: c.update({"x-filled": "organization"}), "product_id"), "no organization"),
    (wine(lambda s: s["properties"].update(select=COLUMN)), "'select' is no name"),
    (wine(lambda s: s["properties"].update({"a\n": COLUMN})), "is no name that a column may have"),
    (wine(lambda s: s.update({"x-kind": "reconciler"})), "x-kind is no name"),
    (wine(lambda s: s.update({"x-natural-key": ["nme"]})), "x-natural-key names nme"),
    (wine(lambda s: s.update({"x-natural-key": ["name->>default"]})), "name holds no JSON"),
    (wine(lambda s: s.update({"x-natural-key": ["name.email"]})), "name references nothing"),
    (wine(lambda s: s.update({"x-version": "version"})), "x-version names version"),
    (wine(lambda s: s.update({"x-primary-key": ["name"]})), ""),
    (wine(lambda s: s.update({"x-create": {"action": "invite"}})), "x-create cannot be given"),
    (wine(lambda s: s.update({"x-rules": []})), "x-rules cannot be given"),
    (wine(lambda s: s.update({"x-colour": "red"})), "x-colour"),
    (wine(lambda s: s.pop("x-verbs")), '"x-verbs" is a required property'),
    (wine(lambda s: s.update({"properties": 5})), "5 is not"),
    (wine(lambda s: s.update({"x-consents": {"create": [{"name": "all"}]}})), "is not one of"),
]


@pytest.mark.parametrize(("schema", "says"), [one for one in WRONG if one[1]])
def test_a_wrong_schema_is_named_with_its_place(schema: Schema, says: str, tmp_path: Path) -> None:
    problems = said(write(tmp_path, schema))
    assert any(says in problem for problem in problems), problems
    assert all(".schema.json:" in problem for problem in problems)


TEXTS = [
    ("{", "is not JSON", ":1:2"),
    ("[]", "holds no object", ":1:1"),
    ('{"x-kind": "wines",\n "x-kind": "wines"}', "'x-kind' is given twice", ":1:1"),
    ('{"x-kind": NaN}', "NaN is no JSON", ":1:1"),
    ("[" * 100_000, "holds more than 50 objects and lists in each other", ":1:51"),
    ('{"x-kind": "wines",\n "properties": ' + '{"a":' * 400, "holds more than 50", ":2:261"),
    ('{"a": "' + "[" * 100, "is not JSON: Unterminated string", ":1:7"),
    ('{"' + '\\"' * 400_000 + "\\", "is not JSON: Unterminated string", ":1:2"),
    ("{" + '"a": 1, ' * 100_000 + '"a": 1}', "'a' is given twice", ":1:1"),
    ('{"x-kind": "\\ud800"}', "cannot be read: str is not valid UTF-8", ":1:1"),
    ('{"x-kind": 1' + "0" * 30 + "}", "cannot be read: Integer exceeds 64-bit", ":1:1"),
    ('{"x-kind": "beers"}', "the file of beers is called beers.schema.json", ":1:2"),
]


@pytest.mark.parametrize(("text", "says", "place"), TEXTS, ids=[one[0][:20] for one in TEXTS])
def test_a_file_that_is_no_schema(text: str, says: str, place: str, tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "kinds" / "wines.schema.json").write_text(text)
    problem = said(folder)[0]
    assert says in problem
    assert f"wines.schema.json{place} [bad-catalogue]" in problem


def test_fifty_levels_are_not_too_deep(tmp_path: Path) -> None:
    def column(depth: int) -> Schema:
        inner: Schema = {"type": "object"}
        for _ in range(depth):
            inner = {"type": "object", "additionalProperties": inner}
        return {**COLUMN, "x-type": "jsonb", **inner}

    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    kinds = kinds_of([write(tmp_path / "good", adds("taxes", "deep", column(47)))])
    assert "deep" in kinds["taxes"].columns
    (problem,) = said(write(tmp_path / "bad", adds("taxes", "deep", column(48))))
    assert "[bad-catalogue]" in problem


@pytest.mark.parametrize("number", [20, 21, 30_000])
def test_what_is_wrong_with_a_file_is_counted_from_a_bound_on(number: int, tmp_path: Path) -> None:
    columns = {f"c{one}": {"pattern": "a"} for one in range(number)}
    folder = write(tmp_path, {"x-kind": "taxes", "properties": columns})
    file = folder / "kinds" / "taxes.schema.json"
    file.write_text(json.dumps(json.loads(file.read_text())))  # a line: it is small enough
    named = [line for line in said(folder) if "pattern cannot be given" in line]
    assert len(named) == min(number, 20)
    with pytest.raises(ConfigurationError, match=f"^{number} problems$"):
        kinds_of([folder])
    if number > len(named):
        assert f"[more-problems] {file}: {number - 20:,} more" in said(folder)[-1]
    done = run("validate", folder, environment={})
    assert done.out.endswith(f"Not valid: {number:,} errors.\n")


def test_long_names_are_shortened(tmp_path: Path) -> None:
    (problem,) = said(write(tmp_path, adds("taxes", "Z" * 10_000, COLUMN)))
    assert len(problem) < 500


def test_a_link_out_of_the_catalogue_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "villa"
    folder.mkdir()
    write(folder, WINE)
    (folder / "kinds" / "wines.schema.json").rename(tmp_path / "wines.schema.json")
    link = folder / "kinds" / "wines.schema.json"
    link.symlink_to(tmp_path / "wines.schema.json")
    (problem,) = said(folder)
    assert problem.endswith(
        "kinds/wines.schema.json:1:1 [link-outside]"
        f" {link} is a link that leads out of the catalogue"
    )
    (folder / "kinds" / "wines.json").write_text(json.dumps(WINE))
    link.unlink()
    link.symlink_to("wines.json")
    assert "wines" in kinds_of([folder])


@pytest.mark.parametrize(
    ("path", "links", "git", "says"),
    [
        ("kinds", {}, False, None),
        ("../kinds", {}, False, None),
        ("..", {}, False, None),
        ("in/../kinds", {}, True, None),
        ("../kinds", {}, True, "[bad-catalogue] the catalogue {}/a/kinds is neither in"),
        ("../..", {}, False, "[bad-catalogue] the catalogue {} is neither in this folder nor"),
        ("../../kinds", {}, False, "[bad-catalogue] the catalogue {}/kinds is neither in"),
        ("link", {"a/b/link": "a/b/kinds"}, True, None),
        ("link", {"a/b/link": "a/kinds"}, False, "[link-outside] {}/a/b/link is a link that"),
        ("../link", {"a/link": "a/b/kinds"}, False, None),
        ("../link", {"a/link": "kinds"}, False, "[link-outside] {}/a/link is a link that leads"),
        ("link/kinds", {"a/b/link": "."}, False, "[link-outside] {}/a/b/link/kinds is a link"),
    ],
)
def test_a_catalogue_lies_in_the_folder_or_beside_it(
    path: str, links: dict[str, str], git: bool, says: str | None, tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    if git:
        (folder / ".git").mkdir()
    write(folder, WINE, setting=f"{{path: {path}}}")
    for other in (tmp_path, tmp_path / "a"):
        shutil.copytree(folder / "kinds", other / "kinds")
        shutil.copy(folder / "kinds" / "wines.schema.json", other)
    for link, target in links.items():
        (tmp_path / link).symlink_to(tmp_path / target)
    if says is None:
        assert "wines" in kinds_of([folder])
    else:
        (problem,) = said(folder)
        assert f"a.yaml:3:21 {says.format(tmp_path)}" in problem


def test_a_folder_that_is_reached_by_a_link_keeps_its_catalogue(tmp_path: Path) -> None:
    (tmp_path / "far" / "villa").mkdir(parents=True)
    write(tmp_path / "far" / "villa", WINE)
    (tmp_path / "villa").symlink_to(tmp_path / "far" / "villa")
    assert "wines" in kinds_of([tmp_path / "villa"])


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("{path: nowhere}", "nowhere cannot be read: No such file or directory"),
        ("{path: kinds}", "kinds holds 0 files *.schema.json"),
        ("{path: kinds, replace: true}", "`tenant` says whose rows are whose"),
        ("{path: kinds, tenant: none}", "`tenant` says whose rows are whose"),
        ("{path: kinds, replace: true, tenant: some}", "`tenant` says whose rows are whose"),
    ],
)
def test_a_catalogue_that_is_not_there(setting: str, says: str, tmp_path: Path) -> None:
    assert says in said(write(tmp_path, setting=setting))[0]


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("5", "reconciler.catalogue takes a mapping such as {path: ./kinds}"),
        ("{path: /etc}", "reconciler.catalogue.path takes a path that is seen from this folder"),
        ("{replace: true}", "reconciler.catalogue takes a mapping such as {path: ./kinds}"),
        ("{path: kinds, other: 1}", "reconciler.catalogue takes a mapping such as"),
        (
            "{path: kinds, tenant: null}",
            "reconciler.catalogue.tenant takes {kind",
        ),
    ],
)
def test_a_setting_of_another_shape(setting: str, says: str, tmp_path: Path) -> None:
    done = run("validate", write(tmp_path, WINE, setting=setting), environment={})
    assert done.code == 1
    assert says in done.all


def test_programs_get_what_is_wrong_with_a_catalogue(tmp_path: Path) -> None:
    folder = write(tmp_path, adds("contacts", "email", {"x-pii": False}))
    done = run("validate", folder, "--format", "json", environment={})
    (problem,) = json.loads(done.out)
    assert (done.code, problem["code"], problem["line"]) == (1, "loosened-catalogue", 5)
    marked = run("validate", folder, "--format", "github", environment={})
    assert "::error" in marked.out
    assert marked.out.endswith("Not valid: 1 error.\n")


def test_a_setting_that_nobody_reads_is_no_setting(tmp_path: Path) -> None:
    write(tmp_path, WINE)
    (tmp_path / "a.yaml").write_text('reconciler: {stack: villa, "c\\u0061talogue": {path: kinds}}')
    done = run("validate", tmp_path, environment={})
    assert done.code == 1
    assert "reconciler.catalogue was not read" in done.out


def test_the_tenant_of_another_api(tmp_path: Path) -> None:
    def shops(schema: Schema) -> None:
        schema["properties"]["product_id"].update(
            {"x-references": "wines.id", "x-filled": "organization"}
        )

    setting = "{path: kinds, replace: true, tenant: {kind: wines, column: id}}"
    kinds = kinds_of([write(tmp_path, wine(shops), setting=setting)])
    assert isinstance(kinds, Catalogue)
    assert tenant_of(kinds) == kinds["wines"]
    (tmp_path / "a.yaml").write_text(
        f"reconciler: {{stack: villa, catalogue: {setting.replace('id', 'name')}}}"
    )
    assert "wines.name is not what identifies the rows of wines" in said(tmp_path)[0]


def test_commands_offline_know_the_kinds_of_the_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, WINE, adds("contacts", "wine", COLUMN))
    text = "wines: {red: {notes: x, name: Red}}\ncontacts: {jane: {wine: red}}\n"
    (folder / "b.yaml").write_text(text)
    assert run("validate", folder, environment={}).out == "Valid: 2 resources in 2 kinds.\n"
    editor = run("schema", folder, environment={}).out
    assert '"wines": {' in editor
    assert '"wine": {' in editor
    assert "wines.red" in run("graph", folder, environment={}).out
    assert run("explain", "wines", "--folder", folder, environment={}).code == 0
    assert run("explain", "wines", environment={}).code == 1
    run("fmt", folder, environment={})
    assert (folder / "b.yaml").read_text().startswith("wines: {red: {name: Red, notes: x}}\n")
