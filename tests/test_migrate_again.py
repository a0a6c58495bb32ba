"""What people decide about a migration, and what they change in the target, holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import orjson
import pytest

from reconciler.catalogue import tenant_of
from reconciler.migration import shared_between_organizations
from reconciler.values.column import JSON
from tests.builders import KINDS
from tests.commandline import Finished, run
from tests.front import Forward, Reply, Request, Rule, front
from tests.organization import Organization
from tests.pages import check_reaches_nothing
from tests.server import Server, environment_for

ALLOW = "notifies,invites,billing-create,updates,deletes"
Report = Mapping[str, list[Mapping[str, JSON]]]


@dataclass(frozen=True, slots=True)
class Two:
    """The source, the target, and a folder to work in."""

    source: Organization
    target: Organization
    folder: Path

    def migrate(self, *options: str, key: str = "", code: int = 0) -> Finished:
        (self.folder / "source.key").write_text(self.source.key)
        (self.folder / "target.key").write_text(key or self.target.key)
        done = run(
            "migrate",
            *("--from-key-file", self.folder / "source.key"),
            *("--to-key-file", self.folder / "target.key", "--out", self.folder / "moved"),
            *("--auto-approve", "--allow", ALLOW, "--readable-keys", "contacts", *options),
            environment=environment_for(self.source),
        )
        assert done.code == code, done.all
        return done

    def report(self) -> Report:
        text = (self.folder / "moved" / "migration" / "report.json").read_bytes()
        return cast("Report", orjson.loads(text))

    def contact(self, email: str) -> str:
        return str(self.source.insert("contacts", email=email, first_name="Jane")["id"])


@pytest.fixture
def two(server: Server, tmp_path: Path) -> Iterator[Two]:
    yield Two(server.organization(0), server.organization(1), tmp_path)


def test_rows_that_are_missing_are_not_verified(server: Server, tmp_path: Path) -> None:
    two = Two(server.organization(1), server.organization(0), tmp_path)
    two.source.insert_all("contacts", [{"email": f"{n}@example.com"} for n in range(30)])
    done = two.migrate(key="first-reader-key", code=5)
    assert "Verified: " not in done.all
    assert done.all.count("create contacts.") <= 30  # the plan, once
    assert done.err.count("failed: POST /contacts") == 1, done.err
    assert "29 more failed like contacts." in done.err
    rows = cast("Mapping[str, Mapping[str, JSON]]", two.report()["rows"])
    assert rows["contacts"] == {
        "expected": 30, "compared": 0, "missing": 30, "differing": 0, "left_out": {},
    }  # fmt: skip
    assert len(two.report()["missing"]) >= 30


def test_a_page_stands_on_stdout_alone(two: Two) -> None:
    two.contact("guest@example.com")
    planned = two.migrate("--format", "html", "--plan-only")
    assert planned.out.startswith("<!doctype html>")
    assert "this is what would be moved" in planned.out
    done = two.migrate("--format", "html")
    check_reaches_nothing(done.out)
    assert re.search(r"Verified: [0-9]+ rows? compared column by column, 0 differences", done.out)
    assert "guest@example.com" not in planned.all + done.all
    assert done.out.endswith("</html>\n")


def test_what_is_ambiguous_there_is_decided_before_anything_is_written(two: Two) -> None:
    source = two.contact("guest@example.com")
    ids = sorted(
        str(two.target.insert("contacts", email="guest@example.com")["id"]) for _ in range(2)
    )
    before = two.target.state()
    done = two.migrate("--kinds", "contacts", code=1)
    assert two.target.state() == before
    [decision] = _decisions(done)
    assert decision == ("contacts.jane", source)
    assert all(row_id in done.out for row_id in ids)
    for wrong in (f"contacts.jane={source}", f"contacts.nobody={ids[0]}", "contacts.jane"):
        two.migrate("--kinds", "contacts", "--match", wrong, code=1)
    two.migrate("--kinds", "contacts", "--match", f"{source}={ids[1]}")
    names = {str(row["id"]): row["first_name"] for row in two.target.rows("contacts")}
    assert names[ids[1]] == "Jane"
    assert names[ids[0]] != "Jane"
    two.migrate("--kinds", "contacts")


def test_what_was_named_is_left_behind(two: Two) -> None:
    two.contact("guest@example.com")
    two.target.insert_all("contacts", [{"email": "guest@example.com"}] * 2)
    assert "Verified: " in two.migrate("--kinds", "contacts", "--leave", "contacts").out
    done = two.migrate("--kinds", "contacts", "--leave", "contacts.jane")
    assert "Verified: " in done.out
    assert [one["reason"] for one in two.report()["skipped"]] == ["it was named in --leave"]
    assert "Jane" not in {row["first_name"] for row in two.target.rows("contacts")}


DELETED = "deleted"
SIDES = [
    # name; what becomes of it in the source, in the target; option; then there; is it listed
    ("repaired", None, "Mended", "", "Mended", "repaired"),
    ("new", "New", None, "", "New", ""),
    ("both", "New", "Mended", "", "Mended", "conflicts"),
    ("both-theirs", "New", "Mended", "--theirs", "New", ""),
    ("both-left", "New", "Mended", "--leave", "Mended", ""),
    ("same", "Same", "Same", "", "Same", ""),
    ("gone", DELETED, None, "", None, ""),
    ("gone-changed", DELETED, "Mended", "", "Mended", "conflicts"),
    ("gone-theirs", DELETED, "Mended", "--theirs", None, ""),
    ("there", None, DELETED, "", None, "decisions"),
    ("there-left", None, DELETED, "--leave", None, ""),
    ("there-theirs", None, DELETED, "--theirs", "There-theirs", ""),
]
"""Every contact is moved, then changed; `--leave` and `--theirs` name the rows that need them."""


def test_a_second_run_looks_at_three_sides(two: Two) -> None:
    emails = {name: f"{name}@example.com" for name, *_ in SIDES}
    two.source.insert_all(
        "contacts", [{"email": e, "first_name": n.capitalize()} for n, e in emails.items()]
    )
    two.migrate("--kinds", "contacts")
    for name, here, there, *_ in SIDES:
        for side, value in ((two.source, here), (two.target, there)):
            row = side.one("contacts", f"email=eq.{emails[name]}")
            if value == DELETED:
                side.remove("contacts", row["id"])
            elif value:
                side.change("contacts", row["id"], first_name=value)
    options = [
        word for n, _, _, option, *_ in SIDES if option for word in (option, f"contacts.{n}")
    ]
    for _ in range(2):  # a third run says the same
        two.migrate("--kinds", "contacts", *options, code=5)
        names = {row["email"]: row["first_name"] for row in two.target.rows("contacts")}
        assert {n: names.get(e) for n, e in emails.items()} == {n: s[-2] for n, *s in SIDES}
        for kind in ("repaired", "conflicts", "decisions"):
            listed = {str(one["address"]) for one in two.report()[kind]}
            assert listed == {f"contacts.{n}" for n, *s in SIDES if s[-1] == kind}
    open_rows = [f"contacts.{n}" for n, *s in SIDES if s[-1] in {"conflicts", "decisions"}]
    settled = [word for address in open_rows for word in ("--theirs", address)]
    assert "Verified: " in two.migrate("--kinds", "contacts", *options, *settled).out


def spoiled(*names: str) -> Rule:
    """A server that sends a number for the first names of some contacts."""

    def rule(request: Request, forward: Forward) -> Reply:
        reply = forward(request)
        body = reply.body
        for name in names if request.method == "GET" else ():
            body = body.replace(f'"first_name":"{name}"'.encode(), b'"first_name":7')
        return replace(reply, body=body)

    return rule


def test_rows_that_are_odd_here_are_named_and_not_gone(two: Two) -> None:
    two.contact("jane@example.com")
    for name in ("John", "Anna"):
        two.source.insert("contacts", email=f"{name}@example.com", first_name=name)
    two.migrate("--kinds", "contacts")
    with front(spoiled("John", "Anna"), two.source.url) as url:
        done = two.migrate("--kinds", "contacts", "--from-url", url, code=5)
        left = two.migrate("--kinds", "contacts", "--from-url", url, "--leave", "contacts")
    assert "Verified: " in left.out
    assert "Left out, for odd in the source: 2\n" in done.out
    for name in ("John", "Anna"):
        row_id = two.source.one("contacts", f"first_name=eq.{name}")["id"]
        assert f"  contacts[{row_id}]: first_name is a number, not a text\n" in done.out
    assert "fix the odd rows" in done.out
    assert "key that may read" not in done.out
    assert {row["first_name"] for row in two.target.rows("contacts")} == {"Jane", "John", "Anna"}


def test_a_row_that_is_odd_there_is_named_and_stops_no_other(two: Two) -> None:
    jane = two.contact("jane@example.com")
    made = two.source.insert(
        "bookings", reference="S", currency="EUR", display_currency="EUR", exchange_rate=1
    )["id"]
    two.source.insert("contact_bookings", contact_id=jane, booking_id=made)
    kinds = ("--kinds", "contacts,bookings,contact_bookings")
    with front(spoiled("Jane"), two.target.url) as url:
        for _ in range(2):
            done = two.migrate(*kinds, "--to-url", url, code=5)
            assert "Verified: " not in done.out
            assert "Not comparable: 1\n  contacts.jane: contacts[" in done.out
            two.source.insert("contacts", email="john@example.com", first_name="John")
        assert "Verified: " in two.migrate(*kinds, "--to-url", url, "--leave", "contacts.jane").out
    assert {row["first_name"] for row in two.target.rows("contacts")} == {"Jane", "John"}
    assert len(two.target.rows("contact_bookings")) == 1
    assert "Verified: " in two.migrate(*kinds).out


def test_what_a_second_run_is_not_about_stays(two: Two) -> None:
    two.contact("jane@example.com")
    two.source.insert("taxes", label={"default": "VAT"}, percentage=9, type="included")
    two.migrate("--kinds", "contacts,taxes")
    two.migrate("--kinds", "taxes")
    assert len(two.target.rows("contacts")) == 1
    written = (two.folder / "moved" / "migration" / "written.jsonl").read_text()
    assert ("contacts.jane" in written, "jane@example.com" in written) == (True, False)


def _decisions(done: Finished) -> list[tuple[str, str]]:
    lines = done.out.partition("To be decided: ")[2].splitlines()[1:]
    found = [line.split() for line in lines if line.startswith("  ") and "(" in line]
    return [(words[0], words[1].strip("():")) for words in found]


def test_a_person_may_belong_to_both_organizations(server: Server, tmp_path: Path) -> None:
    two = Two(server.organization(0), server.organization(1), tmp_path)
    person = {
        side.id: side.insert("members", email="anna@example.com", name="Anna")["user_id"]
        for side in (two.source, two.target)
    }
    assert person[two.source.id] == person[two.target.id]
    creator = person[two.source.id]
    two.source.insert("contacts", email="jane@example.com", creator_id=creator)
    two.migrate("--kinds", "contacts,members,user_profiles")
    assert two.report()["ids_left"] == []
    assert two.target.one("contacts")["creator_id"] == creator


def test_kinds_without_a_way_to_an_organization_are_shared() -> None:
    assert {"user_profiles", "paddle_plans"} == shared_between_organizations(
        KINDS, tenant_of(KINDS)
    )
