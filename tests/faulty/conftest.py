"""For these tests: a server that misbehaves when it is told to, and its first organisation."""

from collections.abc import Iterator

import pytest

from tests.faulty.server import FaultyServer, faulty_server
from tests.organization import Organization


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    """One for the whole module."""
    with faulty_server(tmp_path_factory.mktemp("faulty")) as running:
        yield running


@pytest.fixture
def organization(faulty: FaultyServer) -> Organization:
    """Its first organisation, emptied; there are no faults yet."""
    return faulty.organization()
