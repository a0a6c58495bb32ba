"""What an editor can do about problems, and what it shows besides: colours and counts."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.configuration.validate.suggest import Suggester, meant

from .framing import Message
from .language_client import CURSOR, Editor, editor
from .sandbox_server import ROOT


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Editor, Path]]:
    """An editor with the park of twelve houses open."""
    folder = tmp_path_factory.mktemp("lsp") / "park"
    shutil.copytree(ROOT / "examples" / "villa-park", folder)
    with editor(folder) as one:
        yield one, folder
        assert one.log == []


@pytest.mark.parametrize(
    ("written", "title", "after"),
    [
        ("contatcs§: {x: {}}\n", "Write contacts", "contacts: {x: {}}\n"),
        ("contacts: {x: {emial§: a@b.nl}}", "Write email", "contacts: {x: {email: a@b.nl}}"),
        ("products: {x: {rent_period: nightl§}}", "Write nightly",
         "products: {x: {rent_period: nightly}}"),
        ("product_services: [{product_id: 'aldr§', service_id: sauna}]", "Write alder",
         "product_services: [{product_id: 'alder', service_id: sauna}]"),
        ("contacts: {x: {$was§: y}}", "Write $renamed_from", "contacts: {x: {$renamed_from: y}}"),
        ("contacts:\n§\tx: {}\n", "Write spaces for tabs", "contacts:\n  x: {}\n"),
        ("contacts: {x: {email: !!str§ a}}", "Take the tag away", "contacts: {x: {email: a}}"),
        ("contacts: {x: {email: ${§MAIL}}}", "Put quotes around it",
         'contacts: {x: {email: "${MAIL}"}}'),
        ("contacts:\n  x:\n    id§: 1\n    email: a\n", "Take id out",
         "contacts:\n  x:\n    email: a\n"),
        ("house: {x: {titel§: A, order: 1}}", "Write title", "house: {x: {title: A, order: 1}}"),
    ],
)  # fmt: skip
def test_what_has_one_right_answer_is_one_action(
    park: tuple[Editor, Path], written: str, title: str, after: str
) -> None:
    before = written.replace(CURSOR, "")
    actions = {action["title"]: action for action in _actions(park, written)}
    assert title in actions
    [change] = actions[title]["edit"]["documentChanges"]
    [edit] = change["edits"]
    start, end = (_offset(before, edit["range"][name]) for name in ("start", "end"))
    assert before[:start] + edit["newText"] + before[end:] == after


@pytest.mark.parametrize(
    "written",
    [
        "contacts:\n  x: {email§: a@b.nl}\n",
        "contacts:\n  x: {em§ail: a@b.nl}\n  x: {}\n",  # which of the two stays, people know
        "widgets§: {park: {currency: EUR}}",
    ],
)
def test_what_has_none_or_more_has_no_action(park: tuple[Editor, Path], written: str) -> None:
    assert _actions(park, written) == []


@pytest.mark.parametrize(
    ("hint", "name"),
    [
        (Suggester().hint("emial", ["email"]), "email"),
        ("did you mean Europe/Amsterdam?", "Europe/Amsterdam"),
        ("write $renamed_from", "$renamed_from"),
        ("write a-z, 0-9, '_' and single '-', as in jane", None),
        ("give the row's id, or a lookup", None),
    ],
)
def test_a_hint_with_one_answer_tells_it(hint: str, name: str | None) -> None:
    assert meant(hint) == name


def test_references_and_variables_have_colours(park: tuple[Editor, Path]) -> None:
    one, folder = park
    services = "services:\n  'tea': {order: '${N}'}\n"
    text = f"x-é: 1 # ${{NO}}\n{services}product_services:\n- {{service_id: tea}}\n"
    uri = one.open(folder / "new.yaml", text)
    data = one.ask("textDocument/semanticTokens/full", {"textDocument": {"uri": uri}})["data"]
    one.close(uri)
    assert [data[at : at + 5] for at in range(0, len(data), 5)] == [
        [2, 3, 3, 0, 1],
        [0, 15, 4, 1, 0],
        [2, 15, 3, 0, 0],
    ]


def test_above_each_key_stands_how_often_it_is_used(park: tuple[Editor, Path]) -> None:
    one, folder = park
    path = folder / "new.yaml"
    uri = one.open(
        path, "services:\n  tea: {}\nproduct_services: [{service_id: tea}, {service_id: tea}]\n"
    )
    lenses = one.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})
    one.close(uri)
    assert [(lens["range"]["start"], lens["command"]["title"]) for lens in lenses] == [
        ({"line": 1, "character": 2}, "2 references")
    ]


def _actions(park: tuple[Editor, Path], written: str) -> list[Message]:
    one, folder = park
    path = folder / "new.yaml"
    before, _, after = written.partition(CURSOR)
    uri = one.open(path, before + after)
    line = before.count("\n")
    place = {"line": line, "character": len(before) - before.rfind("\n") - 1}
    where = {"start": place, "end": place}
    context = {"diagnostics": one.diagnostics(uri)}
    asked = {"textDocument": {"uri": uri}, "range": where, "context": context}
    found: list[Message] = one.ask("textDocument/codeAction", asked)
    one.close(uri)
    return found


def _offset(text: str, place: Message) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place["line"]]) + int(place["character"])
