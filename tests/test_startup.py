"""What is loaded to answer: people wait for it with every command, and a shell with every Tab."""

import subprocess
import sys

import pytest

from .sandbox_server import ROOT

LINKS = str(ROOT / "examples" / "links")
API = {"aiohttp", "asyncio", "certifi", "httpcore", "httpx", "httpx_aiohttp", "ssl"}
LATE = {"difflib", "jsonschema", "regex", "rich", "dotenv"}
SANDBOX = {"psycopg", "psycopg_pool", "starlette", "uvicorn"}
LIBRARIES = {"click", "jsonschema_rs", "orjson", "yaml", *API, *LATE, *SANDBOX}


def imported(*words: str) -> set[str]:
    """Run Python and name the modules and packages that it loaded."""
    command = [sys.executable, "-X", "importtime", *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = (line for line in ended.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    ("words", "loaded", "not_loaded"),
    [
        (("-m", "reconciler", "validate", LINKS), {"reconciler", "click"}, API | LATE | SANDBOX),
        (("-m", "reconciler", "--help"), {"reconciler", "click"}, API | LATE | SANDBOX | {"yaml"}),
        (("-c", "import reconciler"), {"reconciler"}, LIBRARIES),
    ],
    ids=["validate", "help", "import"],
)
def test_nothing_is_loaded_that_is_not_needed(
    words: tuple[str, ...], loaded: set[str], not_loaded: set[str]
) -> None:
    found = imported(*words)
    assert loaded <= found
    assert found & not_loaded == set()
