"""The sandbox as a program: what it says, what it keeps, and that it leaves nothing."""

import os
import signal
from pathlib import Path

import httpx
import orjson
import pytest
from click.testing import CliRunner

from reconciler.sandbox.cluster import ClusterError, check_named, closed_to
from reconciler.sandbox.command import sandbox_command
from tests.sandbox_server import RunningSandbox, running_sandbox

from .conftest import ONE


@pytest.mark.parametrize(("mode", "is_closed"), [(0o700, True), (0o711, False), (0o755, False)])
def test_a_folder_that_the_user_of_postgresql_may_not_enter_is_named(
    open_folder: Path, mode: int, is_closed: bool
) -> None:
    home = open_folder / "home"
    (home / "install" / "bin").mkdir(parents=True)
    home.chmod(mode)
    stranger = home.stat().st_uid + 1
    assert closed_to(home / "install" / "bin", stranger) == (home if is_closed else None)


def test_a_user_without_a_name_is_told() -> None:
    """A container may run as any number; initdb looks its name up, and ends without one."""
    check_named(os.getuid())
    with pytest.raises(ClusterError, match="the system has none for 4711"):
        check_named(4711)


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_sandbox_leaves_nothing(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setenv("TMPDIR", str(open_folder))
    with running_sandbox() as running:
        (mine,) = open_folder.iterdir()
        postgres = int((mine / "data" / "postmaster.pid").read_text().split()[0])
        assert running.url.startswith("http://127.0.0.1:")
        os.kill(postgres, 0)
        os.kill(running.pid, number)
    assert not mine.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postgres, 0)


def test_a_stop_cuts_off_without_a_word_what_takes_too_long(
    capfd: pytest.CaptureFixture[str],
) -> None:
    slow = running_sandbox("--fault", "latency=60s")
    with slow as running, client(running) as http, pytest.raises(httpx.ReadTimeout):
        http.get("/taxes", timeout=0.5)
    assert capfd.readouterr().err == ""


def test_data_is_kept_with_organizations_and_keys(open_folder: Path) -> None:
    data = open_folder / "kept"
    with running_sandbox("--data", str(data)) as first, client(first) as http:
        row = {"organization_id": first.organization, "percentage": 3}
        assert http.post("/taxes", json=row).status_code == 201
    with running_sandbox("--data", str(data)) as second, client(second) as http:
        assert second.organizations == first.organizations
        assert len(http.get("/taxes").json()) == 1


def test_a_folder_serves_one_sandbox_at_a_time(open_folder: Path) -> None:
    data = open_folder / "kept"
    with running_sandbox("--data", str(data)) as first, client(first) as http:
        result = CliRunner().invoke(sandbox_command, ["--port", "0", "--data", str(data)])
        assert isinstance(result.exception, ClusterError)
        assert 'lock file "postmaster.pid" already exists' in result.exception.message
        assert http.get("/taxes").status_code == 200


def test_a_folder_of_other_files_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    tmp_path.chmod(0o755)
    before = tmp_path.stat()
    result = CliRunner().invoke(sandbox_command, ["--port", "0", "--data", str(tmp_path)])
    assert "holds something else" in str(result.exception)
    assert (tmp_path.stat().st_uid, tmp_path.stat().st_mode) == (before.st_uid, before.st_mode)


def test_rows_to_begin_with_are_for_a_fresh_organization(open_folder: Path) -> None:
    data, seed = open_folder / "kept", open_folder / "seed.jsonl"
    rows = [
        {"organization_id": ONE, "percentage": 1, "type": "included"},
        {"organization_id": ONE, "percentage": 2, "new": 1},
    ]
    seed.write_bytes(orjson.dumps({"kind": "taxes", "rows": rows}))
    options = ["--data", str(data), "--seed", str(seed)]
    named = ["--organization", f"{ONE}=one"]
    with running_sandbox(*options, *named) as running, client(running) as http:
        found = http.get("/taxes?select=percentage,type&order=percentage").json()
        assert found == [{"percentage": 1, "type": "included"}, {"percentage": 2, "type": "on-top"}]
    for again in ([], named):
        result = CliRunner().invoke(sandbox_command, ["--port", "0", *options, *again])
        assert "--seed fills a fresh organization" in str(result.exception)


def test_a_key_opens_one_organization() -> None:
    options = [*("--organization", f"{ONE}=key"), *("--key", f"key={ONE}:read")]
    result = CliRunner().invoke(sandbox_command, ["--port", "0", *options])
    assert "the same key is given twice" in str(result.exception)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--organization", "x=key", "the id of an organization is no UUID"),
        ("--organization", "11111111-1111-4111-8111-111111111111", "is no organization"),
        ("--key", "k=11111111-1111-4111-8111-111111111111:write", "is no key"),
        ("--database-url", "host=/nowhere", "PostgreSQL cannot be used"),
        ("--database-url", "nonsense", "PostgreSQL cannot be used"),
        ("--seed", "/nowhere", "the seed file /nowhere cannot be read"),
    ],
)
def test_wrong_options_are_refused(option: str, value: str, words: str) -> None:
    result = CliRunner().invoke(sandbox_command, ["--port", "0", option, value])
    assert words in str(result.exception)


def client(running: RunningSandbox) -> httpx.Client:
    headers = {"Authorization": f"Bearer {running.key}"}
    return httpx.Client(base_url=running.url, headers=headers, trust_env=False)
