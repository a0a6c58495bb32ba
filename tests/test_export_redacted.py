"""``export --redact``: nobody is in it, it can be used elsewhere, and never on its own rows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.values.column import JSON
from tests.builders import KINDS
from tests.commandline import Finished, run
from tests.generated import ODD, Row
from tests.two_organizations import ALLOW, Two, two_organizations

ROWS = 400
COMMON = 4
"""Shorter texts stand everywhere by chance."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Both organizations, and a redacted export of the source in the folder ``shared``."""
    with two_organizations(tmp_path_factory.mktemp("redacted"), ROWS) as made:
        done = reconciler(made, "source", "export", "--redact", "--out", made.folder / "shared")
        assert done.code == 0, done.all
        yield made


def reconciler(two: Two, key: str, *arguments: str | Path) -> Finished:
    environment = {"BOOKINGMOOD_API_URL": two.url, "BOOKINGMOOD_API_KEY": key}
    return run(*arguments, environment=environment)


def personal_texts(two: Two) -> Iterator[str]:
    """Give every text that stands in a personal column of the source."""
    for kind in KINDS.values():
        names = [column.name for column in kind.columns.values() if column.pii]
        for row in two.rows(kind.name, "source") if names and kind.can_list else ():
            for name in names:
                yield from texts_in(row.get(name))


def texts_in(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)


def test_no_personal_value_is_in_it(two: Two) -> None:
    files = list((two.folder / "shared").rglob("*"))
    written = "\n".join(f"{file.name}\n{file.read_text()}" for file in files if file.is_file())
    searched = {text for text in personal_texts(two) if len(text) > COMMON} - set(ODD)
    assert len(searched) > 20
    assert {text for text in searched if text in written} == set()


def test_no_id_is_kept_beside_it(two: Two) -> None:
    assert not (two.folder / "shared" / "bindings").exists()


def test_what_was_equal_is_equal(two: Two) -> None:
    emails = [row["email"] for row in two.rows("contacts", "source")]
    text = (two.folder / "shared" / "contacts.yaml").read_text()
    redacted = [line for line in text.splitlines() if line.startswith("    email: ")]
    assert len(redacted) == len(emails)
    assert len(set(redacted)) == len(set(map(str, emails)))


@pytest.mark.parametrize("command", ["plan", "apply", "rehearse"])
def test_it_is_refused_where_it_came_from(command: str, two: Two) -> None:
    options = ["--auto-approve"] if command == "apply" else []
    done = reconciler(two, "source", command, two.folder / "shared", *options)
    assert (done.code, "forbidden_organizations" in done.err) == (1, True), done.all


def test_it_is_not_brought_back_in_line_with_its_rows(two: Two) -> None:
    done = reconciler(two, "source", "export", "--out", two.folder / "shared")
    assert (done.code, "forbidden_organizations" in done.err) == (1, True), done.all


def test_it_is_applied_elsewhere(two: Two) -> None:
    shared = two.folder / "shared"
    text = (shared / "external_calendars.yaml").read_text()
    needed = re.findall(r"ical_url: \$\{(\w+)\}", text)  # secrets, which no export holds
    given = [word for name in needed for word in ("--var", f"{name}=https://example.com/{name}")]
    options = ["--auto-approve", "--allow", ALLOW, *given]
    done = reconciler(two, "target", "apply", shared, *options)
    assert done.code == 0, done.all
    assert {row["email"] for row in two.rows("contacts", "source")}.isdisjoint(
        row["email"] for row in two.rows("contacts")
    )
    links: list[Row] = two.rows("contact_bookings")
    assert len(links) == len(two.rows("contact_bookings", "source"))
    done = reconciler(two, "target", "plan", shared, "--detailed-exitcode", *given)
    assert done.code == 0, done.all
