"""Apply kinds that are different: found by another column, by a pair, or by a binding alone."""

from reconciler.bindings import bindings_path
from reconciler.ids import Owner
from reconciler.values.address import Address
from reconciler.values.column import JSON
from tests.commandline import Workspace
from tests.front import front
from tests.linked import UNLISTED, bindings, never_listed
from tests.organization import Organization


def own_id(organization: Organization, name: str) -> str:
    kind, _, key = name.partition(".")
    return Owner(organization.id, "villa-7f3a").id_of(Address(kind, key))


def test_a_site_is_found_by_its_subdomain_and_changed(
    workspace: Workspace, organization: Organization
) -> None:
    site = organization.one("sites")
    workspace.write(f"sites:\n  main: {{subdomain: {site['subdomain']}, show_branding: false}}\n")
    assert workspace.actions() == ["adopt sites.main"]
    workspace.apply()
    assert workspace.actions() == []
    assert organization.one("sites")["show_branding"] is False
    workspace.write("taxes: {}\n")
    assert workspace.actions() == []


def test_a_site_that_is_not_there_is_a_note(workspace: Workspace) -> None:
    workspace.write("sites:\n  main: {subdomain: nobody}\n")
    plan = workspace.plan()
    assert plan["changes"] == []
    assert "the API cannot create sites" in str(plan["notes"])
    assert (plan["unmet"], plan["summary"]["unmet"]) == (["sites.main"], 1)  # type: ignore[index, call-overload]
    done = workspace.run("plan", "--detailed-exitcode")
    assert done.code == 2
    assert "No changes: 0 resources as in the configuration; 1 not as the YAML says" in done.out
    assert "1 not as the YAML says" in workspace.run("plan", "--format", "markdown").out
    workspace.apply()
    workspace.write("sites:\n  main: {$absent: true}\n")
    assert workspace.run("plan", "--detailed-exitcode").code == 0


def test_a_user_profile_is_found_by_its_email(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("user_profiles:\n  owner: {email: owner@example.com, name: Olga}\n")
    assert workspace.actions() == ["adopt user_profiles.owner"]
    workspace.apply()
    assert organization.one("user_profiles")["name"] == "Olga"
    assert workspace.actions() == []


def test_a_member_is_invited_once_and_recognised_by_the_email(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("members:\n  ann: {email: ann@example.com, name: Ann}\n")
    assert "hint: add --allow invites" in workspace.apply(code=4).err
    assert len(organization.ids("members")) == 1
    workspace.apply("--allow", "invites")
    assert len(organization.ids("members")) == 2
    assert workspace.actions() == []
    # even without what was remembered
    bindings_path(workspace.folder, organization.id).unlink()
    assert workspace.actions() == ["adopt members.ann"]


def test_the_member_that_is_there_is_recognised(workspace: Workspace) -> None:
    workspace.write("members:\n  olga: {email: owner@example.com}\n")
    assert workspace.actions() == ["adopt members.olga"]
    workspace.apply()
    assert workspace.actions() == []


PAIRS = """
products:
  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}
coupons:
  ten: {code: TEN}
services:
  linen: {type: checkbox, label: {default: Linen}}
coupon_products:
  - {coupon_id: ten, product_id: villa}
coupon_services:
  - {coupon_id: ten, service_id: linen}
product_services:
  - {product_id: villa, service_id: linen}
"""


def test_kinds_whose_key_is_a_pair(workspace: Workspace, organization: Organization) -> None:
    workspace.write(PAIRS)
    assert len(workspace.actions()) == 6
    workspace.apply("--allow", "billing-create")
    assert workspace.actions() == []
    workspace.write(PAIRS[: PAIRS.index("coupon_products")])
    kinds = [line.partition("[")[0] for line in workspace.actions()]
    assert kinds == ["delete coupon_products", "delete coupon_services", "delete product_services"]
    workspace.apply("--allow", "deletes")
    assert workspace.actions() == []
    assert organization.ids("coupon_products") == []


def test_a_pair_that_exists_is_not_doubled(
    workspace: Workspace, organization: Organization
) -> None:
    villa = organization.product("Villa")
    linen = organization.insert("services", type="checkbox", label={"default": "Linen"})
    organization.insert("product_services", product_id=villa, service_id=linen["id"])
    workspace.write(PAIRS)
    workspace.apply()
    assert workspace.actions() == []
    assert len(organization.rows("product_services")) == 1


def test_a_kind_that_cannot_be_listed_is_kept_by_its_binding(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(UNLISTED)
    workspace.apply("--allow", "billing-create")
    row_id = own_id(organization, "task_template_assignees.clean--olga")
    line = f"task_template_assignees.clean--olga: {{id: {row_id}, origin: owned}}"
    assert line in bindings(workspace, organization)
    assert workspace.actions() == []
    workspace.write(UNLISTED[: UNLISTED.index("task_template_assignees")])
    assert workspace.actions() == ["delete task_template_assignees.clean--olga"]
    workspace.apply()
    assert workspace.actions() == []
    assert line not in bindings(workspace, organization)


def test_a_kind_that_cannot_be_listed_is_never_read(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(UNLISTED)
    with front(never_listed, organization.url) as url:
        workspace.apply("--allow", "billing-create", "--api-url", url)
        assert workspace.actions("--api-url", url) == []


SELF = """
services:
  food: {type: multiple-choice, label: {default: Food}}
  breakfast: {type: multiple-choice-option, label: {default: Breakfast}, parent_id: food}
  early: {type: multiple-choice-option, label: {default: Early}, parent_id: breakfast}
"""


def test_rows_that_reference_their_own_kind(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(SELF)
    assert workspace.actions() == [
        "create services.food",
        "create services.breakfast",
        "create services.early",
    ]
    workspace.apply()
    assert workspace.actions() == []
    names = {own_id(organization, f"services.{key}"): key for key in ("food", "breakfast", "early")}
    workspace.write("services: {}\n")
    deleted = [names[line.split("[")[1].rstrip("]")] for line in workspace.actions()]
    assert deleted == ["early", "breakfast", "food"]
    workspace.apply("--allow", "deletes")
    assert organization.ids("services") == []


def test_a_tax_that_somebody_elses_service_charges_asks_for_consent(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("taxes:\n  vat: {percentage: 21}\n")
    workspace.apply()
    fee: JSON = {"prices": [{"tax_id": organization.ids("taxes")[0]}]}
    organization.insert("services", type="checkbox", fee=fee)
    workspace.write("taxes: {}\n")
    assert "--allow referenced" in workspace.apply(code=4).err
