"""What an editor tells of the word under the cursor (§), over the protocol."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address

from .language_client import Editor, editor
from .sandbox_server import ROOT

ORGANIZATION = "0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d"
BOUND = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, Path]]:
    """An editor with the park of twelve houses open, an overlay, and one bound address."""
    folder = tmp_path_factory.mktemp("lsp") / "park"
    shutil.copytree(ROOT / "examples" / "villa-park", folder)
    (folder / "guests.yaml").write_text(
        "contacts:\n  jane: {email: jane@example.com, first_name: Jane, city: Delft}\n"
        "  joe: {email: joe@example.com}\n"
    )
    over = folder.parent / "north"
    over.mkdir()
    (over / "guests.yaml").write_text("contacts: {jane: {city: Leeuwarden}}\n")
    (folder / "bindings").mkdir()
    (folder / "bindings" / f"{ORGANIZATION}.yaml").write_text(
        f"contacts.joe: {{id: {BOUND}, origin: adopted}}\n"
    )
    options = {"overlays": ["../north"], "organization": ORGANIZATION}
    with editor(folder, options=options) as one:
        yield one, folder
        assert one.log == []


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("cont§acts: {}", ["**contacts**", "A row is known by email."]),
        ("bookings:\n  x: {refer§ence:", ["**bookings.reference**"]),
        ("contacts:\n  x:\n    first_§name: J", ["**contacts.first_name**", "Default: `''`"]),
        ("contacts:\n  x: {country_code: N§L}", ["**contacts.country_code**", "such as NL"]),
        ("products:\n  x: {rent_§period: daily}", ["`daily`, `nightly`"]),
        ("contacts:\n  x: {$ig§nore: []}", ["never compared, never written"]),
        ("house:\n  x: {gu§ests: 2}", ["**house.guests** · parameter", "a whole number"]),
        ("defaults: {contacts: {ci§ty: Delft}}", ["**contacts.city**"]),
        ("product_services:\n  - {product_id: al§der, service_id: sauna}", ["· Alder", "| EUR |"]),
    ],
)
def test_what_is_told(park: tuple[Editor, Path], written: str, parts: list[str]) -> None:
    told = _told(park, "new.yaml", written)
    assert [part for part in parts if part not in told] == [], told


def test_an_address_has_its_id_here(park: tuple[Editor, Path]) -> None:
    computed = Owner(ORGANIZATION, "villa-park-9c1e").id_of(Address("contacts", "jane"))
    assert f"`{computed}` (computed" in _told(park, "guests.yaml", "  jane", move=3)
    assert f"`{BOUND}` (adopted, by the bindings)" in _told(park, "guests.yaml", "  joe", move=3)


def test_the_value_that_an_overlay_gives_is_told(park: tuple[Editor, Path]) -> None:
    told = _told(park, "guests.yaml", "city: Delft", move=2)
    assert "north/guests.yaml:1:" in told
    assert "`Leeuwarden`" in told


@pytest.mark.parametrize("written", ["# cont§acts", "x-notes: {a§: 1}", "contacts:\n§\n  x: {}"])
def test_nothing_is_told_of_nothing(park: tuple[Editor, Path], written: str) -> None:
    one, folder = park
    path = folder / "new.yaml"
    assert one.at_cursor("textDocument/hover", path, written) is None
    one.close(path.as_uri())


def _told(park: tuple[Editor, Path], name: str, written: str, move: int | None = None) -> str:
    """Hover over a text, or over what stands so in a file of the folder."""
    one, folder = park
    path = folder / name
    if move is not None:
        whole = path.read_text()
        at = whole.index(written) + move
        written = f"{whole[:at]}§{whole[at:]}"
    answer = one.at_cursor("textDocument/hover", path, written)
    one.close(path.as_uri())
    return str(answer["contents"]["value"]) if answer else ""
