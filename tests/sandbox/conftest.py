import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox_server import RunningSandbox, running_sandbox

ONE = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
CLIENTS = "44444444-4444-4444-8444-444444444444"
PROPERTY = "55555555-5555-4555-8555-555555555555"
CASES = "33333333-3333-4333-8333-333333333333"


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    log: Path = tmp_path_factory.mktemp("sandbox") / "requests.jsonl"
    options = [
        *("--organization", f"{ONE}=one", "--organization", f"{OTHER}=other"),
        *("--organization", f"{CASES}=conformance", "--organization", f"{CLIENTS}=clients"),
        *("--organization", f"{PROPERTY}=property"),
        *("--key", f"reader={ONE}:read", "--key", f"half={ONE}:none=contacts,taxes"),
        *("--key", f"areas={ONE}:Bookings=read,Organization=none"),
    ]
    with running_sandbox(*options, log=log) as running:
        yield running


@pytest.fixture(scope="session")
def http(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer one"}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can enter: as root, PostgreSQL runs as another user."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
