"""Files are written whole, where they are meant to be, and nothing is left behind."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.files import ASIDE, check_replaceable, leads_outside, replacing, write_file
from tests.commandline import run

KILLED = """
import sys, time
from pathlib import Path
from reconciler.files import replacing
with replacing(Path(sys.argv[1])) as file:
    file.write(b"half")
    print("aside", flush=True)
    time.sleep(60)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("before", "given", "expected"),
    [(None, None, 0o644), (None, 0o600, 0o600), (0o640, None, 0o640), (0o600, 0o644, 0o600)],
)
def test_a_file_gets_the_right_rights(
    tmp_path: Path, before: int | None, given: int | None, expected: int
) -> None:
    path = tmp_path / "a"
    if before is not None:
        path.touch()
        path.chmod(before)
    umask = os.umask(0o022)
    try:
        write_file(path, b"new", mode=given)
    finally:
        os.umask(umask)
    assert (path.read_bytes(), mode(path), names(tmp_path)) == (b"new", expected, ["a"])


def link(path: Path) -> None:
    (path.parent / "target").write_bytes(b"old")
    path.symlink_to("target")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (link, "it is a symbolic link; name the file itself"),
        (lambda path: path.symlink_to("nowhere"), "it is a symbolic link"),
        (os.mkfifo, "it is not a regular file"),
        (Path.mkdir, "it is not a regular file"),
    ],
)
def test_what_is_no_file_is_not_replaced(
    tmp_path: Path, make: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "a"
    make(path)
    before = names(tmp_path)
    with pytest.raises(OSError, match=says):
        write_file(path, b"new")
    with pytest.raises(OSError, match=says):
        check_replaceable(path)
    assert names(tmp_path) == before
    assert not (tmp_path / "target").exists() or (tmp_path / "target").read_bytes() == b"old"


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"1", new=True)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "a", b"2", new=True)
    with pytest.raises(FileExistsError), replacing(tmp_path / "b", new=True) as file:
        file.write(b"mine")
        (tmp_path / "b").write_bytes(b"theirs")
    assert (tmp_path / "a").read_bytes() + (tmp_path / "b").read_bytes() == b"1theirs"
    assert names(tmp_path) == ["a", "b"]


def test_what_is_interrupted_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"old")
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "a") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_the_next_write_removes_what_the_dead_left_and_not_what_others_write(
    tmp_path: Path,
) -> None:
    words = [sys.executable, "-c", KILLED, str(tmp_path / "a")]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"aside\n"
        write_file(tmp_path / "b", b"")
        assert len(names(tmp_path)) == 2
        process.kill()
    assert names(tmp_path)[0].endswith(ASIDE)
    write_file(tmp_path / "c", b"")
    assert names(tmp_path) == ["b", "c"]


def test_links_that_lead_outside(tmp_path: Path) -> None:
    folder, sister = tmp_path / "villa", tmp_path / "villa-2"
    for path in (folder, sister):
        path.mkdir()
    (folder / "in").symlink_to(folder)
    (folder / "out").symlink_to(sister)
    (tmp_path / "other").symlink_to(folder)
    inside = ["in/a", "a", "in/in/a", "nowhere/a"]
    assert [leads_outside(folder / name, folder) for name in inside] == [False] * 4
    assert [leads_outside(folder / name, folder) for name in ("out", "out/a", "in/out/a")] == [
        True
    ] * 3
    assert not leads_outside(tmp_path / "other" / "a", folder)


@pytest.mark.parametrize("command", ["validate", "fmt"])
def test_commands_follow_no_link_out_of_the_folder(tmp_path: Path, command: str) -> None:
    folder, other = tmp_path / "villa", tmp_path / "other"
    for path in (folder, other):
        path.mkdir()
    (folder / "a.yaml").write_text("reconciler: {stack: villa-7f3a}\n")
    (other / "b.yaml").write_text("contacts:\n    jane: {phone:   '1'}\n")
    (folder / "link.yaml").symlink_to(other / "b.yaml")
    (folder / "link").symlink_to(other)
    for words in ([folder], [folder / "link.yaml"], [folder / "link" / "b.yaml"]):
        done = run(command, *words, environment={})
        assert done.code == 1
        assert "is a link that leads out of the folder" in done.all
        assert "jane" not in done.all
    assert (other / "b.yaml").read_text() == "contacts:\n    jane: {phone:   '1'}\n"
