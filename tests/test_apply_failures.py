"""Answers that are lost and rows that are refused: nothing twice, and the rest goes in."""

import orjson
import pytest

from reconciler.values.column import JSON
from tests.commandline import Workspace
from tests.front import Cut, Forward, Reply, Request, Rule, front
from tests.linked import LINKED, STAY, bindings
from tests.organization import Organization

pytestmark = pytest.mark.usefixtures("impatient")

# -- lost answers ---------------------------------------------------------------------------------


def losing(method: str, kind: str, *, done: bool, times: int = 1) -> tuple[Rule, list[str]]:
    """A rule that cuts the first writes of a kind, after or before they were executed."""
    cut: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        if (request.method, request.kind) == (method, kind) and len(cut) < times:
            if done:
                assert forward(request).status < 300
            cut.append(request.target)
            raise Cut
        return forward(request)

    return rule, cut


MANY = "contacts:\n" + "".join(f"  c{n}: {{first_name: C{n}, notes: x}}\n" for n in range(30))


@pytest.mark.parametrize("done", [True, False])
def test_a_create_whose_answer_is_lost_is_not_doubled(
    workspace: Workspace, organization: Organization, done: bool
) -> None:
    workspace.write(MANY)
    rule, cut = losing("POST", "contacts", done=done)
    with front(rule, organization.url) as url:
        assert "30 done" in workspace.apply("--api-url", url).out
    assert len(cut) == 1
    assert len(organization.ids("contacts")) == 30
    assert workspace.actions() == []


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_whose_answer_is_lost_is_looked_at(
    workspace: Workspace, organization: Organization, method: str, done: bool
) -> None:
    workspace.write(MANY)
    workspace.apply()
    workspace.write(MANY.replace("notes: x", "notes: y") if method == "PATCH" else "taxes: {}\n")
    rule, cut = losing(method, "contacts", done=done)
    with front(rule, organization.url) as url:
        found = workspace.apply("--api-url", url, "--allow", "deletes,updates")
    assert "30 done" in found.out
    assert len(cut) == 1
    assert workspace.actions() == []


@pytest.mark.parametrize("kind", ["products", "members"])
def test_a_create_of_the_servers_numbering_is_never_repeated_blindly(
    workspace: Workspace, organization: Organization, kind: str
) -> None:
    before = len(organization.ids(kind))
    workspace.write(
        "products:\n  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}\n"
        if kind == "products"
        else "members:\n  ann: {email: ann@example.com}\n"
    )
    rule, cut = losing("POST", kind, done=True, times=5)
    with front(rule, organization.url) as url:
        workspace.apply("--api-url", url, "--allow", "billing-create,invites")
    assert len(cut) == 1
    assert len(organization.ids(kind)) == before + 1
    assert workspace.actions() == []


def test_a_product_that_was_not_made_is_said_and_made_by_the_next_run(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(
        "products:\n  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}\n"
    )
    rule, cut = losing("POST", "products", done=False, times=1)
    with front(rule, organization.url) as url:
        done = workspace.apply("--api-url", url, "--allow", "billing-create", code=5)
    assert len(cut) == 1
    assert "products.villa: failed" in done.err
    workspace.apply("--allow", "billing-create")
    assert len(organization.ids("products")) == 1


# -- failures -------------------------------------------------------------------------------------

NOWHERE = "99999999-9999-4999-8999-999999999999"


def test_a_bad_row_is_found_and_the_good_ones_go_in(
    workspace: Workspace, organization: Organization
) -> None:
    contacts = "".join(f"  c{n}: {{first_name: C{n}}}\n" for n in range(9))
    links = "".join(f"  - {{contact_id: c{n}, booking_id: stay}}\n" for n in range(8))
    bad = f"  - {{contact_id: c8, booking_id: {NOWHERE}}}\n"
    path = workspace.write(f"contacts:\n{contacts}{STAY}contact_bookings:\n{links}{bad}")
    done = workspace.apply(code=5)
    line = path.read_text().splitlines().index(bad.rstrip("\n")) + 1
    assert f"bookingmood.yaml:{line}:" in done.err
    assert "23503" in done.err
    assert "18 done" in done.out
    assert "1 failed" in done.out
    assert len(organization.ids("contact_bookings")) == 8
    assert workspace.actions() == [f"create contact_bookings.c8--{NOWHERE}"]


def test_dependents_of_what_failed_are_skipped_and_the_next_run_finishes(
    workspace: Workspace, organization: Organization
) -> None:
    """The documents of today do not show POST bookings: a server may refuse it."""
    workspace.write(LINKED)

    def rule(request: Request, forward: Forward) -> Reply:
        if (request.method, request.kind) == ("POST", "bookings"):
            body: JSON = {"code": "42501", "message": "permission denied for table bookings"}
            return Reply(403, orjson.dumps(body))
        return forward(request)

    with front(rule, organization.url) as url:
        done = workspace.apply("--api-url", url, code=5)
    assert "1 done, 1 failed, 1 skipped" in done.out
    assert "it needs bookings.stay, which was not done" in done.err
    assert workspace.actions() == ["create bookings.stay", "create contact_bookings.jane--stay"]
    workspace.apply()
    assert workspace.actions() == []


def test_a_server_that_chooses_ids_of_its_own_is_believed(
    workspace: Workspace, organization: Organization
) -> None:
    """An assumption that may not hold: that ids are stored as sent. Then bindings remember."""
    workspace.write(LINKED)

    def rule(request: Request, forward: Forward) -> Reply:
        if request.method != "POST":
            return forward(request)
        rows = [{k: v for k, v in row.items() if k != "id"} for row in orjson.loads(request.body)]
        body = orjson.dumps(rows)
        headers = {**request.headers, "content-length": str(len(body))}
        return forward(
            Request(request.method, request.kind, request.query, request.target, headers, body)
        )

    with front(rule, organization.url) as url:
        workspace.apply("--api-url", url, code=5)  # the link was planned with the ids we sent
        assert len(bindings(workspace, organization)) == 2
        workspace.apply("--api-url", url)
    assert len(bindings(workspace, organization)) == 3
    assert workspace.actions() == []
    link = organization.one("contact_bookings")
    assert link["contact_id"] == organization.ids("contacts")[0]
    workspace.write("taxes: {}\n")
    workspace.apply("--allow", "deletes")
    assert organization.ids("contacts") == organization.ids("contact_bookings") == []


def test_a_row_that_is_there_and_not_seen_is_not_called_another(
    workspace: Workspace, organization: Organization
) -> None:
    """Row security answers a list without the rows that a key may not see, and no error."""
    workspace.write(MANY)
    workspace.apply()

    def rule(request: Request, forward: Forward) -> Reply:
        if request.method == "GET" and request.kind.startswith("contacts"):
            return Reply(200, b"[]", {"Content-Range": "*/0"})
        return forward(request)

    with front(rule, organization.url) as url:
        done = workspace.apply("--api-url", url, code=1)
    assert "hint: the row is there, but this key does not see it" in done.err
    assert "rename one" not in done.err
    assert len(organization.ids("contacts")) == 30
