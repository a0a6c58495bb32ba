"""Texts of an editor: where its lines end, how it counts columns, and what is not saved yet."""

from pathlib import Path

import pytest

from .language_client import Editor, editor

BLOCK = "reconciler: {stack: lsp-sync-7f3a}\n"
ROWS = "contacts:\n  jane: {first_name: Jane, notes: '%s', country_code: XX}\n"
TEXTS = {
    "ascii": "plain",
    "umlaut": "grün",
    "beyond 16 bits": "a😀b",
    "line separator": "a\u2028b\u2029c",
    "form feed and next line": "a\u0085b",
    "combining": "e\u0301",
}
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
SIZES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def units(text: str, encoding: str) -> int:
    """Count the columns of a text as the protocol does."""
    return len(text.encode(ENCODINGS[encoding])) // SIZES[encoding]


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return folder


def codes(one: Editor, uri: str) -> list[str]:
    """Name the codes that are marked in a document."""
    return [mark["code"] for mark in one.diagnostics(uri)]


def _place(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_columns_are_counted_as_agreed(encoding: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"a.yaml": BLOCK})
    with editor(folder, encodings=[encoding]) as one:
        assert one.capabilities["positionEncoding"] == encoding
        uri = one.open(folder / "a.yaml")
        for name, inside in TEXTS.items():
            text = BLOCK + ROWS % inside
            one.change(uri, {"text": text})
            line = text.split("\n")[2]
            start = units(line[: line.index("XX")], encoding)
            place, behind = _place(2, start), _place(2, start + 2)
            told = [(mark["code"], mark["range"]) for mark in one.diagnostics(uri)]
            assert told == [("invalid-value", {"start": place, "end": behind})], name


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_edits_land_where_they_are_meant(end: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"a.yaml": BLOCK})
    with editor(folder) as one:
        uri = one.open(folder / "a.yaml")
        for name, inside in TEXTS.items():
            text = (BLOCK + ROWS % inside + "  john: {first_name: John}\n").replace("\n", end)
            line = text.split(end)[2]
            start = units(line[: line.index("XX")], "utf-16")
            place, behind, beyond = _place(2, start), _place(2, start + 2), _place(3, 10_000)
            one.change(
                uri, {"text": text}, {"range": {"start": place, "end": behind}, "text": "NL"}
            )
            assert codes(one, uri) == [], name
            more = {"range": {"start": beyond, "end": beyond}, "text": f"{end}x-end: 1"}
            one.change(uri, more, {"range": {"start": place, "end": behind}, "text": "YY"})
            assert codes(one, uri) == ["invalid-value"], name
        assert one.log == []


def test_a_mark_at_the_beginning_shifts_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"a.yaml": BLOCK})
    with editor(folder) as one:
        uri = one.open(folder / "a.yaml", "\ufeffxontacts: {}\n" + BLOCK)
        (mark,) = one.diagnostics(uri)
        assert mark["range"]["start"] == {"line": 0, "character": 1}
        assert mark["range"]["end"] == {"line": 0, "character": 9}


def test_what_is_not_saved_counts_everywhere(tmp_path: Path) -> None:
    link = "contact_bookings:\n  - {contact_id: jane, booking_id: stay}\n"
    folder = write(tmp_path / "a", {"a.yaml": BLOCK, "links.yaml": link})
    with editor(folder) as one:
        links = one.open(folder / "links.yaml")
        assert codes(one, links) == ["unknown-reference", "unknown-reference"]
        new = one.open(folder / "more" / "new.yaml", "contacts: {jane: {}}\nbookings: {stay: {}}\n")
        assert codes(one, new) == ["missing-column"]
        assert one.settled().keys() == {new}
        one.close(new)
        assert one.settled().keys() == {links}
        assert one.marks[new] == []


def test_yaml_of_others_is_left_alone(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"compose.yaml": "services: [1]\n", "villa/a.yaml": BLOCK})
    with editor(folder) as one:
        uri = one.open(folder / "compose.yaml")
        one.change(uri, {"text": "contacts: {jane: 1}\nx: ["})
        assert one.settled() == {}
        assert uri not in one.marks


def test_all_open_folders_are_told_of(tmp_path: Path) -> None:
    wrong = BLOCK + "contacts: {jane: {zip: []}}\n"
    folders = [
        write(tmp_path / name, {"deep/a.yaml": wrong, "node_modules/b.yaml": wrong})
        for name in ("one", "two")
    ]
    with editor(*folders) as one:
        expected = {(folder / "deep" / "a.yaml").as_uri() for folder in folders}
        assert one.settled().keys() == expected
        gone = {"uri": folders[1].as_uri(), "name": "two"}
        event = {"event": {"added": [], "removed": [gone]}}
        one.tell("workspace/didChangeWorkspaceFolders", event)
        assert one.settled().keys() == {(folders[0] / "deep" / "a.yaml").as_uri()}


def test_changes_on_the_disk_are_heeded(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", {"a.yaml": BLOCK, "b.yaml": "contacts: {jane: {zip: []}}\n"})
    file = folder / "b.yaml"
    with editor(folder) as one:
        assert one.settled().keys() == {file.as_uri()}
        file.unlink()
        one.tell(
            "workspace/didChangeWatchedFiles", {"changes": [{"uri": file.as_uri(), "type": 3}]}
        )
        one.open(folder / "a.yaml")
        one.diagnostics((folder / "a.yaml").as_uri())
        assert one.marks[file.as_uri()] == []
        assert [asked["method"] for asked in one.asked] == ["client/registerCapability"]
