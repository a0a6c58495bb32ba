"""The plan as a document: the same for the same inputs, free of private values, and still true."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import cast

import orjson
import pytest
from jsonschema import Draft202012Validator

from reconciler.catalogue import schema_folder
from reconciler.configuration.resource import Configuration, Resource
from reconciler.identity.resolve import Resolver
from reconciler.plan.document import document_of
from reconciler.plan.model import Plan
from reconciler.plan.saved import read_plan
from reconciler.plan.writing import fingerprint
from reconciler.planning.digest import digest_of
from reconciler.values.column import JSON
from reconciler.values.jsonform import canonical_json
from tests.api import planned
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    Told,
    address,
    change,
    configuration,
    foreign_id,
    lookup,
    own_id,
    ref,
    resource,
    row,
)
from tests.commandline import Document, Workspace, lines_of
from tests.front import Forward, Reply, Request, front
from tests.organization import Organization

LINKED = """
contacts:
  jane: {first_name: Jane, email: jane@example.com, notes: likes tea}
bookings:
  stay: {reference: BM-1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true,
    secret: open-sesame}
contact_bookings:
  - {contact_id: jane, booking_id: stay}
"""


def changes(plan: Document) -> list[Document]:
    return cast("list[Document]", plan["changes"])


# -- the same for the same ------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_document(workspace: Workspace) -> None:
    workspace.write(LINKED)
    one, other = (workspace.run("plan", "--format", "json").out for _ in range(2))
    assert one == other


def test_the_order_of_the_yaml_and_its_files_does_not_matter(workspace: Workspace) -> None:
    workspace.write(LINKED)
    whole = workspace.plan()
    contacts, rest = LINKED.split("bookings:", 1)
    workspace.write("bookings:" + rest)
    workspace.write(contacts, "people/contacts.yaml")
    split = workspace.plan()
    assert list(lines_of(whole)) == list(lines_of(split))
    assert whole["configuration"] == split["configuration"]
    assert [one["id"] for one in changes(whole)] == [one["id"] for one in changes(split)]


def test_the_document_is_as_documented(workspace: Workspace) -> None:
    schema = orjson.loads((schema_folder() / "plan.schema.json").read_bytes())
    workspace.write(LINKED)
    plan = workspace.plan()
    Draft202012Validator(schema).validate(plan)
    first = changes(plan)[0]
    assert first["file"] == "bookingmood.yaml"
    assert (first["address"], first["line"], first["unconfirmed"]) == ("bookings.stay", 6, True)
    summary = cast("dict[str, int]", plan["summary"])
    assert {name: number for name, number in summary.items() if number} == {"create": 3}


def test_the_digest_is_over_everything_else(workspace: Workspace) -> None:
    workspace.write(LINKED)
    plan = workspace.plan()
    rest = {name: value for name, value in plan.items() if name != "digest"}
    assert plan["digest"] == "sha256:" + hashlib.sha256(canonical_json(rest)).hexdigest()
    text = workspace.run("plan").out
    assert f"Digest: {plan['digest']}" in text


# -- nothing private, nothing written -------------------------------------------------------------

PRIVATE = ["Jane", "jane@example.com", "likes tea", "open-sesame"]


@pytest.mark.parametrize("state", ["before", "changed", "gone"])
@pytest.mark.parametrize("form", ["json", "text"])
def test_no_private_value_is_in_a_plan(workspace: Workspace, state: str, form: str) -> None:
    workspace.write(LINKED)
    if state != "before":
        workspace.apply()
        edited = LINKED.replace("Jane", "Joan").replace("tea", "gin").replace("sesame", "simsim")
        workspace.write(edited if state == "changed" else "taxes: {}\n")
    done = workspace.run("plan", "--format", form)
    for value in [*PRIVATE, "Joan", "likes gin", "open-simsim"]:
        assert value not in done.all
        for written in (value.encode(), canonical_json(value)):
            assert hashlib.sha256(written).hexdigest() not in done.all
    assert ("personal" in done.out) or ("secret" in done.out)


def test_personal_values_are_shown_where_asked_for_and_secret_ones_never(
    workspace: Workspace,
) -> None:
    workspace.write(LINKED)
    shown = workspace.run("plan", "--show-personal-data").out
    assert "jane@example.com" in shown
    assert "open-sesame" not in shown
    hidden = workspace.run("plan").out
    digests = [line for line in (shown + hidden).splitlines() if line.startswith("Digest: ")]
    assert len(set(digests)) == 1


def test_a_plan_writes_nothing(workspace: Workspace, organization: Organization) -> None:
    workspace.write(LINKED)
    organization.insert("contacts", email="jane@example.com")
    before = organization.state()
    methods: set[str] = set()

    def rule(request: Request, forward: Forward) -> Reply:
        methods.add(request.method)
        return forward(request)

    with front(rule, organization.url) as url:
        workspace.plan("--api-url", url)
    assert methods == {"GET"}
    assert organization.state() == before
    assert [path.name for path in workspace.folder.iterdir()] == ["bookingmood.yaml"]


# -- the digest of the desired state --------------------------------------------------------------


def digest(*resources: Resource, ids: dict[str, str] | None = None, **settings: object) -> str:
    desired: Configuration = replace(configuration(*resources), **settings)  # type: ignore[arg-type]
    known: dict[object, str | None] = {one.address: own_id(str(one.address)) for one in resources}
    known.update({address(name): row_id for name, row_id in (ids or {}).items()})
    found = {lookup("sites", subdomain="villa"): foreign_id(1)}
    return digest_of(desired, Resolver(known, found))  # type: ignore[arg-type]


JANE = resource("contacts.jane", first_name="Jane")
LINK = resource("contact_bookings.jane--x", contact_id=ref("contacts.jane"))


@pytest.mark.parametrize(
    "same",
    [
        digest(LINK, JANE),
        digest(JANE, replace(LINK, places=Told(replace(LINK.position, line=99)))),
        digest(JANE, LINK, ids={"contacts.jane": foreign_id(7)}),
        digest(JANE, LINK, organization=ORGANIZATION),
    ],
    ids=["order", "place", "bound elsewhere", "organization named"],
)
def test_what_does_not_change_the_desired_state_keeps_its_digest(same: str) -> None:
    assert same == digest(JANE, LINK)


@pytest.mark.parametrize(
    "other",
    [
        digest(JANE),
        digest(resource("contacts.jane", first_name="Joan"), LINK),
        digest(resource("contacts.jane", first_name=None), LINK),
        digest(resource("contacts.jane"), LINK),
        digest(resource("contacts.jane", first_name="Jane", absent=True), LINK),
        digest(JANE, LINK, stack="other"),
        digest(JANE, LINK, protect=frozenset({"contacts"})),
        digest(JANE, LINK, limited=frozenset({JANE.address})),
        digest(JANE, LINK, resource("bookings.b", site_id=lookup("sites", subdomain="villa"))),
    ],
)
def test_what_changes_the_desired_state_changes_its_digest(other: str) -> None:
    assert other != digest(JANE, LINK)


def test_variables_and_overlays_are_part_of_the_desired_state(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.write("taxes:\n  vat: {percentage: '${VAT}'}\n")
    nine, ten = (workspace.plan("--var", f"VAT={n}")["configuration"] for n in (9, 10))
    assert nine != ten
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("taxes:\n  vat: {percentage: 10}\n")
    done = workspace.run("plan", overlay, "--format", "json", "--var", "VAT=9")
    assert orjson.loads(done.out)["configuration"] == ten


def test_what_an_overlay_gives_is_shown_at_its_line(workspace: Workspace, tmp_path: Path) -> None:
    workspace.write("taxes:\n  vat: {percentage: 9, type: included, label: {default: VAT}}\n")
    workspace.apply()
    overlay = tmp_path / "staging.yaml"
    overlay.write_text("taxes:\n  vat:\n    percentage: 10\n")
    [update] = changes(workspace.plan(overlay))
    assert (update["file"], update["line"]) == ("../staging.yaml", 3)
    workspace.write("taxes:\n  vat: {percentage: 9, type: on-top, label: {default: VAT}}\n")
    [update] = changes(workspace.plan(overlay))
    assert (update["file"], update["line"]) == ("bookingmood.yaml", 3)
    columns = cast("dict[str, dict[str, JSON]]", update["columns"])
    assert columns["percentage"] == {
        "before": 9, "after": 10, "file": "../staging.yaml", "line": 3}  # fmt: skip
    assert "file" not in columns["type"]
    assert f"({overlay}:3)" in workspace.run("plan", overlay).out
    overlay.write_text("taxes:\n  vat:\n    $absent: true\n")
    [delete] = changes(workspace.plan(overlay))
    assert (delete["file"], delete["line"]) == ("../staging.yaml", 3)


def test_a_plan_is_the_same_wherever_one_stands(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write("taxes:\n  vat: {percentage: 9, type: included, label: {default: VAT}}\n")
    from_afar = workspace.plan()
    shown = workspace.run("plan").out
    monkeypatch.chdir(workspace.folder)
    assert workspace.plan(path=Path()) == from_afar
    near = workspace.run("plan", path=Path()).out
    assert "  bookingmood.yaml:3" in near
    assert near.split() == shown.replace(f"{workspace.folder}/", "").split()


# -- fingerprints ---------------------------------------------------------------------------------


def test_the_fingerprint_is_the_version_where_there_is_one() -> None:
    version = "2026-07-01T14:00:00.123456+00:00"
    live = row("contacts", foreign_id(1), updated_at=version)
    assert fingerprint(change("update contacts.jane", row=live), KINDS["contacts"]) == version
    assert fingerprint(change("create contacts.jane"), KINDS["contacts"]) is None


def test_without_a_version_it_is_a_digest_without_private_columns() -> None:
    kind = KINDS["reply_to_addresses"]
    private = [column.name for column in kind.lock_columns if column.private]
    assert private

    def of(**values: JSON) -> str | None:
        live = row("reply_to_addresses", foreign_id(1), **values)
        return fingerprint(change("delete reply_to_addresses", row=live), kind)

    assert of(email="a") == of(email="b")
    site = KINDS["site_nav_items"]
    one = row("site_nav_items", foreign_id(1), order=1)
    two = row("site_nav_items", foreign_id(1), order=2)
    assert fingerprint(change("delete site_nav_items", row=one), site) != fingerprint(
        change("delete site_nav_items", row=two), site
    )


def test_an_empty_plan_is_a_document_too() -> None:
    plan = Plan(STACK, ORGANIZATION, "sha256:" + "0" * 64, (), 3)
    document = document_of(plan, KINDS)
    assert (document["changes"], document["notes"]) == ([], [])
    assert document["summary"]["no-op"] == 3


def test_an_orphaned_link_is_shown_by_the_names_of_what_it_links(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(LINKED)
    workspace.apply()
    workspace.write(LINKED.partition("contact_bookings:")[0])
    [link] = changes(workspace.plan())
    assert link["address"] is None
    label = cast("dict[str, dict[str, str]]", link["label"])
    assert {name: column["referred_to"] for name, column in label.items()} == {
        "contact_id": "contacts.jane",
        "booking_id": "bookings.stay",
    }
    said = workspace.run("plan").out
    assert "contact_id  contacts.jane\n" in said
    assert "booking_id  bookings.stay\n" in said


def test_a_plan_can_be_made_in_python(workspace: Workspace, organization: Organization) -> None:
    workspace.write(LINKED)
    made = planned(organization, workspace.folder)
    assert [len(level) for level in made.plan.levels] == [2, 1]
    document = document_of(made.plan, KINDS)
    assert document["digest"] == workspace.plan()["digest"]


# -- a reviewed plan ------------------------------------------------------------------------------


@pytest.fixture
def reviewed(workspace: Workspace, tmp_path: Path) -> Path:
    """A plan that was saved."""
    workspace.write(LINKED)
    file = tmp_path / "plan.json"
    workspace.plan("--out", file)
    return file


def test_a_reviewed_plan_is_executed(workspace: Workspace, reviewed: Path) -> None:
    done = workspace.run("apply", "--plan", reviewed)
    assert done.code == 0
    assert workspace.actions() == []
    # what is done already counts as done
    assert workspace.run("apply", "--plan", reviewed).code == 0


@pytest.mark.parametrize(
    "edit",
    [
        ("Jane", "Joan"),
        ("silent: true", "silent: false"),
        ("contacts:\n", "contacts:\n  john: {}\n"),
    ],
)
def test_another_configuration_is_not_executed(
    workspace: Workspace, organization: Organization, reviewed: Path, edit: tuple[str, str]
) -> None:
    before = organization.state()
    workspace.write(LINKED.replace(*edit))
    done = workspace.run("apply", "--plan", reviewed)
    assert done.code == 3
    assert "the configuration is not the one that was reviewed" in done.err
    assert organization.state() == before


def test_a_plan_that_was_edited_is_refused(
    workspace: Workspace, organization: Organization, reviewed: Path
) -> None:
    reviewed.write_text(reviewed.read_text().replace("BM-1", "BM-2"))
    words = workspace.refusal("apply", "--plan", reviewed)
    assert "was edited: its digest does not fit" in words
    assert organization.ids("contacts") == []


@pytest.mark.parametrize("content", ["", "[]", "{}", "{", "null", '{"format_version": 99}'])
def test_a_file_that_is_no_plan_is_refused(
    workspace: Workspace, tmp_path: Path, content: str
) -> None:
    workspace.write(LINKED)
    file = tmp_path / "plan.json"
    file.write_text(content)
    assert "plan" in workspace.refusal("apply", "--plan", file)


def test_a_plan_for_another_organization_is_refused(
    workspace: Workspace, other_organization: Organization, reviewed: Path
) -> None:
    workspace.environment["BOOKINGMOOD_API_KEY"] = other_organization.key
    words = workspace.refusal("apply", "--plan", reviewed)
    assert other_organization.id in words
    assert other_organization.ids("contacts") == []


def test_a_plan_may_be_made_with_one_key_and_executed_with_another(
    workspace: Workspace, reviewed: Path
) -> None:
    document = read_plan(reviewed)
    workspace.environment["BOOKINGMOOD_API_KEY"] = "first-key"
    assert workspace.plan()["digest"] == document["digest"]


def test_a_plan_that_was_executed_in_part_can_be_finished(
    workspace: Workspace, organization: Organization, tmp_path: Path
) -> None:
    """The product has an id by now, where the reviewed plan could only say whose it will be."""
    workspace.write(
        "products:\n  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}\n"
        "services:\n  linen: {type: checkbox, label: {default: Linen}}\n"
        "product_services:\n  - {product_id: villa, service_id: linen}\n"
    )
    file = tmp_path / "plan.json"
    workspace.plan("--out", file)

    def rule(request: Request, forward: Forward) -> Reply:
        if (request.method, request.kind) == ("POST", "product_services"):
            return Reply(403, b'{"message": "not now"}')
        return forward(request)

    options = ("--plan", file, "--allow", "billing-create")
    with front(rule, organization.url) as url:
        assert workspace.run("apply", *options, "--api-url", url).code == 5
    assert workspace.actions() == ["create product_services.villa--linen"]
    done = workspace.run("apply", *options)
    assert done.code == 0, done.err
    assert workspace.actions() == []
