"""As few requests as the server can take; it may take less than we think."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import orjson
import pytest

from reconciler.ids import Owner
from tests.builders import address
from tests.commandline import Document, Workspace
from tests.faulty.server import FaultyServer
from tests.meanwhile import meanwhile
from tests.organization import Organization


def contacts(number: int, columns: str = "language: nl-NL") -> str:
    """Write contacts, one a line."""
    rows = (f"  c{n}: {{email: c{n}@example.test, {columns}}}\n" for n in range(number))
    return "contacts:\n" + "".join(rows)


def counted(requests: Sequence[Document]) -> Counter[str]:
    """Count requests by method and path."""
    return Counter(f"{one['method']} {one['path']}" for one in requests)


def test_creates_updates_and_deletes_go_in_as_few_requests_as_can_be(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    taxes = "taxes:\n" + "".join(
        f"  t{n}: {{label: {{default: T{n}}}, percentage: {n % 90}, type: included}}\n"
        for n in range(700)
    )
    groups = "capacity_groups:\n" + "".join(
        f"  g{n}: {{name: {{default: G{n}}}, order: {n}}}\n" for n in range(501)
    )
    workspace.write(contacts(1200) + taxes + groups)
    faulty.put()
    workspace.apply()
    assert counted(faulty.writes()) == {
        "POST /contacts": 3,
        "POST /taxes": 2,
        "POST /capacity_groups": 2,
    }
    workspace.write(contacts(1200, "language: en-US") + taxes + groups)
    faulty.put()
    workspace.apply("--allow", "updates")
    patches = counted(faulty.writes())
    assert patches.keys() == {"PATCH /contacts"}
    assert patches["PATCH /contacts"] <= 16  # 130 for 10,000
    workspace.write("seasons: {}")
    faulty.put()
    workspace.apply("--allow", "deletes")
    deletes = counted(faulty.writes())
    assert deletes.keys() == {"DELETE /contacts", "DELETE /taxes", "DELETE /capacity_groups"}
    assert deletes.total() <= 16 + 9 + 7
    assert all(len(f"{one['path']}?{one['query']}") <= 8000 for one in faulty.requests())
    assert organization.rows("contacts") == []


def test_rows_with_other_columns_go_in_another_request(
    faulty: FaultyServer, workspace: Workspace
) -> None:
    workspace.write(
        "contacts:\n  a: {email: a@example.test}\n  b: {email: b@example.test, notes: x}\n"
        "  c: {email: c@example.test}\n  d: {notes: y, email: d@example.test}\n"
    )
    faulty.put()
    workspace.apply()
    assert counted(faulty.writes()) == {"POST /contacts": 2}


def test_references_within_a_kind_take_one_request_a_level(
    faulty: FaultyServer, workspace: Workspace
) -> None:
    lines = ["services:", "  s0: {type: multiple-choice, label: {default: S0}, parent_id: null}"]
    for n in range(1, 9):
        parent = 0 if n < 6 else n - 3
        text = f"{{type: multiple-choice, label: {{default: S{n}}}, parent_id: s{parent}}}"
        lines.append(f"  s{n}: {text}")
    workspace.write("\n".join(lines))
    faulty.put()
    workspace.apply()
    assert counted(faulty.writes()) == {"POST /services": 3}


NOBODY = "11111111-2222-4333-8444-555555555555"


def made_by(creators: Iterable[object]) -> str:
    """Write contacts that somebody made; who that is must exist, which only the server knows."""
    rows = (
        f"  c{n}: {{email: c{n}@example.test, creator_id: {one}}}\n"
        for n, one in enumerate(creators)
    )
    return "contacts:\n" + "".join(rows)


def test_one_bad_row_among_a_thousand_is_found(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    owner = organization.one("user_profiles")["user_id"]
    workspace.write(made_by(NOBODY if n == 700 else owner for n in range(1000)))
    before = planning(faulty, workspace)
    done = workspace.apply(code=5)
    assert len(organization.rows("contacts", "select=id")) == 999
    assert len(faulty.requests()) <= before + 2 + 25
    [line] = [line for line in done.err.splitlines() if "failed" in line]
    assert line.startswith(f"{workspace.folder}/bookingmood.yaml:703:3: contacts.c700: failed: ")
    assert "violates foreign key constraint" in line
    assert "[23503]" in line
    assert "Applied: 999 done, 1 failed." in done.out


def test_one_taken_id_among_a_thousand_is_found(
    faulty: FaultyServer,
    organization: Organization,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace.write(contacts(1000))
    before = planning(faulty, workspace)
    taken = Owner(organization.id, workspace.stack).id_of(address("contacts.c700"))
    meanwhile(monkeypatch, lambda: organization.insert("contacts", id=taken, first_name="Other"))
    done = workspace.apply(code=5)
    assert "Applied: 999 done, 1 failed." in done.out
    assert "contacts.c700: failed: " in done.err
    assert "[23505]" in done.err
    assert organization.one("contacts", f"id=eq.{taken}")["first_name"] == "Other"
    assert len(faulty.requests()) - 1 <= before + 2 + 25  # one of them was that of the other


def planning(faulty: FaultyServer, workspace: Workspace) -> int:
    """Count the requests that a plan takes, and forget them."""
    faulty.put()
    workspace.plan()
    count = len(faulty.requests())
    faulty.put()
    return count


def test_where_every_row_is_bad_the_search_ends(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    workspace.write(made_by([NOBODY] * 300))
    faulty.put()
    done = workspace.apply("--format", "json", code=1)
    assert len(faulty.writes()) <= 1 + 2 * 100
    assert organization.rows("contacts") == []
    events = [orjson.loads(line) for line in done.out.splitlines()]
    why = ("POST", "it was sent with")
    ends = Counter(one["event"] for one in events if one.get("message", "").startswith(why))
    assert ends.keys() == {"failed", "skipped"}
    assert ends.total() == 300


def test_good_rows_are_not_blamed_where_the_search_ends(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    owner = organization.one("user_profiles")["user_id"]
    workspace.write(made_by(NOBODY if n % 10 == 3 else owner for n in range(400)))
    failed: list[str] = []
    for _ in range(3):
        done = workspace.run("apply", "--auto-approve")
        assert done.code in {1, 5}  # 1 once there is nothing left but what is refused
        failed += re.findall(r"contacts.c\d*(\d): failed", done.err)
    assert set(failed) == {"3"}
    assert len(organization.rows("contacts", "select=id")) == 360


@pytest.mark.parametrize("status", [413, 400])
def test_creates_that_are_too_large_for_the_server_become_smaller(
    faulty: FaultyServer, organization: Organization, workspace: Workspace, status: int
) -> None:
    workspace.write(contacts(1000))
    faulty.put(f"status={status},first=1,method=POST")
    workspace.apply("--parallelism", "1")
    assert len(organization.rows("contacts", "select=id")) == 1000
    assert len(faulty.writes()) == 1 + 1 + 2  # refused, its neighbour, its halves


@pytest.mark.parametrize("status", [414, 431, 400])
def test_urls_that_are_too_long_for_the_server_become_shorter(
    faulty: FaultyServer, organization: Organization, workspace: Workspace, status: int
) -> None:
    workspace.write(contacts(400))
    workspace.apply()
    workspace.write(contacts(400, "language: en-US"))
    faulty.put(f"status={status},first=1,method=PATCH")
    workspace.apply("--allow", "updates", "--parallelism", "1")
    assert {row["language"] for row in organization.rows("contacts")} == {"en-US"}
    lengths = [len(f"{one['path']}?{one['query']}") for one in faulty.writes()]
    assert lengths[0] > 7000
    assert sum(length > 4100 for length in lengths) <= 2  # it, and its neighbour in flight


def test_a_single_url_that_is_too_long_is_done_by_id(
    faulty: FaultyServer, organization: Organization, workspace: Workspace
) -> None:
    text = "attributes: {{a: {{name: {{default: '{}'}}, order: {}, type: multi-select}}}}"
    workspace.write(text.format("long " * 500, 1))
    workspace.apply()
    workspace.write(text.format("long " * 500, 2))
    faulty.put("status=414,first=1,method=PATCH")
    done = workspace.apply()
    assert "locked by its id only" in done.err
    assert organization.one("attributes")["order"] == 2
