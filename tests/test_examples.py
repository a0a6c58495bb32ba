"""Every example, run as a user would: validate, plan, apply, and nothing is left to do."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.catalogue import load_kinds
from reconciler.configuration.load import load
from reconciler.configuration.plain import plain_yaml
from reconciler.configuration.validate import validate

from .sandbox_server import ROOT, RunningSandbox, running_sandbox

EXAMPLES = ROOT / "examples"
ORGANIZATION = "5eed0000-0000-4000-8000-000000000001"
KEY = "key-of-all"
PARK = "5eed0000-0000-4000-8000-000000000002"
EVERY_KIND = "5eed0000-0000-4000-8000-000000000003"
ROWS_OF_ITS_OWN = 7
PLACES = {"file", "line", "template"}
NO_CHANGES, ERROR, PENDING, REFUSED = 0, 1, 2, 4


@dataclass(frozen=True, slots=True)
class Example:
    """An example, what its first plan counts, and what its apply must allow."""

    name: str
    plan: str
    allow: str = ""


TABLE = (
    Example(
        "links",
        plan="Plan: 5 to create, 0 unchanged.",
    ),
    Example(
        "villa",
        plan="Plan: 67 to create, 0 unchanged.",
        allow="billing-create",
    ),
    Example(
        "villa-park",
        plan="Plan: 117 to create, 0 unchanged.",
        allow="billing-create",
    ),
    Example(
        "every-kind",
        plan="Plan: 52 to create, 1 to adopt, 0 unchanged.",
        allow="billing-create,invites",
    ),
)
each_example = pytest.mark.parametrize("example", TABLE, ids=lambda example: example.name)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """Serve one organization: who tries one example after the other must not be stopped.

    Two more are empty, for tests that say how many changes there are.
    """
    pairs = (f"{ORGANIZATION}={KEY}", f"{PARK}=park-key", f"{EVERY_KIND}=every-kind-key")
    with running_sandbox(*(word for pair in pairs for word in ("--organization", pair))) as running:
        yield running


def test_the_table_names_every_example() -> None:
    folders = {file.parent.name for file in EXAMPLES.glob("*/bookingmood.yaml")}
    assert {example.name for example in TABLE} == folders


@each_example
def test_an_example_is_valid_before_any_variable_is_set(example: Example) -> None:
    run = reconciler("validate", EXAMPLES / example.name)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("Valid: ")
    assert "warning" not in run.stdout


@each_example
def test_an_example_is_applied_once_and_its_export_is_valid(
    example: Example, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    folder = tmp_path / example.name
    shutil.copytree(EXAMPLES / example.name, folder)
    url, key = sandbox.url, KEY

    first = reconciler("plan", folder, "--detailed-exitcode", url=url, key=key)
    assert (first.returncode, said(first)) == (PENDING, [])
    assert example.plan in first.stdout.splitlines()

    if example.allow:
        refused = reconciler("apply", folder, "--auto-approve", url=url, key=key)
        assert refused.returncode == REFUSED
        assert f"add --allow {example.allow}\n" in refused.stderr

    allow = ("--allow", example.allow) if example.allow else ()
    applied = reconciler("apply", folder, "--auto-approve", *allow, url=url, key=key)
    assert applied.returncode == NO_CHANGES, applied.stderr

    second = reconciler("plan", folder, "--detailed-exitcode", url=url, key=key)
    assert (second.returncode, said(second)) == (NO_CHANGES, []), second.stdout
    assert "No changes: " in second.stdout

    # no rule and no code finds fault with what the server took: of this example, or those before
    exported = tmp_path / "exported"
    assert reconciler("export", "--out", exported, url=url, key=key).returncode == 0
    valid = reconciler("validate", exported)
    assert (valid.returncode, valid.stderr) == (0, "")
    assert valid.stdout.startswith("Valid: ")
    assert "warning" not in valid.stdout


def test_every_kind_has_every_kind_that_can_be_written() -> None:
    kinds = load_kinds()
    loaded = load([EXAMPLES / "every-kind"], variables={}, environment={})
    configuration, _ = validate(loaded, kinds, unset_is_error=False)
    assert configuration
    shown = {address.kind for address in configuration.resources}
    assert shown >= {kind.name for kind in kinds.values() if "create" in kind.verbs}


@each_example
def test_no_example_needs_variables(example: Example) -> None:
    loaded = load([EXAMPLES / example.name], variables={}, environment={})
    assert not any("${" in line for line in plain_yaml(loaded, load_kinds()))


def test_the_twin_of_the_park_has_the_digest_and_the_changes_of_the_park(
    sandbox: RunningSandbox,
) -> None:
    """The places differ, and nothing else."""
    api = {"url": sandbox.url, "key": "park-key"}
    plans = [
        json.loads(reconciler("plan", EXAMPLES / name, "--format", "json", **api).stdout)
        for name in ("villa-park", "villa-park-plain")
    ]
    assert plans[0]["configuration"] == plans[1]["configuration"]
    without = [
        [{n: v for n, v in c.items() if n not in PLACES} for c in plan["changes"]] for plan in plans
    ]
    assert without[0] == without[1]
    made = [c for c in plans[0]["changes"] if "template" in c]
    assert len(made) == len(plans[0]["changes"]) - ROWS_OF_ITS_OWN
    lines = (EXAMPLES / "villa-park" / "bookingmood.yaml").read_text().splitlines()
    (willow,) = (c for c in made if c["address"] == "products.willow")
    assert lines[willow["line"] - 1].startswith("  willow:")
    assert "${key}: {name" in lines[willow["template"]["line"] - 1]


def reconciler(
    *words: str | Path, url: str = "", key: str = ""
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BOOKINGMOOD_API_URL": url, "BOOKINGMOOD_API_KEY": key}
    command = [sys.executable, "-m", "reconciler", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )


def said(run: subprocess.CompletedProcess[str]) -> list[str]:
    """Give the lines on stderr but those that only a slow run shows: how far it has read."""
    return [line for line in run.stderr.splitlines() if not line.startswith("reading ")]


def test_everything_that_can_be_deleted_goes_with_its_blocks(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    """What is left has no delete, and is named with the reason."""
    example = next(example for example in TABLE if example.name == "every-kind")
    folder = tmp_path / "every-kind"
    shutil.copytree(EXAMPLES / "every-kind", folder)
    api = {"url": sandbox.url, "key": "every-kind-key"}
    allow = ("--auto-approve", "--allow", f"{example.allow},deletes,billing-delete,cascade")
    assert reconciler("apply", folder, *allow, **api).returncode == 0
    for file in folder.glob("*.yaml"):
        if file.name != "bookingmood.yaml":
            file.unlink()
    emptied = reconciler("apply", folder, *allow, **api)
    assert emptied.returncode == 0, emptied.stderr
    left = reconciler("plan", folder, "--detailed-exitcode", **api)
    assert left.returncode == NO_CHANGES
    assert "user_profiles.owner" in left.stdout and "the row stays" in left.stdout.replace(
        "\n", " "
    )
