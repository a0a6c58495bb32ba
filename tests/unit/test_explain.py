"""``reconciler explain``: what a code, a kind or a column means, and how a message leads there."""

import json
from pathlib import Path

import pytest

from reconciler.catalogue import Kind
from reconciler.catalogue.example import example
from reconciler.catalogue.facts import column_facts
from reconciler.configuration.grown import kinds_of
from reconciler.diagnostics.explanations import explanations
from tests.builders import KINDS
from tests.commandline import run
from tests.sandbox_server import ROOT

SHOWN = """\
unknown-column  (error)

A kind has no column of that name.

What to do: Take the suggestion, or remove the column.

Wrong:

    contacts:
      jane-doe: {firstname: Jane}

Right:

    contacts:
      jane-doe: {first_name: Jane}
"""


def test_a_code_is_explained() -> None:
    done = run("explain", "unknown-column", environment={})
    assert (done.code, done.out, done.err) == (0, SHOWN, "")


@pytest.mark.parametrize("code", explanations())
def test_every_code_is_explained_in_lines_that_fit(code: str) -> None:
    done = run("explain", code, environment={})
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(code)
    assert "\nWhat to do: " in done.out
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("unknown-colum", "hint: did you mean unknown-column?"),
        ("contact", "hint: did you mean contacts?"),
        ("unknown_column", "hint: did you mean unknown-column?"),
        ("[tab]", "hint: did you mean tab?"),
        ("xyzzy", "hint: `reconciler explain` lists all codes and kinds"),
    ],
)
def test_an_unknown_code_is_answered_with_what_may_be_meant(code: str, says: str) -> None:
    done = run("explain", code, environment={})
    assert (done.code, done.out) == (1, "")
    assert f"there is no code or kind {code}" in done.err
    assert says in done.err


def test_all_codes_are_listed() -> None:
    listed = run("explain", environment={}).out
    assert [code for code in explanations() if f"\n  {code} " not in listed] == []


def test_the_last_line_of_an_error_leads_to_its_explanation(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa}\ncontacts: {jane: {nme: x}}\n")
    said = run("validate", tmp_path, environment={}).out.splitlines()
    assert said[-2] == "For the cause and cure of a code: reconciler explain unknown-column"
    assert run(*said[-2].rpartition("reconciler ")[2].split(), environment={}).code == 0


def test_a_warning_alone_says_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("reconciler: {stack: villa}\nbookings: {stay: {}}\n")
    said = run("validate", tmp_path, environment={}).out
    assert "warning: " in said
    assert "reconciler explain" not in said


WRITTEN = [kind for kind in KINDS.values() if kind.in_yaml]
COLUMN = """\
contacts.country_code  (text)

Short code of the country, presumably ISO 3166 such as NL; the form is not
documented.

It takes the code of a country, such as NL.
Personal: kept out of plans and messages.

Example:

    country_code: NL
"""


@pytest.mark.parametrize("kind", WRITTEN, ids=lambda kind: kind.name)
def test_the_example_of_every_kind_validates(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"reconciler: {{stack: villa}}\n{example(kind)}")
    done = run("validate", tmp_path, environment={})
    assert (done.code, done.out) == (0, "Valid: 1 resource in 1 kind.\n")


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_explained_with_every_column(name: str) -> None:
    done = run("explain", name, environment={})
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{name}  ({KINDS[name].area})\n")
    said = [line.strip().partition(":")[0] for line in done.out.splitlines()]
    assert set(KINDS[name].columns) - set(said) == set()


def test_a_column_is_explained() -> None:
    done = run("explain", "contacts.country_code", environment={})
    assert (done.code, done.out, done.err) == (0, COLUMN, "")


def test_a_create_is_explained() -> None:
    said = run("explain", "bookings", "--create", environment={}).out
    needed, _, rest = said.partition("Not needed:")
    assert "\n  create, unless silent is true: notifies. " in needed
    for name in KINDS["bookings"].required:
        assert f"\n  {name}: " in needed
        assert f"\n  {name}: " not in rest
    assert "\n  organization_id: uuid, references organizations.id, by the tool\n" in rest


