"""Many organizations: all are announced at once, and tables are made when rows need them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest

from reconciler.diagnostics import UsageError
from reconciler.sandbox.cluster import running_cluster
from reconciler.sandbox.settings import organizations_in
from tests.sandbox_server import RunningSandbox, running_sandbox

COUNT = 200
IDS = [f"{number:08x}-0000-4000-8000-{number:012x}" for number in range(1, COUNT + 1)]
FIRST_TABLES = [
    "members", "organizations", "paddle_plans", "paddle_subscriptions", "sites", "user_profiles",
]  # fmt: skip
GUEST = {"email": "guest@example.com"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_cluster(None) as found:
        yield found


@pytest.fixture(scope="module")
def running(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    listed = tmp_path_factory.mktemp("many") / "organizations"
    lines = [f"{one}=key{number}" for number, one in enumerate(IDS)]
    listed.write_text("\n".join(["# two hundred", "", *lines]))
    with running_sandbox("--database-url", url, "--organizations", str(listed)) as found:
        yield found


def ask(
    running: RunningSandbox, number: int, method: str, path: str, body: object = None
) -> list[dict[str, str]]:
    headers = {"Authorization": f"Bearer key{number}", "Prefer": "return=representation"}
    answer = httpx.request(
        method, running.url + path, headers=headers, json=body, trust_env=False, timeout=60
    )
    rows: list[dict[str, str]] = answer.raise_for_status().json()
    return rows


def tables(url: str, number: int) -> list[str]:
    """List the tables of an organization."""
    query = "select tablename from pg_tables where schemaname = %s order by 1"
    with psycopg.connect(url) as connection:
        found = connection.execute(query, (f"org_{IDS[number].replace('-', '')}",))
        return [name for (name,) in found.fetchall()]


def test_two_hundred_organizations_start(running: RunningSandbox) -> None:
    assert [one for one, _ in running.organizations] == IDS
    with ThreadPoolExecutor(4) as pool:  # some ask for the same one at the same time
        asked = [COUNT - 1, COUNT - 1, COUNT - 1, 0, 7]
        found = pool.map(lambda number: ask(running, number, "GET", "/organizations"), asked)
        assert [[row["id"] for row in rows] for rows in found] == [[IDS[n]] for n in asked]


def test_a_table_is_made_with_its_first_row(url: str, running: RunningSandbox) -> None:
    assert ask(running, 20, "GET", "/contacts?select=*,contact_bookings(*)") == []
    assert ask(running, 20, "PATCH", "/contacts?email=eq.x", {"notes": "x"}) == []
    assert ask(running, 20, "DELETE", "/contacts?email=eq.x") == []
    assert tables(url, 20) == FIRST_TABLES
    body = {"organization_id": IDS[20], **GUEST}
    with ThreadPoolExecutor(4) as pool:  # all want the table at the same time
        made = list(pool.map(lambda _: ask(running, 20, "POST", "/contacts", body), range(4)))
    assert len({row["id"] for [row] in made}) == 4
    assert tables(url, 20) == sorted([*FIRST_TABLES, "contacts"])
    assert len(ask(running, 20, "GET", "/contacts")) == 4
    assert ask(running, 21, "GET", "/contacts") == []


def test_what_was_read_often_before_its_table_was_there_is_read_from_it_then(
    running: RunningSandbox,
) -> None:
    with httpx.Client(trust_env=False, timeout=60) as http:  # long enough to be prepared
        headers = {"Authorization": "Bearer key30"}
        for _ in range(100):
            assert http.get(f"{running.url}/taxes", headers=headers).json() == []
        ask(running, 30, "POST", "/taxes", {"organization_id": IDS[30], "percentage": 21})
        for _ in range(30):
            assert len(http.get(f"{running.url}/taxes", headers=headers).json()) == 1


def test_actions_make_the_tables_that_they_fill(url: str, running: RunningSandbox) -> None:
    product = {"name": {"default": "Loft"}, "rent_period": "daily", "timezone": "UTC"}
    ask(running, 40, "POST", "/products", product)
    assert tables(url, 40) == sorted([*FIRST_TABLES, "products"])
    assert len(ask(running, 40, "GET", "/products")) == 1
    assert ask(running, 41, "GET", "/products") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("no pair", 1),
        (f"{IDS[0]}=secret-key\nno-uuid=secret-key", 2),
        (f"# x\n\n{IDS[0]}=", 3),
    ],
)
def test_a_wrong_line_is_named_without_its_key(tmp_path: Path, text: str, line: int) -> None:
    listed = tmp_path / "organizations"
    listed.write_text(text)
    with pytest.raises(UsageError) as caught:
        organizations_in(listed)
    assert caught.value.message == f"{listed}:{line}: this is no organization"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        organizations_in(tmp_path / "none")
