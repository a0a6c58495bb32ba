"""Files of a folder are replaced together, wherever the run that does it is killed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from reconciler.configuration.load import load
from reconciler.diagnostics import Problem, UsageError
from reconciler.staging import (
    Changes,
    finish_stopped,
    opened,
    replace_together,
    staged,
)
from reconciler.staging.finishing import FINISHED
from tests.dying import killed

BEFORE = {"bookingmood.yaml": b"reconciler:\n  stack: villa\n", "a/taxes.yaml": b"taxes:\n"}
AFTER = {
    "bookingmood.yaml": b"reconciler:\n  stack: other\n",
    "contacts.yaml": b"contacts:\n",
    "a/taxes.yaml": b"taxes: {}\n",
    "bindings/x.yaml": b"# ids\n",
}
_MANY = 200
DIGEST = hashlib.sha256(b"kept").hexdigest()


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def put(folder: Path, contents: dict[str, bytes]) -> None:
    for name, data in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def edit(folder: Path) -> None:
    replace_together({folder: Changes({folder / name: data for name, data in AFTER.items()})})


def make(folder: Path) -> None:
    with staged(folder) as stage:
        put(stage.folder, AFTER)


@pytest.mark.parametrize("action", [edit, make], ids=["edited", "new"])
def test_a_kill_leaves_the_old_or_what_the_next_run_finishes(
    action: Callable[[Path], None], tmp_path: Path
) -> None:
    before = BEFORE if action is edit else {}
    for number in range(_MANY):
        folder = tmp_path / f"{number:03}"
        put(folder, before)
        if not killed(folder, action, number):
            assert (number > 20, files(folder)) == (True, AFTER)
            return
        shown = {n: d for n, d in files(folder).items() if not n.startswith(".")}
        unfinished = any(p.code == "unfinished-export" for p in problems(folder))
        assert unfinished or shown in (before, AFTER), number
        if folder.exists():
            assert finish_stopped(folder) == unfinished
            assert files(folder) in (before, AFTER), number
        action(folder)
        assert files(folder) == AFTER, number
    pytest.fail("it never ends")


def problems(folder: Path) -> tuple[Problem, ...]:
    loaded = load([folder], variables={}, environment={}) if folder.exists() else None
    return loaded.problems if loaded else ()


def test_what_somebody_changed_since_is_not_overwritten(tmp_path: Path) -> None:
    for number in range(_MANY):
        folder = tmp_path / f"{number:03}"
        put(folder, BEFORE)
        killed(folder, edit, number)
        if problems(folder):
            break
    (folder / "bookingmood.yaml").write_bytes(b"by hand")
    with pytest.raises(UsageError, match="was changed since a run was stopped"):
        finish_stopped(folder)
    assert (folder / "bookingmood.yaml").read_bytes() == b"by hand"


def test_what_somebody_changed_since_is_not_taken_away(tmp_path: Path) -> None:
    for number in range(_MANY):
        folder = tmp_path / f"{number:03}" / "one"
        put(folder, {**BEFORE, "gone": b"old"})
        put(folder.parent / "two", {**BEFORE, "gone": b"old"})
        assert killed(folder.parent, together, number)
        if problems(folder) and (folder / "gone").exists():
            break
    (folder / "gone").write_bytes(b"by hand")
    with pytest.raises(UsageError, match="was to take it away"):
        finish_stopped(folder)
    assert (folder / "gone").read_bytes() == b"by hand"
    (folder / "gone").write_bytes(b"old")
    assert finish_stopped(folder)
    assert files(folder) == AFTER


def test_who_opens_a_folder_is_told_what_was_finished_there(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / ".export-of-people").mkdir()  # what never was ready is taken away without a word
    put(tmp_path, BEFORE)
    number = 0
    while not problems(tmp_path):
        number += 1
        assert killed(tmp_path, edit, number)
    with opened([tmp_path, tmp_path], "test", patience=0, tell=said.append):
        assert files(tmp_path)["contacts.yaml"] == AFTER["contacts.yaml"]
    assert said == [f"Note: {tmp_path}: {FINISHED}"]


def listed(files: object = None, gone: object = None, **others: object) -> bytes:
    return orjson.dumps({"files": files or {}, "gone": gone or {}, "parts": [], **others})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ready.json", b"{"),
        ("ready.json", b""),
        ("ready.json", b"[1]"),
        ("ready.json", b"[" * 100_000),
        ("ready.json", b'{"files": 1, "gone": 2}'),
        ("ready.json", listed({"a.yaml": 5})),
        ("ready.json", listed(gone=["../secret"])),
        ("ready.json", listed(gone={"../secret": DIGEST})),
        ("ready.json", listed(gone={"{parent}/secret": DIGEST})),
        ("ready.json", listed(gone={"a/../../secret": DIGEST})),
        ("ready.json", listed(gone={"away/secret": DIGEST})),
        ("ready.json", listed(gone={".git/config": DIGEST})),
        ("ready.json", listed(gone={"a/.Git/config": DIGEST})),
        ("ready.json", listed(gone={".reconciler/journal/x.jsonl": DIGEST})),
        ("ready.json", listed({".reconciler/journal/x.jsonl": None})),
        ("ready.json", listed(gone={"": None})),
        ("ready.json", listed(gone={"a\0b": None})),
        ("ready.json", listed(gone={"a" * 5000: DIGEST})),
        ("ready.json", listed(gone={"a": DIGEST})),
        ("ready.json", listed({"../../../secret": None})),
        ("ready.json", listed({"{parent}/secret": None})),
        ("ready.json", listed({"link/secret": None})),
        ("ready.json", listed({".git/hooks/pre-commit": None})),
        ("ready.json", listed(parts=["{parent}/other/.export-p"])),
        ("ready.json", listed(parts=["{parent}/other"])),
        ("ready.json", listed(parts=5)),
        ("part.json", b"{"),
        ("part.json", listed()),
        ("part.json", listed(leader=5)),
        ("part.json", listed(leader="{parent}/other/.export-x/ready.json")),
    ],
)
def test_a_list_from_a_pull_request_changes_nothing_outside_of_its_folder(
    name: str, data: bytes, tmp_path: Path
) -> None:
    here, outside = tmp_path / "here", tmp_path / "other"
    put(tmp_path, {"secret": b"kept", "other/.export-p/files/new": b""})
    put(tmp_path, {"other/.export-p/part.json": listed(leader=f"{outside}/.export-q/ready.json")})
    put(here, {**BEFORE, ".git/config": b"kept", ".export-x/files/.git/hooks/pre-commit": b"evil"})
    (here / "away").symlink_to(tmp_path)
    (here / ".export-x/files/link").symlink_to(tmp_path)
    put(here, {f".export-x/{name}": data.replace(b"{parent}", str(tmp_path).encode())})
    before = files(tmp_path)
    with pytest.raises(UsageError):
        finish_stopped(here)
    assert files(tmp_path) == before


def test_the_schema_of_the_editor_is_put_beside_the_journals(tmp_path: Path) -> None:
    with staged(tmp_path / "new") as stage:
        put(stage.folder, {".reconciler/schema.json": b"{}"})
    assert files(tmp_path / "new") == {".reconciler/schema.json": b"{}"}


def test_a_folder_of_somebody_with_such_a_name_stays(tmp_path: Path) -> None:
    put(tmp_path, {".export-2025/notes.txt": b"mine"})
    assert not finish_stopped(tmp_path)
    assert files(tmp_path) == {".export-2025/notes.txt": b"mine"}


def test_a_mode_and_a_link_stay(tmp_path: Path) -> None:
    put(tmp_path, BEFORE)
    (tmp_path / "bookingmood.yaml").chmod(0o640)
    (tmp_path / "link.yaml").symlink_to("a/taxes.yaml")
    link, plain = tmp_path / "link.yaml", tmp_path / "bookingmood.yaml"
    replace_together({tmp_path: Changes({link: b"taxes: {}\n", plain: b"x-a: 1\n"})})
    assert link.is_symlink()
    assert (tmp_path / "a/taxes.yaml").read_bytes() == b"taxes: {}\n"
    assert plain.stat().st_mode & 0o777 == 0o640


def together(parent: Path) -> None:
    replace_together(
        {
            folder: Changes({folder / n: data for n, data in AFTER.items()}, [folder / "gone"])
            for folder in (parent / "one", parent / "two")
        }
    )


@pytest.mark.parametrize("finisher", [0, 1], ids=["the one that leads", "the other one"])
def test_two_folders_change_together_wherever_the_run_is_killed(
    finisher: int, tmp_path: Path
) -> None:
    before = {**BEFORE, "gone": b"old"}
    for number in range(_MANY):
        folder = tmp_path / f"{number:03}"
        both = folder / "one", folder / "two"
        for each in both:
            put(each, before)
        if not killed(folder, together, number):
            assert (number > 40, *map(files, both)) == (True, AFTER, AFTER)
            return
        half = [{n: d for n, d in files(each).items() if n[0] != "."} for each in both]
        if any(each not in (before, AFTER) for each in half) or half[0] != half[1]:
            assert any(p.code == "unfinished-export" for e in both for p in problems(e)), half
        finish_stopped(both[finisher])
        finish_stopped(both[1 - finisher])
        assert [*map(files, both)] in ([before, before], [AFTER, AFTER])
    raise AssertionError("it never ended")


def test_a_part_whose_leader_is_gone_is_not_guessed_about(tmp_path: Path) -> None:
    both = tmp_path / "one", tmp_path / "two"
    for number in range(_MANY):
        for each in both:
            put(each, BEFORE)
        assert killed(tmp_path, together, number)
        if any(both[1].glob(".export-*/part.json")) and any(both[0].glob(".export-*/ready.json")):
            break
        for each in both:
            finish_stopped(each)
    both[0].rename(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="which is not there") as raised:
        finish_stopped(both[1])
    assert "put that folder back" in str(raised.value.hint)
    (tmp_path / "elsewhere").rename(both[0])
    assert finish_stopped(both[1])
    assert [*map(files, both)] == [AFTER, AFTER]