def test_facts_come_as_json() -> None:
    facts = json.loads(run("explain", "members", "--format", "json", environment={}).out)
    assert facts["known_by"] == [["user_id.email"]]
    assert facts["example"] == "members:\n  example:\n    email: jane@example.com\n"
    (email,) = [column for column in facts["columns"] if column["name"] == "email"]
    assert (email["needed_to_create"], email["only_to_create"], email["personal"]) == (
        True,
        True,
        True,
    )
    one = json.loads(run("explain", "members.role", "--format", "json", environment={}).out)
    assert one["kind"] == "members"
    assert one["column"]["choices"] == ["user", "admin", "superuser"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["contacts.nme"], "contacts has no column 'nme'"),
        (["contacts.first_nam"], "hint: did you mean first_name?"),
        (["sites", "--create"], "rows of sites cannot be created"),
        (["contacts.email", "--create"], "--create is about a kind"),
        (["tab", "--create"], "--create is about a kind"),
        (["--format", "json"], "--format json is about a kind or a column"),
        (["tab", "--format", "json"], "--format json is about a kind or a column"),
    ],
)
def test_what_cannot_be_explained_is_an_error(arguments: list[str], says: str) -> None:
    done = run("explain", *arguments, environment={})
    assert (done.code, done.out) == (1, "")
    assert says in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["capacities"], "Rules:\n  error: min is not over max.\n"),
        (["capacities", "--create"], "Rules:\n  error: min is not over max.\n"),
        (["capacities.max"], "Rules:\n  error: min is not over max.\n"),
        (["calendar_events.end_date"], "  error: start_date is not after end_date.\n"),
        (["services"], "  warning: parent_id is needed where type is multiple-choice-option.\n"),
        (["products.exact_coordinates"], "  warning: what is in exact_coordinates fits a JSON"),
        (["products.exact_coordinates"], '{"required": ["lat",\n      "lng"]}\n'),
        (["bookings"], "\n  currency: text (past-currency), "),
        (["bookings.currency"], "\nIt takes the code of a currency, such as EUR.\n"),
        (["products.timezone"], "\nIt takes a time zone such as Europe/Amsterdam.\n"),
        (["contacts.email"], "\nIt takes an e-mail address such as guest@example.com.\n"),
    ],
)
def test_codes_and_rules_are_explained(arguments: list[str], says: str) -> None:
    assert says in run("explain", *arguments, environment={}).out


@pytest.mark.parametrize("name", KINDS)
def test_every_rule_and_every_code_is_in_the_facts(name: str) -> None:
    facts = json.loads(run("explain", name, "--format", "json", environment={}).out)
    kind = KINDS[name]
    assert len(facts["rules"]) == len(kind.relations) + len(kind.insides)
    assert [rule["schema"] for rule in facts["rules"] if rule["schema"]] == [
        dict(rule.schema) for rule in kind.insides
    ]
    codes = {column["name"]: column["code"] for column in facts["columns"]}
    assert codes == {column.name: column.code for column in kind.all_columns.values()}
    told = {name for name, one in kind.all_columns.items() if column_facts(kind, one)["rules"]}
    assert told == {column for rule in facts["rules"] for column in rule["columns"]}


def test_a_hint_names_a_kind_of_the_catalogue() -> None:
    folder = ROOT / "examples" / "other-api"
    done = run("explain", "tab", "--create", "--folder", folder, environment={})
    hint = done.err.rpartition("name one, such as ")[2].strip()
    assert hint in kinds_of([folder])
    assert hint not in KINDS


def test_a_reference_is_told_once() -> None:
    said = run("explain", "price_calendar_entries.rates", environment={}).out
    assert "\nReferences capacity_groups.id.\n" in said


def test_all_kinds_are_listed() -> None:
    listed = run("explain", environment={}).out
    assert [name for name in KINDS if f"\n  {name}: " not in listed] == []
