"""Every update and delete is locked at what the plan saw, and a lock that misses is looked at."""

from collections.abc import Mapping
from typing import cast

import orjson
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reconciler.values.column import JSON
from tests.commandline import Workspace
from tests.meanwhile import meanwhile
from tests.organization import Organization, Row
from tests.properties import examples
from tests.server import Server, environment_for

JANE = "contacts: {{jane: {{email: jane@example.test, first_name: {name}}}}}"


@pytest.fixture
def jane(workspace: Workspace, organization: Organization) -> str:
    """The id of a row that is to be changed."""
    workspace.write(JANE.format(name="Jane"))
    workspace.apply()
    workspace.write(JANE.format(name="Janet"))
    return str(organization.one("contacts")["id"])


# -- an update that misses ----------------------------------------------------------------------


def test_another_column_changed_so_the_lock_is_refreshed(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.change("contacts", jane, notes="called today"))
    workspace.apply()
    row = organization.one("contacts")
    assert (row["first_name"], row["notes"]) == ("Janet", "called today")


def test_the_column_itself_changed_so_the_row_is_left_alone(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.change("contacts", jane, first_name="Johanna"))
    done = workspace.apply(code=1)
    assert "contacts.jane: stale: the row was changed since the plan" in done.err
    assert "bookingmood.yaml:2:12" in done.err
    assert organization.one("contacts")["first_name"] == "Johanna"


def test_somebody_else_made_the_same_change_so_it_is_done(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.change("contacts", jane, first_name="Janet"))
    assert "contacts.jane: updated (was so already)" in workspace.apply().err


def test_the_row_is_gone(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.remove("contacts", jane))
    assert "contacts.jane: stale: the row is gone" in workspace.apply(code=1).err
    assert organization.rows("contacts") == []


