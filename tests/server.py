"""A running sandbox and its organizations, which begin empty: for tests that need a database."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import httpx
import psycopg

from reconciler.sandbox.cluster import running_cluster
from reconciler.sandbox.making import ONE_AT_A_TIME, TABLES_OF, Home, missing_tables
from reconciler.sandbox.schema import load_tables
from reconciler.sandbox.settings import SandboxSettings
from reconciler.sandbox.switched import Switches, switches_of
from tests.commandline import Workspace
from tests.organization import Organization
from tests.sandbox_server import RunningSandbox, running_sandbox

FIRST = "0f9ad0c6-6e37-4bb5-93f1-0a2c8f1de001"
SECOND = "7b1f2a58-1d7e-4c39-8f7c-5d2f3c0de002"
THIRD = "b3a1c5d7-9e2f-4a6b-8c4d-6e8f0a1be003"
"""For modules that make one state and look at it in many tests."""
KEYS = (
    f"reader-key={THIRD}:read",
    f"first-reader-key={FIRST}:read",
    f"no-contacts-key={FIRST}:none=contacts",
    f"blind-key={THIRD}:none=contacts",
    f"no-links-key={FIRST}:none=contact_bookings",
)

PATIENT = httpx.Limits(keepalive_expiry=2)
"""The sandbox closes a connection that was idle for 5 s, maybe while a request is on its way."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running sandbox, and the PostgreSQL below it."""

    sandbox: RunningSandbox
    database: psycopg.Connection
    http: httpx.Client
    switches: Switches = ()
    asked: set[int] = field(default_factory=set)

    def organization(self, number: int) -> Organization:
        """Give an organization, emptied; it has all tables, so that SQL may name them."""
        row_id, key = self.sandbox.organizations[number]
        if number not in self.asked:
            headers = {"Authorization": f"Bearer {key}"}
            self.http.get(f"{self.sandbox.url}/organizations", headers=headers).raise_for_status()
            make_all_tables(self.database, row_id, self.switches)
            self.asked.add(number)
        found = Organization(row_id, key, self.sandbox.url, self.http, self.database)
        found.empty()
        return found


def make_all_tables(
    database: psycopg.Connection, organization: str, switches: Switches = ()
) -> None:
    """Make the tables that an organization would get with its first row of each kind."""
    home = Home(organization, switches)
    with database.transaction():
        database.execute(ONE_AT_A_TIME.encode())
        query = TABLES_OF.format("%s", "%s").encode()
        found = database.execute(query, (home.schema, list(load_tables()))).fetchall()
        statements = missing_tables(home, load_tables(), [name for (name,) in found])
        if statements:
            database.execute(statements)


@contextmanager
def running_server(folder: Path, pairs: Iterable[str], *options: str) -> Iterator[Server]:
    """Run one while the block lasts, for pairs of an organization and its key; logs to a folder."""
    words = [word for pair in pairs for word in ("--organization", pair)]
    log = folder / "requests.jsonl"
    with (
        running_cluster(None) as url,
        running_sandbox("--database-url", url, *words, *options, log=log) as sandbox,
        psycopg.connect(url, autocommit=True) as database,
        httpx.Client(trust_env=False, limits=PATIENT) as http,
    ):
        yield Server(sandbox, database, http, switches_in(options))


def switches_in(options: Sequence[str]) -> Switches:
    """Read what the options of a sandbox switch on for every table of a name."""
    words = [part for word in options for part in word.split("=", word.startswith("--"))]
    given = {
        name: tuple(value for word, value in pairwise(words) if word == name)
        for name in ("--unique", "--stores")
    }
    return switches_of(SandboxSettings(unique=given["--unique"], stores=given["--stores"]))


def workspace_for(organization: Organization, folder: Path) -> Workspace:
    """Make a folder of YAML for an organization."""
    folder.mkdir()
    return Workspace(folder, environment_for(organization))


def environment_for(organization: Organization) -> dict[str, str]:
    """Give the settings that reach an organization."""
    return {
        "BOOKINGMOOD_API_URL": organization.url,
        "BOOKINGMOOD_API_KEY": organization.key,
        "NO_COLOR": "1",
    }


@contextmanager
def shared_server(folder: Path) -> Iterator[Server]:
    """Run the sandbox that all tests of a process share."""
    pairs = (f"{FIRST}=first-key", f"{SECOND}=second-key", f"{THIRD}=third-key")
    keys = [word for spec in KEYS for word in ("--key", spec)]
    with running_server(folder, pairs, *keys) as running:
        yield running
