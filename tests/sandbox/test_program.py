"""The sandbox as a program: what it says, what it keeps, and that it leaves nothing."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from reconciler.sandbox.command import sandbox_command
from tests.sandbox_server import RunningSandbox, running_sandbox


def test_the_log_tells_requests_and_never_the_key(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    http.get("/seasons?select=id")
    last = sandbox.requests()[-1]
    assert {key: last[key] for key in ("method", "path", "query", "status", "rows")} == {
        "method": "GET",
        "path": "/seasons",
        "query": "select=id",
        "status": 200,
        "rows": 0,
    }
    assert sandbox.log is not None
    assert b"Bearer" not in sandbox.log.read_bytes()


def test_a_stopped_sandbox_leaves_nothing(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(open_folder))
    with running_sandbox() as running:
        (mine,) = open_folder.iterdir()
        postgres = int((mine / "data" / "postmaster.pid").read_text().split()[0])
        assert running.url.startswith("http://127.0.0.1:")
        os.kill(postgres, 0)
    assert not mine.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postgres, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can enter: as root, PostgreSQL runs as another user."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_data_is_kept_with_organisations_and_keys(open_folder: Path) -> None:
    data = open_folder / "kept"
    with running_sandbox("--data", str(data)) as first, client(first) as http:
        row = {"organization_id": first.organization, "percentage": 3}
        assert http.post("/taxes", json=row).status_code == 201
    with running_sandbox("--data", str(data)) as second, client(second) as http:
        assert second.organizations == first.organizations
        assert len(http.get("/taxes").json()) == 1


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--organization", "x=key", "'x' is no UUID"),
        ("--organization", "11111111-1111-4111-8111-111111111111", "is no organisation"),
        ("--key", "k=11111111-1111-4111-8111-111111111111:write", "is no key"),
    ],
)
def test_wrong_options_are_refused(option: str, value: str, words: str) -> None:
    result = CliRunner().invoke(sandbox_command, [option, value])
    assert words in str(result.exception)


def client(running: RunningSandbox) -> httpx.Client:
    headers = {"Authorization": f"Bearer {running.key}"}
    return httpx.Client(base_url=running.url, headers=headers, trust_env=False)
