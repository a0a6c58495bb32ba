"""What is loaded to answer: people wait for it with every command, and a shell with every Tab."""

import os
import subprocess
import sys

import pytest

from .sandbox_server import ROOT

LINKS = str(ROOT / "examples" / "links")
API = {"aiohttp", "asyncio", "certifi", "httpcore", "httpx", "httpx_aiohttp", "ssl"}
LATE = {"difflib", "jsonschema", "regex", "rich", "dotenv"}
SANDBOX = {"psycopg", "psycopg_pool", "starlette", "uvicorn"}
LIBRARIES = {"click", "jsonschema_rs", "orjson", "yaml", *API, *LATE, *SANDBOX}
UNASKED = {
    "reconciler.configuration.validate.excerpt",
    "reconciler.migration",
    "reconciler.sandbox",
}
"""What only some of the inputs to a command need."""
NOT_OFFLINE = {
    "importlib.resources",
    "reconciler.client.connection",
    "reconciler.render.problems",
    "secrets",
    "tempfile",
}
PLAN = ("-m", "reconciler", "plan", LINKS, "--retry-for", "0", "--api-url", "http://127.0.0.1:9")
BARE = {"copy", "dataclasses", "json", "pathlib", "reconciler.diagnostics", "reconciler.render.out"}


def imported(*words: str) -> set[str]:
    """Run Python and name the modules that it loaded, and the packages that they are in."""
    command = [sys.executable, "-X", "importtime", *words]
    environment = os.environ | {"BOOKINGMOOD_API_KEY": "k"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    lines = (line for line in ended.stderr.splitlines() if line.startswith("import time:"))
    modules = {line.rpartition("|")[2].strip() for line in lines}
    return modules | {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize(
    ("words", "loaded", "not_loaded"),
    [
        (("-m", "reconciler", "--version"), {"reconciler", "click"}, LIBRARIES - {"click"} | BARE),
        (("-m", "reconciler", "--help"), {"reconciler", "click"}, API | LATE | SANDBOX | {"yaml"}),
        (
            ("-m", "reconciler", "validate", LINKS),
            {"reconciler.configuration.validate"},
            API | LATE | SANDBOX | UNASKED | NOT_OFFLINE,
        ),
        (
            PLAN,
            {"aiohttp", "httpx"},
            SANDBOX | UNASKED | {"jsonschema", "pygments", "rich.console"},
        ),
        (
            ("-m", "reconciler", "apply", "--help"),
            {"reconciler.execution"},
            API - {"asyncio", "ssl"} | LATE | SANDBOX | UNASKED,
        ),
        (
            ("-m", "reconciler", "export", "--help"),
            {"reconciler.exporting"},
            API - {"asyncio", "ssl"} | LATE - {"difflib"} | SANDBOX | UNASKED,
        ),
        (("-m", "reconciler", "fmt", "--help"), {"reconciler.format"}, API | SANDBOX | UNASKED),
        (("-c", "import reconciler"), {"reconciler"}, LIBRARIES),
    ],
    ids=["version", "help", "validate", "plan", "apply", "export", "fmt", "import"],
)
def test_nothing_is_loaded_that_is_not_needed(
    words: tuple[str, ...], loaded: set[str], not_loaded: set[str]
) -> None:
    found = imported(*words)
    assert loaded <= found
    assert found & not_loaded == set()


def test_what_aiohttp_prepares_trusts_nobody_and_others_are_as_before() -> None:
    code = (
        "import sys; from reconciler.cli import main; from contextlib import suppress\n"
        "with suppress(SystemExit): main()\n"
        "import ssl; from aiohttp import connector\n"
        "assert connector._SSL_CONTEXT_VERIFIED.get_ca_certs() == []\n"
        "assert connector._SSL_CONTEXT_VERIFIED.verify_mode == ssl.CERT_REQUIRED\n"
        "assert 'set_default_verify_paths' not in vars(ssl.SSLContext)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, *PLAN[2:]],
        check=True,
        env=os.environ | {"BOOKINGMOOD_API_KEY": "k"},
    )
