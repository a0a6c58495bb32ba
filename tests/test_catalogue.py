"""Kinds of the user's own, with a sandbox that serves them: no release, no line of Python."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import reconciler as api
from reconciler.catalogue import load_kinds
from reconciler.client.connection import Connection
from reconciler.configuration.load import load
from tests.commandline import run, run_alone
from tests.sandbox_server import ROOT, RunningSandbox, running_sandbox
from tests.unit.test_catalogue_growth import COLUMN, WINE, adds, write

SHOP = ROOT / "examples" / "other-api"
CHOSEN = "7d1c2a34-5b6e-4f70-8a91-b2c3d4e5f607"
PENDING, NO_CONSENT = 2, 4
ROWS = """\
wines:
  red: {name: Red, notes: corked}
contacts:
  jane: {email: jane@example.com, wine: the secret one}
"""


def settings(sandbox: RunningSandbox) -> dict[str, str]:
    """Give the settings that reach a sandbox."""
    return {"BOOKINGMOOD_API_URL": sandbox.url, "BOOKINGMOOD_API_KEY": sandbox.key}


def rows(sandbox: RunningSandbox, kind: str) -> list[dict[str, object]]:
    """Read the rows of a kind."""
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    answer = httpx.get(f"{sandbox.url}/{kind}", headers=headers, trust_env=False)
    found: list[dict[str, object]] = answer.raise_for_status().json()
    return found


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Make a folder with a new kind and a new column, and rows of both."""
    folder = tmp_path / "own"
    folder.mkdir()
    schema = {**WINE, "x-verbs": dict.fromkeys(("list", "create", "update", "delete"), EVIDENCE)}
    write(folder, schema, adds("contacts", "wine", {**COLUMN, "x-pii": True}))
    (folder / "b.yaml").write_text(ROWS)
    return folder


EVIDENCE = "documented-2026"


@pytest.fixture
def own_api(own: Path) -> Iterator[RunningSandbox]:
    """Serve the shipped kinds and those of the folder."""
    with running_sandbox("--catalogue", str(own / "kinds")) as sandbox:
        yield sandbox