def test_one_of_many_rows_with_one_change_misses(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "contacts:\n" + "".join(
        f"  guest-{n}: {{email: {n}@example.test, language: LANGUAGE}}\n" for n in range(20)
    )
    workspace.write(text.replace("LANGUAGE", "nl-NL"))
    workspace.apply()
    other = organization.one("contacts", "email=eq.3@example.test")
    near = organization.one("contacts", "email=eq.4@example.test")

    def act() -> None:
        organization.change("contacts", other["id"], language="de-DE")
        organization.change("contacts", near["id"], notes="x")

    meanwhile(monkeypatch, act)
    workspace.write(text.replace("LANGUAGE", "en-US"))
    done = workspace.apply("--allow", "updates", code=5)
    assert "Applied: 19 done, 1 stale." in done.out
    languages = [row["language"] for row in organization.rows("contacts")]
    assert sorted(map(str, languages)) == ["de-DE", *["en-US"] * 19]


# -- a delete that misses -----------------------------------------------------------------------


def test_a_delete_is_not_repeated_on_a_row_that_changed(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.change("contacts", jane, notes="called today"))
    workspace.write("taxes: {}")
    done = workspace.apply(code=1)
    assert "stale: the row was changed since the plan" in done.err
    assert organization.ids("contacts") == [jane]


def test_a_row_that_somebody_else_deleted_is_deleted(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.remove("contacts", jane))
    workspace.write("taxes: {}")
    assert "deleted (was so already)" in workspace.apply().err


def test_a_guest_who_booked_meanwhile_survives_with_the_contact(
    workspace: Workspace, organization: Organization, jane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.book_as(jane))
    workspace.write("taxes: {}")
    done = workspace.apply(code=1)
    assert "it is referenced by contact_bookings[" in done.err
    assert organization.ids("contacts") == [jane]
    assert len(organization.rows("contact_bookings")) == 1


PRODUCT = "products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}"


@pytest.fixture
def villa(workspace: Workspace, organization: Organization) -> str:
    """The id of a product that is to be deleted."""
    workspace.write(PRODUCT)
    workspace.apply("--allow", "billing-create")
    workspace.write("taxes: {}")
    return str(organization.one("products")["id"])


def test_a_guest_who_booked_meanwhile_survives_with_the_product(
    workspace: Workspace, organization: Organization, villa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.book(villa))
    done = workspace.apply("--allow", "billing-delete,cascade,deletes,referenced", code=1)
    assert "it is referenced by calendar_events[" in done.err
    assert organization.ids("products") == [villa]
    assert len(organization.rows("bookings")) == len(organization.rows("calendar_events")) == 1


def test_a_product_that_changed_meanwhile_is_not_deleted(
    workspace: Workspace, organization: Organization, villa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.change("products", villa, cooldown_time=4))
    done = workspace.apply("--allow", "billing-delete,cascade", code=1)
    assert "products.villa: stale: the row was changed since the plan" in done.err
    assert organization.ids("products") == [villa]


def test_a_product_that_is_gone_already(
    workspace: Workspace, organization: Organization, villa: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: organization.remove("products", villa))
    done = workspace.apply("--allow", "billing-delete,cascade")
    assert "products.villa: deleted (was so already)" in done.err
    assert (
        "products.villa"
        not in (workspace.folder / "bindings").joinpath(f"{organization.id}.yaml").read_text()
    )


def test_a_row_moves_away_before_the_row_it_left_is_deleted(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = (
        "  a: {type: checkbox, label: {default: A}}\n  b: {type: checkbox, label: {default: B}}\n"
    )
    child = "  child: {type: multiple-choice-option, label: {default: C}, parent_id: PARENT}\n"
    workspace.write("services:\n" + services + child.replace("PARENT", "a"))
    workspace.apply()
    moved = "services:\n" + services.splitlines()[1] + "\n" + child.replace("PARENT", "b")
    workspace.write(moved)
    row = organization.one("services", "label->>default=eq.C")
    meanwhile(monkeypatch, lambda: organization.change("services", row["id"], parent_id=None))
    done = workspace.apply("--allow", "deletes,referenced", code=5)
    assert "services.child: stale" in done.err
    workspace.apply("--allow", "deletes,referenced")
    assert len(organization.rows("services")) == 2


def test_a_row_that_did_not_move_away_keeps_the_row_to_be_deleted(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "attributes:\n{}  b: {{name: {{default: B}}, type: multi-select}}\n"
        "attribute_options:\n  x: {{attribute_id: {}, name: {{default: {}}}}}\n"
    )
    workspace.write(text.format("  a: {name: {default: A}, type: multi-select}\n", "a", "X"))
    workspace.apply()
    workspace.write(text.format("", "b", "Y"))
    option = organization.one("attribute_options")
    edit = cast("JSON", {"default": "somebody else"})
    meanwhile(
        monkeypatch, lambda: organization.change("attribute_options", option["id"], name=edit)
    )
    done = workspace.apply(code=1)
    assert "attribute_options.x: stale" in done.err
    assert "skipped: it is still referenced by attribute_options.x\n" in done.err
    assert len(organization.rows("attributes")) == 2


# -- kinds without a version column -------------------------------------------------------------

NASTY = 'a,b (c) "d" \\e {f} %25 & = é 漢 or.and.not:*\'`'
BASE = """\
products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}
message_templates: {hi: {type: email, subject: {default: Hi}, moment: {type: check-in, offset: 0}}}
sites: {main: {subdomain: SUBDOMAIN}}
"""
WITHOUT_VERSION: Mapping[str, list[Row]] = {
    "attributes": [{"name": {"default": NASTY, "nl-NL": ""}, "order": n} for n in range(2)],
    "site_nav_items": [
        {"site_id": "main", "label": {"default": NASTY}, "order": n, "url": {}, "target": "_self"}
        for n in range(2)
    ],
    "external_calendars": [
        {
            "product_id": "villa",
            "name": name,
            "ical_url": "https://example.test/x",
            "time_offset": n,
        }
        for n, name in enumerate((NASTY, None))
    ],
    "reply_to_addresses": [
        {"email": f"{n}@example.test", "name": NASTY if n else ""} for n in range(2)
    ],
}


def configuration(changed: Mapping[str, JSON], organization: Organization) -> str:
    rows = {
        kind: {f"r{n}": {**row, **cast("Row", changed.get(kind, {}))} for n, row in enumerate(many)}
        for kind, many in WITHOUT_VERSION.items()
    }
    for n, row in enumerate(rows["attributes"].values()):
        row["type"] = ("single-select", "multi-select")[n]
    text = "".join(f"{kind}: {orjson.dumps(many).decode()}\n" for kind, many in rows.items())
    pair = cast("Row", changed.get("product_message_templates", {"order": 1}))["order"]
    link = f"[{{product_id: villa, message_template_id: hi, order: {pair}}}]"
    subdomain = str(organization.one("sites")["subdomain"])
    return BASE.replace("SUBDOMAIN", subdomain) + text + f"product_message_templates: {link}\n"


CHANGES: Mapping[str, JSON] = {
    "attributes": {"order": 7},
    "site_nav_items": {"target": "_blank"},
    "external_calendars": {"active": False},
    "reply_to_addresses": {"name": "Same"},
    "product_message_templates": {"order": 9},
}


def test_they_are_locked_at_all_old_values(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(configuration({}, organization))
    workspace.apply("--allow", "billing-create")
    workspace.write(configuration(CHANGES, organization))
    done = workspace.apply("--allow", "updates")
    assert "already" not in done.err
    assert workspace.actions() == []
    workspace.write(configuration(CHANGES, organization).partition("attributes:")[0])
    done = workspace.apply("--allow", "deletes")
    assert "already" not in done.err
    for kind in WITHOUT_VERSION:
        assert organization.rows(kind) == []


def test_they_are_stale_where_an_old_value_is_another(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write(configuration({}, organization))
    workspace.apply("--allow", "billing-create")
    workspace.write(configuration({"attributes": {"order": 7}}, organization))
    rows = organization.rows("attributes")
    meanwhile(monkeypatch, lambda: organization.change("attributes", rows[0]["id"], order=3))
    done = workspace.apply(code=5)
    assert "Applied: 1 done, 1 stale." in done.out


def test_a_lock_that_does_not_fit_is_compared_just_before_and_reported(
    workspace: Workspace, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "attributes: {{long: {{name: {{default: '{}'}}, order: {}, type: multi-select}}}}"
    workspace.write(text.format("long " * 2000, 1))
    workspace.apply()
    workspace.write(text.format("long " * 2000, 2))
    done = workspace.apply()
    assert "locked by its id only: its old values do not fit into a URL" in done.err
    row = organization.one("attributes")
    assert row["order"] == 2
    workspace.write(text.format("long " * 2000, 3))
    meanwhile(monkeypatch, lambda: organization.change("attributes", row["id"], order=8))
    assert "stale" in workspace.apply(code=1).err
    assert organization.one("attributes")["order"] == 8
    workspace.write("taxes: {}")
    assert "locked by its id only" in workspace.apply().err
    assert organization.rows("attributes") == []


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(
    max_examples=examples(8),
    derandomize=True,
    phases=[Phase.generate],
)
@given(
    names=st.lists(st.tuples(TEXT, st.dictionaries(TEXT, TEXT, max_size=2)), min_size=1, max_size=3)
)
def test_any_text_and_json_can_stand_in_a_lock(
    names: list[tuple[str, dict[str, str]]],
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    organization = server.organization(0)
    workspace = Workspace(tmp_path_factory.mktemp("villa"), environment_for(organization))

    def write(order: int) -> None:
        attributes = {
            f"a{n}": {
                "name": {**more, "default": f"{n}{text}"},
                "order": order,
                "type": "multi-select",
            }
            for n, (text, more) in enumerate(names)
        }
        document = orjson.dumps(attributes).decode().replace("$", "$$")
        workspace.write(f"attributes: {document}\n")

    write(1)
    workspace.apply()
    write(2)
    done = workspace.apply()
    assert "already" not in done.err
    assert "locked by" not in done.err
    assert {row["order"] for row in organization.rows("attributes")} == {2}
