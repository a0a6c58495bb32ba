"""Going to places: definitions, references, the outline of a file, resources by name, links."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .language_client import Editor, editor
from .test_lsp_sync import write

FILES = {
    "villa/a.yaml": """\
reconciler:
  stack: lsp-places-7f3a
  protect: [contacts.jane]
  editor: {overlays: [../staging.yaml], var_files: [../not-there.env]}
templates:
  guest:
    parameters: {stay: {type: string}}
    contact_bookings:
      - {contact_id: jane, booking_id: "${stay}"}
""",
    "villa/contacts.yaml": (
        "\ufeffcontacts:\n  jane: {first_name: Jané, last_name: '😀'}\n  john: {}\n"
    ),
    "villa/more/stays.yaml": """\
bookings:
  stay: {reference: B1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}
contact_bookings:
  - {contact_id: "jane", booking_id: stay}
guest:
  first: {stay: stay}
""",
    "staging.yaml": "contacts:\n  jane: {last_name: Staging}\n",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor with a folder, an overlay beside it, and a template."""
    folder = write(tmp_path_factory.mktemp("places"), FILES)
    with editor(folder) as one:
        for name in FILES:
            one.diagnostics(one.open(folder / name))
        yield one
        assert one.log == []


def uri(one: Editor, name: str) -> str:
    """Give the URI of a file."""
    return (one.folders[0] / name).as_uri()


def read(one: Editor, place: dict[str, Any]) -> str:
    """Give the file and the text of a location."""
    path = Path(place["uri"].removeprefix("file://"))
    text = FILES[str(path.relative_to(one.folders[0]))].splitlines()
    start, end = place["range"]["start"], place["range"]["end"]
    assert start["line"] == end["line"]
    line = text[start["line"]].encode("utf-16-le")
    words = line[2 * start["character"] : 2 * end["character"]].decode("utf-16-le")
    return f"{path.name}:{start['line']} {words}"


def at(one: Editor, method: str, name: str, word: str, **more: object) -> list[str]:
    """Ask about the first place of a word."""
    text = FILES[name]
    line = text[: text.index(word)].count("\n")
    column = text.index(word) - (text.rfind("\n", 0, text.index(word)) + 1)
    found = one.at(f"textDocument/{method}", uri(one, name), line, column, **more)
    return sorted(read(one, place) for place in found or ())


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("villa/more/stays.yaml", 'jane", b'),
        ("villa/a.yaml", "jane]"),
        ("villa/a.yaml", "jane, b"),
        ("villa/contacts.yaml", "jane"),
        ("staging.yaml", "jane"),
    ],
    ids=["in quotes", "protected", "in a template", "itself", "in an overlay"],
)
def test_a_key_leads_to_where_it_is_given(opened: Editor, name: str, word: str) -> None:
    assert at(opened, "definition", name, word) == ["contacts.yaml:1 jane", "staging.yaml:1 jane"]


def test_a_key_is_found_wherever_it_is_used(opened: Editor) -> None:
    uses = ["a.yaml:2 contacts.jane", "a.yaml:8 jane", "stays.yaml:3 jane"]
    own = ["contacts.yaml:1 jane", "staging.yaml:1 jane"]
    for given, expected in ((False, uses), (True, sorted([*uses, *own]))):
        context = {"includeDeclaration": given}
        found = at(opened, "references", "villa/contacts.yaml", "jane", context=context)
        assert found == expected


def test_an_argument_of_a_template_leads_to_what_it_names(opened: Editor) -> None:
    assert at(opened, "definition", "villa/more/stays.yaml", "stay}") == ["stays.yaml:1 stay"]


def test_no_key_leads_nowhere(opened: Editor) -> None:
    assert at(opened, "definition", "villa/contacts.yaml", "first_name") == []


def test_a_file_has_an_outline(opened: Editor) -> None:
    item = {"textDocument": {"uri": uri(opened, "villa/more/stays.yaml")}}
    found = opened.ask("textDocument/documentSymbol", item)
    assert [(one["name"], [i["name"] for i in one["children"]]) for one in found] == [
        ("bookings", ["stay"]),
        ("contact_bookings", ["jane--stay"]),
        ("guest", ["first"]),
    ]
    assert found[0]["range"]["end"]["line"] == 1


def test_resources_are_found_by_name(opened: Editor) -> None:
    found = opened.ask("workspace/symbol", {"query": "contacts.J"})
    assert [(one["containerName"], one["name"]) for one in found] == [
        ("contacts", "jane"),
        ("contacts", "john"),
    ]
    assert [read(opened, one["location"]) for one in found] == [
        "contacts.yaml:1 jane",
        "contacts.yaml:2 john",
    ]


def test_settings_lead_to_what_they_name(opened: Editor) -> None:
    item = {"textDocument": {"uri": uri(opened, "villa/a.yaml")}}
    (link,) = opened.ask("textDocument/documentLink", item)
    assert link["target"] == uri(opened, "staging.yaml")