def test_a_new_kind_and_a_new_column_without_a_release(own: Path, own_api: RunningSandbox) -> None:
    environment = settings(own_api)
    plan = run("plan", own, "--format", "markdown", environment=environment)
    assert "wines.red" in plan.out
    assert "corked" not in plan.out  # personal, since nothing else is said
    assert "the secret one" not in plan.out

    assert run("apply", own, "--auto-approve", environment=environment).code == 0
    assert [row["wine"] for row in rows(own_api, "contacts")] == ["the secret one"]
    assert [row["notes"] for row in rows(own_api, "wines")] == ["corked"]
    assert run("plan", own, "--detailed-exitcode", environment=environment).code == 0

    assert run_alone("rehearse", own, environment=environment).code == 0

    headers = {"Authorization": f"Bearer {own_api.key}"}
    httpx.patch(
        f"{own_api.url}/wines?name=eq.Red", json={"notes": "fine"}, headers=headers, trust_env=False
    ).raise_for_status()
    assert run("export", "--out", own, environment=environment).code == 0
    assert "notes: fine" in (own / "b.yaml").read_text()

    taken = run("undo", own, "--auto-approve", "--allow", "deletes", environment=environment)
    assert taken.code == 0, taken.err
    assert rows(own_api, "contacts") == []


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Copy the example of another API."""
    return Path(shutil.copytree(SHOP, tmp_path / "shop"))


@pytest.fixture
def shop_api(shop: Path) -> Iterator[RunningSandbox]:
    """Serve the tables of the shop, and nothing else."""
    options = ("--catalogue", str(shop / "kinds"), "--tenant", "none")
    with running_sandbox(*options, "--organization", f"{CHOSEN}=shop-key") as sandbox:
        yield sandbox


def test_another_api_is_planned_applied_and_exported(shop: Path, shop_api: RunningSandbox) -> None:
    environment = settings(shop_api)
    first = run("plan", shop, "--detailed-exitcode", environment=environment)
    assert (first.code, first.err) == (PENDING, "")
    assert "Plan: 6 to create, 0 unchanged." in first.out
    assert run("apply", shop, "--auto-approve", environment=environment).code == 0
    again = run("plan", shop, "--detailed-exitcode", environment=environment)
    assert (again.code, "No changes: 6 resources" in again.out) == (0, True)

    edited = (shop / "shop.yaml").read_text().replace("name: Mug", "name: Large mug")
    (shop / "shop.yaml").write_text(edited)
    assert run("apply", shop, "--auto-approve", environment=environment).code == 0
    taken = run("undo", shop, "--auto-approve", environment=environment)
    assert taken.code == 0, taken.err
    assert run("export", "--out", shop, environment=environment).code == 0
    assert "name: Mug" in (shop / "shop.yaml").read_text()
    assert run("plan", shop, "--detailed-exitcode", environment=environment).code == 0

    header = {"Authorization": "Bearer shop-key"}
    for shipped in ("products", "search", "book"):
        answer = httpx.get(f"{shop_api.url}/{shipped}", headers=header, trust_env=False)
        assert answer.status_code == 404


def test_another_api_from_python(shop: Path, shop_api: RunningSandbox) -> None:
    connection = Connection.checked(shop_api.url, "shop-key")
    configuration = api.load_configuration(shop)
    planned = api.make_plan(configuration, connection)
    report = api.apply(api.approve(planned), connection)
    assert len(report.outcomes) == 6
    assert api.make_plan(configuration, connection).plan.changes == ()


def test_another_api_needs_a_name_for_its_rows(shop: Path, shop_api: RunningSandbox) -> None:
    text = re.sub(r"\n  organization: .*", "", (shop / "shop.yaml").read_text())
    (shop / "shop.yaml").write_text(text)
    done = run("plan", shop, environment=settings(shop_api))
    assert done.code == 1
    assert "choose a UUID once, and write it as reconciler: organization:" in done.err


def test_no_line_of_python_names_a_kind_of_the_other_api() -> None:
    loaded = load([SHOP], variables={}, environment={})
    kinds = {file.name.partition(".")[0] for file in (SHOP / "kinds").iterdir()}
    assert len(kinds) == 4
    assert not kinds & load_kinds().keys()
    assert not loaded.problems
    named = re.compile(rf"[\"']({'|'.join(kinds)})[\"']")
    files = (ROOT / "reconciler").rglob("*.py")
    assert [file.name for file in files if named.search(file.read_text("utf-8"))] == []


def test_the_tenant_of_another_api_has_a_row_of_its_own(tmp_path: Path) -> None:
    def kind(name: str, **more: object) -> None:
        schema = json.loads((SHOP / "kinds" / "articles.schema.json").read_text())
        schema.update({"$id": f"{name}.schema.json", "x-kind": name})
        schema["properties"].update(more)
        (folder / f"{name}.schema.json").write_text(json.dumps(schema))

    folder = tmp_path / "kinds"
    folder.mkdir()
    filled = {
        "description": "Whose it is.", "type": "string", "x-type": "uuid",
        "x-references": "shops.id", "x-filled": "organization", "x-required-on-create": True,
    }  # fmt: skip
    kind("shops")
    kind("goods", shop_id=filled)
    setting = "{path: ./kinds, replace: true, tenant: {kind: shops, column: id}}"
    (tmp_path / "a.yaml").write_text(
        f"reconciler:\n  stack: many-shops\n  catalogue: {setting}\n"
        "goods: {mug: {code: M, price: 1}}\n"
    )
    with running_sandbox("--catalogue", str(folder), "--tenant", "shops") as sandbox:
        done = run("apply", tmp_path, "--auto-approve", environment=settings(sandbox))
        assert done.code == 0, done.err
        (good,) = rows(sandbox, "goods")
        assert good["shop_id"] == sandbox.organizations[0][0]
        assert run("plan", tmp_path, "--detailed-exitcode", environment=settings(sandbox)).code == 0
