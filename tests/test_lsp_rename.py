"""Renaming a key in an editor does what ``reconciler mv`` does, to every file."""

import shutil
from pathlib import Path

import pytest

from .commandline import run
from .framing import Message
from .language_client import Editor, editor
from .sandbox_server import ROOT

ORGANIZATION = "0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d"
ROW = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
OPTIONS = {"overlays": ["../above"], "organization": ORGANIZATION}


@pytest.fixture
def park(tmp_path: Path) -> Path:
    """The park of twelve houses, with an overlay, guests, bindings and line ends of Windows."""
    folder = tmp_path / "editor" / "park"
    shutil.copytree(ROOT / "examples" / "villa-park", folder)
    (folder / "guests.yaml").write_bytes(
        b"contacts:\r\n  jane: # she comes each year\r\n    email: jane@example.com\r\n"
        b"    creator_id: {lookup: {email: a@example.com}}\r\n"
        b"bookings:\r\n  summer: {reference: S-1, currency: EUR, display_currency: EUR,"
        b" exchange_rate: 1, silent: true}\r\n"
        b"contact_bookings: [{contact_id: 'jane', booking_id: summer}]"
        b"\r\nproduct_services: [{product_id: alder, service_id: sauna}]"
        b" # \xe2\x80\xa8 \xf0\x9f\x98\x80\r\n"
    )
    (folder.parent / "above").mkdir()
    (folder.parent / "above" / "more.yaml").write_text("contacts:\n  jane: {city: Delft}\n")
    (folder / "bindings").mkdir()
    lines = f"contacts.jane: {{id: {ROW}, origin: adopted}}\n"
    (folder / "bindings" / f"{ORGANIZATION}.yaml").write_text(
        f"# Which live row each address means. Written by reconciler; keep it in git.\n{lines}"
    )
    return folder


@pytest.mark.parametrize(
    ("file", "around", "old", "new"),
    [
        ("guests.yaml", "'jane'", "contacts.jane", "jane-doe"),
        ("guests.yaml", " summer}", "bookings.summer", "summer-stay"),
        ("bookingmood.yaml", "  oak:", "house.oak", "quercus"),
        ("bookingmood.yaml", "service_id: cleaning", "services.cleaning", "a-much-longer-key"),
        ("../above/more.yaml", "  jane:", "contacts.jane", "jane-doe"),
    ],
)
def test_it_does_what_mv_does(park: Path, file: str, around: str, old: str, new: str) -> None:
    other = park.parent.parent / "by-hand"
    shutil.copytree(park.parent, other)
    kind = old.partition(".")[0]
    folders = ("--folder", other / "park", "--overlay", other / "above")
    moved = run("mv", old, f"{kind}.{new}", *folders, environment={})
    assert moved.code == 0, moved.err
    with editor(park, options=OPTIONS) as one:
        uri, place = _open(one, park / file, around)
        begin = one.ask("textDocument/prepareRename", {"textDocument": {"uri": uri}, **place})
        assert begin["end"]["character"] - begin["start"]["character"] == len(old.split(".")[1])
        write(
            one.ask("textDocument/rename", {"textDocument": {"uri": uri}, **place, "newName": new})
        )
        assert one.log == []
    assert _files(park.parent) == _files(other)


@pytest.mark.parametrize(
    ("file", "around", "new", "said"),
    [
        ("guests.yaml", "  jane:", "Jane Doe", "cannot be a key"),
        ("bookingmood.yaml", "  cleaning:", "linen", "is there already"),
        ("guests.yaml", "product_id: alder", "alnus", "is made by a template"),
    ],
)
def test_what_cannot_be_renamed_is_refused(
    park: Path, file: str, around: str, new: str, said: str
) -> None:
    with editor(park, options=OPTIONS) as one:
        uri, place = _open(one, park / file, around)
        asked = {"textDocument": {"uri": uri}, **place, "newName": new}
        answer = one.answer("textDocument/rename", asked)
        assert said in answer["error"]["message"]


@pytest.mark.parametrize(
    ("can", "before", "said"),
    [
        (["delete"], "jane", "cannot make bindings/received.yaml: use `reconciler mv`"),
        (["create"], "jane-doe", "cannot delete bindings/received.yaml: use `reconciler mv`"),
    ],
    ids=["make", "delete"],
)
def test_what_an_editor_cannot_do_is_not_asked_of_it(
    park: Path, can: list[str], before: str, said: str
) -> None:
    if before != "jane":  # it comes back to the name that nothing has to remember
        (park / "bindings" / f"{ORGANIZATION}.yaml").unlink()
        folders = ("--folder", park, "--overlay", park.parent / "above")
        assert run("mv", "contacts.jane", f"contacts.{before}", *folders, environment={}).code == 0

    def able(first: Message) -> None:
        first["capabilities"]["workspace"]["workspaceEdit"] = {"resourceOperations": can}

    files = _files(park.parent)
    with editor(park, options=OPTIONS, prepare=able) as one:
        uri, place = _open(one, park / "guests.yaml", f"  {before}:")
        new = "jane" if before != "jane" else "jane-doe"
        asked = {"textDocument": {"uri": uri}, **place, "newName": new}
        assert said in one.answer("textDocument/rename", asked)["error"]["message"]
    assert _files(park.parent) == files


def test_with_errors_in_the_files_nothing_is_renamed(park: Path) -> None:
    with editor(park, options=OPTIONS) as one:
        uri, place = _open(one, park / "guests.yaml", "  jane:")
        bad = park / "bad.yaml"
        one.open(bad, "contacts: {x: {email: 1, email: 2}}")
        asked = {"textDocument": {"uri": uri}, **place, "newName": "jane-doe"}
        assert "have errors" in one.answer("textDocument/rename", asked)["error"]["message"]


def test_no_key_under_the_cursor_is_nothing_to_rename(park: Path) -> None:
    with editor(park, options=OPTIONS) as one:
        uri, place = _open(one, park / "guests.yaml", "email: jane")
        asked = {"textDocument": {"uri": uri}, **place}
        assert one.ask("textDocument/prepareRename", asked) is None


def _open(one: Editor, path: Path, around: str) -> tuple[str, Message]:
    """Open a file; gives its URI, and the place behind the first letters of a text in it."""
    path = path.resolve()
    text = path.read_bytes().decode()
    uri = one.open(path)
    at = text.index(around) + len(around.rstrip(":}'")) - 1
    before = text[:at]
    column = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
    return uri, {"position": {"line": before.count("\n"), "character": column}}


def write(edit: Message) -> None:
    """Write what an edit of a workspace says to the disk, as an editor does that saves all."""
    for change in edit["documentChanges"]:
        if change.get("kind") == "create":
            _path(change["uri"]).write_bytes(b"")
        elif change.get("kind") == "delete":
            _path(change["uri"]).unlink()
        else:
            path = _path(change["textDocument"]["uri"])
            path.write_bytes(_edited(path.read_bytes().decode(), change["edits"]).encode())


def _edited(text: str, edits: list[Message]) -> str:
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]

    def offset(place: Message) -> int:
        line = lines[place["line"]].encode("utf-16-le")[: place["character"] * 2]
        return starts[place["line"]] + len(line.decode("utf-16-le"))

    for edit in sorted(edits, key=lambda e: offset(e["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text


def _path(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))


def _files(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*.yaml"))
    return {str(p.relative_to(folder)): p.read_bytes().decode() for p in found}
