"""Which files are read, from which folder, and what is said of those that cannot be."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load import Loaded, files, load

STACK = "reconciler: {stack: villa-7f3a}\n"


def read(*paths: Path) -> Loaded:
    return load(paths, variables={}, environment={})


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        file = folder / f"{name.replace('__', '/')}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def codes(loaded: Loaded) -> list[str]:
    return [problem.code for problem in loaded.problems]


def names(loaded: Loaded) -> list[str]:
    return [source.path.name for source in loaded.sources]


@given(st.binary(max_size=200))
def test_loading_never_raises(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(data)
    assert len(read(tmp_path).layers) == 1


def test_a_folder_is_its_yaml_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path, b="", a=STACK, sub__c="", bindings__x="a: !", sub__bindings__d="")
    write(tmp_path / ".hidden", e="a: !")
    (tmp_path / "f.yml").write_text("")
    (tmp_path / "g.YAML").write_text("")
    (tmp_path / ".h.yaml").write_text("a: !")
    (tmp_path / "i.txt").write_text("")
    loaded = read(tmp_path)
    assert names(loaded) == ["a.yaml", "b.yaml", "f.yml", "g.YAML", "d.yaml", "c.yaml"]
    assert not loaded.problems
    assert loaded.complete


def test_files_are_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, villa__a=STACK)
    monkeypatch.chdir(tmp_path)
    assert [source.file for source in read(Path("villa")).sources] == ["villa/a.yaml"]
    monkeypatch.chdir(tmp_path / "villa")
    assert [source.file for source in read(Path("..") / "villa").sources] == ["a.yaml"]
    monkeypatch.chdir("/")
    assert [s.path for s in read(tmp_path / "villa").sources] == [tmp_path / "villa" / "a.yaml"]


def test_a_byte_order_mark_and_other_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfreconciler:\r\n  stack: villa-7f3a\r\n")
    loaded = read(tmp_path)
    assert not loaded.problems
    assert loaded.settings is not None
    assert loaded.settings.position.line == 2


def test_a_file_stands_for_its_folder(tmp_path: Path) -> None:
    write(tmp_path, stack=STACK, deep__down__a="contacts: {}")
    loaded = read(tmp_path / "deep" / "down" / "a.yaml")
    assert loaded.folder == tmp_path
    assert names(loaded) == ["a.yaml", "stack.yaml"]
    assert loaded.limit == loaded.layers[0][0].file


def test_a_file_without_a_stack_stands_for_itself(tmp_path: Path) -> None:
    write(tmp_path, a="contacts: {}", b="contacts: [", deep__c=STACK)
    (tmp_path / ".git").mkdir()
    loaded = read(tmp_path / "a.yaml")
    assert names(loaded) == ["a.yaml"]
    assert codes(loaded) == ["missing-stack"]
    (tmp_path / "a.txt").touch()
    assert codes(read(tmp_path / "a.txt")) == ["not-yaml"]


def test_the_way_up_ends_at_a_repository(tmp_path: Path) -> None:
    write(tmp_path, stack=STACK, repository__a="contacts: {}")
    (tmp_path / "repository" / ".git").mkdir()
    loaded = read(tmp_path / "repository" / "a.yaml")
    assert loaded.folder == tmp_path / "repository"
    assert codes(loaded) == ["missing-stack"]


def test_the_way_up_passes_by_what_is_no_stack(tmp_path: Path) -> None:
    write(
        tmp_path, stack=STACK, a__b="contacts: {reconciler: {}}", a__c="reconciler: [", a__d="a: 1"
    )
    assert read(tmp_path / "a" / "d.yaml").folder == tmp_path


def test_a_block_may_hide_in_a_broken_file(tmp_path: Path) -> None:
    loaded = read(write(tmp_path, a="reconciler: [", b="contacts: {}"))
    assert codes(loaded) == ["yaml-syntax"]
    assert not loaded.complete


def test_overlays_are_layers(tmp_path: Path) -> None:
    write(tmp_path, base__a=STACK, over__b="contacts: {}", one="contacts: {}")
    loaded = read(tmp_path / "base", tmp_path / "over", tmp_path / "one.yaml")
    assert [[source.path.name for source in layer] for layer in loaded.layers] == [
        ["a.yaml"], ["b.yaml"], ["one.yaml"],
    ]  # fmt: skip
    assert loaded.limit is None


def test_an_overlay_may_hide_in_the_folder(tmp_path: Path) -> None:
    write(tmp_path, stack=STACK)
    write(tmp_path / ".overlays", test="contacts: {}")
    assert not read(tmp_path, tmp_path / ".overlays" / "test.yaml").problems


def test_not_utf8_is_reported_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(STACK.encode() + b"contacts:\n  jane: {city: M\xfcnchen}\n")
    (tmp_path / "b.yaml").write_bytes("contacts: {}".encode("utf-16"))
    first, second = read(tmp_path).problems
    assert (first.code, second.code) == ("not-utf8", "not-utf8")
    assert first.position is not None
    assert (first.position.line, first.position.column) == (3, 17)
    assert "byte 58 is 0xFC" in first.message
    assert "UTF-16" not in (first.hint or "")
    assert "UTF-16" in (second.hint or "")


def test_files_have_a_size_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE", 200)
    monkeypatch.setattr(files, "MAX_TOTAL", 300)
    write(tmp_path, a=STACK, b="#" * 201, c="#" * 150)
    first, second = read(tmp_path).problems
    assert (first.code, second.code) == ("too-large", "too-large")
    assert "b.yaml is larger" in first.message
    assert "c.yaml the files are larger" in second.message


def test_broken_links_and_what_is_not_a_file_are_reported(tmp_path: Path) -> None:
    write(tmp_path, a=STACK)
    (tmp_path / "b.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(tmp_path / "c.yaml")
    (tmp_path / "d.yaml").symlink_to("d.yaml")
    loaded = read(tmp_path)
    assert codes(loaded) == ["unreadable"] * 3
    assert "the link leads nowhere" in loaded.problems[0].message
    assert "not a regular file" in loaded.problems[1].message
    assert not loaded.complete


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything: run it as another user")
def test_permissions_are_reported(tmp_path: Path) -> None:
    write(tmp_path, a=STACK, b="contacts: {}", sub__c="")
    (tmp_path / "b.yaml").chmod(0)
    (tmp_path / "sub").chmod(0)
    assert codes(read(tmp_path)) == ["unreadable", "unreadable"]
    (tmp_path / "sub").chmod(0o700)


def test_a_folder_that_cannot_be_listed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    write(tmp_path, a=STACK)
    monkeypatch.setattr(Path, "iterdir", refuse)
    loaded = read(tmp_path)
    assert codes(loaded) == ["unreadable", "no-files"]
    assert "Permission denied" in loaded.problems[0].message


def test_folders_above_that_cannot_be_listed_are_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, a__b="contacts: {}")
    listed = Path.iterdir

    def refuse(folder: Path) -> Iterator[Path]:
        if folder == tmp_path / "a":
            return listed(folder)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert codes(read(tmp_path / "a" / "b.yaml")) == ["missing-stack"]


def test_links_back_up_and_out_are_reported_and_others_are_followed(tmp_path: Path) -> None:
    write(tmp_path, stack__a=STACK, stack___hidden__b="contacts: {}", other__b="contacts: {}")
    (tmp_path / "stack" / "_hidden").rename(tmp_path / "stack" / ".hidden")
    (tmp_path / "stack" / "loop").symlink_to(tmp_path / "stack")
    (tmp_path / "stack" / "other").symlink_to(tmp_path / "other")
    (tmp_path / "stack" / "within").symlink_to(tmp_path / "stack" / ".hidden")
    (tmp_path / "stack" / "a-file.yaml").symlink_to(tmp_path / "other" / "b.yaml")
    loaded = read(tmp_path / "stack")
    assert codes(loaded) == ["link-outside", "directory-loop", "link-outside"]
    assert names(loaded) == ["a.yaml", "b.yaml"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, base__a=STACK, over="a: [")
    assert codes(read(tmp_path / "base", tmp_path / "over.yaml", tmp_path / "over.yaml")) == [
        "yaml-syntax"
    ]


def test_files_above_that_cannot_be_read_are_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, stack=STACK, a__b="contacts: {}")
    (tmp_path / "a" / "gone.yaml").symlink_to("nowhere")
    (tmp_path / "a" / "other.yaml").mkdir()
    assert read(tmp_path / "a" / "b.yaml").folder == tmp_path


def test_the_collector_is_left_as_it_was(tmp_path: Path) -> None:
    assert gc.isenabled()
    read(tmp_path)
    assert gc.isenabled()
    gc.disable()
    try:
        read(tmp_path)
        assert not gc.isenabled()
    finally:
        gc.enable()
