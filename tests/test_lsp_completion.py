"""What an editor offers while one types, over the protocol (§ stands where the cursor is)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .framing import Message
from .language_client import Editor, editor
from .sandbox_server import ROOT


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, Path]]:
    """An editor with the park of twelve houses open."""
    folder = tmp_path_factory.mktemp("lsp") / "park"
    shutil.copytree(ROOT / "examples" / "villa-park", folder)
    (folder / "names.env").write_text("TOWN=Delft\n")
    with editor(folder, options={"var_files": ["names.env"]}) as one:
        yield one, folder
        assert one.log == []


@pytest.mark.parametrize(
    ("written", "label", "inserts"),
    [
        ("con§", "contacts", "contacts:\n  "),
        ("contacts:\n  jane: {first_§}", "first_name", "first_name: "),
        ("contacts:\n  jane:\n    last§: x", "last_name", "last_name"),
        ("contacts:\n  jane:\n    $ig§", "$ignore", "$ignore: "),
        ("contacts:\n  jane: {$ignore: [§]}", "city", "city"),
        ("contacts:\n  §", "new contacts", "${1:key}:\n  email: $2"),
        ("contacts: {§", "new contacts", "${1:key}: {email: $2}"),
        ("contacts:\n  jane:\n    country_code: N§", "NL", "NL"),
        ("contacts:\n  jane:\n    country_code: N§", "NO", "'NO'"),
        ("contacts:\n  jane:\n    city: ${T§", "TOWN", "TOWN}"),
        ('contacts:\n  jane:\n    city: "${§}"', "TOWN", "TOWN}"),
        ("products:\n  x: {rent_period: §}", "daily", "daily"),
        ("product_services:\n  - {product_id: a§, service_id: sauna}", "alder", "alder"),
        ("product_services:\n  - product_id: §", "lookup", "{lookup: {name->>default: $1}}"),
        ("product_services:\n  - §", "alder--sauna", "{product_id: alder, service_id: sauna}"),
        ("product_services:\n  - product_id: alder\n    §", "service_id", "service_id: "),
        ("house:\n  x: {§", "title", "title: "),
        ("house:\n  §", "new house", "${1:key}: {title: $2, order: $3}"),
        ("templates:\n  t:\n    parameters: {p: {type: §", "boolean", "boolean"),
        ('templates:\n  house:\n    products:\n      x: {title: "${§', "guests", "guests}"),
        ("defaults:\n  products: {§", "rent_period", "rent_period: "),
        ("reconciler:\n  pro§", "protect", "protect: "),
        ("reconciler:\n  protect: [products.al§", "products.alder", "products.alder"),
    ],
)
def test_what_is_offered(park: tuple[Editor, Path], written: str, label: str, inserts: str) -> None:
    offered = _offered(park, written)
    assert label in offered, sorted(offered)[:20]
    assert offered[label]["textEdit"]["newText"] == inserts


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("contacts:\n  jane: {first_name: x, §}", "first_name"),
        ("house:\n  x: {title: x, §", "title"),
        ("product_services:\n  - §", "alder--cleaning"),  # it is linked
        ("contacts: # §", "contacts"),
        ("contacts:\n  jane:\n    notes: |\n      §", "contacts"),
    ],
)
def test_what_is_not_offered(park: tuple[Editor, Path], written: str, label: str) -> None:
    assert label not in _offered(park, written)


def test_a_key_is_shown_with_what_people_call_it(park: tuple[Editor, Path]) -> None:
    offered = _offered(park, "product_services:\n  - {product_id: al§")
    assert offered["alder"]["detail"] == "Alder"


def test_another_file_that_nobody_reads_is_offered_nothing(
    park: tuple[Editor, Path], tmp_path: Path
) -> None:
    one, _ = park
    path = tmp_path / "values.yaml"
    assert one.at_cursor("textDocument/completion", path, "con§") is None


def _offered(park: tuple[Editor, Path], written: str) -> dict[str, Message]:
    one, folder = park
    path = folder / "new.yaml"
    answer = one.at_cursor("textDocument/completion", path, written)
    one.close(path.as_uri())
    items = answer["items"] if answer else []
    return {item["label"]: item for item in items}
