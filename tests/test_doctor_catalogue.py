"""``doctor --catalogue``: what live has otherwise than the schemas, and files to begin with."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.client.described import kinds_described
from reconciler.configuration.grown import kinds_of
from reconciler.live.comparing import Compared, LiveColumn, LiveKind
from reconciler.live.stubs import stubs_of
from tests.builders import KINDS
from tests.commandline import run
from tests.sandbox_server import RunningSandbox, running_sandbox
from tests.test_catalogue import CHOSEN, ROWS, SHOP, settings
from tests.unit.test_catalogue_growth import COLUMN, WINE, adds, write

VERBS = dict.fromkeys(("list", "create", "update", "delete"), "documented-2026")


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningSandbox, Path]]:
    """Serve an API that has a kind and a column that no version knows, with a row of each."""
    folder = tmp_path_factory.mktemp("newer")
    write(folder, {**WINE, "x-verbs": VERBS}, adds("contacts", "wine", COLUMN))
    (folder / "b.yaml").write_text(ROWS)
    with running_sandbox("--catalogue", str(folder / "kinds")) as sandbox:
        assert run("apply", folder, "--auto-approve", environment=settings(sandbox)).code == 0
        yield sandbox, folder


def test_what_is_new_is_named_and_written_without_values(
    newer: tuple[RunningSandbox, Path], tmp_path: Path
) -> None:
    sandbox, _ = newer
    kinds, environment = tmp_path / "kinds", settings(sandbox)
    done = run("doctor", "--catalogue", "--write", kinds, environment=environment)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1:] == [
        "Catalogue:    2 kinds otherwise",
        "  new: contacts.wine text",
        "  new: wines (id uuid, name text, notes text, product_id uuid)",
        f"Wrote {kinds / 'contacts.schema.json'}.",
        f"Wrote {kinds / 'wines.schema.json'}.",
    ]
    written = "".join(file.read_text() for file in kinds.iterdir())
    for value in ("Red", "corked", "the secret one", "jane"):
        assert value not in written + done.out

    (tmp_path / "a.yaml").write_text(
        "reconciler:\n  stack: villa-two\n  catalogue: {path: ./kinds}\n"
    )
    grown = kinds_of([tmp_path])
    assert grown["contacts"].columns["wine"].pii
    assert {c.name for c in grown["wines"].columns.values() if c.pii} == {"name", "notes"}
    assert str(grown["wines"].columns["product_id"].reference).find("products") > 0

    (tmp_path / "b.yaml").write_text("wines: {white: {name: White}}\n")
    applied = run("apply", tmp_path, "--auto-approve", environment=environment)
    assert applied.code == 0, applied.err
    again = run("doctor", "--catalogue", "--folder", tmp_path, environment=environment)
    assert again.out.splitlines()[1:] == ["Catalogue:    as live"]

    kept = run("doctor", "--catalogue", "--write", kinds, environment=environment)
    assert "wines.schema.json exists already; it stays" in kept.err


def test_what_is_gone_or_of_another_type_is_named(tmp_path: Path) -> None:
    def edit(name: str, **columns: dict[str, Any] | None) -> None:
        file = served / f"{name}.schema.json"
        schema = json.loads(file.read_text())
        schema["properties"].update(columns)
        schema["properties"] = {n: c for n, c in schema["properties"].items() if c}
        file.write_text(json.dumps(schema))

    served = tmp_path / "served"
    shutil.copytree(SHOP / "kinds", served)
    edit("articles", unit=None, price=COLUMN)
    (served / "order_lines.schema.json").unlink()
    options = ("--catalogue", str(served), "--tenant", "none")
    with running_sandbox(*options, "--organization", f"{CHOSEN}=k") as sandbox:
        environment = settings(sandbox)
        done = run("doctor", "--catalogue", "--folder", SHOP, environment=environment)
        plain = run("doctor", "--folder", SHOP, environment=environment)
    assert done.out.splitlines()[1:] == [
        "Catalogue:    2 kinds otherwise",
        "  gone: articles.unit",
        "  of another type: articles.price is text, known as real",
        "  gone: order_lines",
    ]
    assert "Organization: none" in plain.out


def test_write_needs_catalogue(tmp_path: Path) -> None:
    done = run("doctor", "--write", tmp_path, environment={"BOOKINGMOOD_API_KEY": "k"})
    assert (done.code, "hint: add --catalogue" in done.err) == (1, True)


@pytest.mark.parametrize("name", ["../up", "A", "select\n", "", "reconciler.yaml"])
def test_a_kind_with_an_odd_name_is_written_nowhere(name: str) -> None:
    new = LiveKind(name, True, (LiveColumn("id", "uuid"),))
    assert list(stubs_of(Compared((new,), (), ()), KINDS)) == []


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("no JSON", None),
        ("[]", None),
        ('{"definitions": {"a": 5, "b": {"properties": []}}}', None),
        ('{"definitions": {"a": {"properties": {"b": 5}}}}', ["a"]),
        ('{"definitions": {"a": {"properties": {}}}, "paths": 5}', ["a"]),
    ],
)
def test_a_description_of_any_shape(body: str, known: list[str] | None) -> None:
    found = kinds_described(body.encode())
    assert (found if found is None else list(found)) == known
