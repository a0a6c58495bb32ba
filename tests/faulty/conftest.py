"""For these tests: a server that misbehaves when it is told to, and its first organization."""

from collections.abc import Iterator

import pytest

from tests.faulty.server import FaultyServer
from tests.organization import Organization
from tests.server import FIRST, SECOND, running_server


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    """One for the whole module."""
    pairs = (f"{FIRST}=first-key", f"{SECOND}=second-key")
    with running_server(tmp_path_factory.mktemp("faulty"), pairs, "--admin") as server:
        yield FaultyServer(server)


@pytest.fixture
def organization(faulty: FaultyServer) -> Organization:
    """Its first organization, emptied; there are no faults yet."""
    return faulty.organization()
