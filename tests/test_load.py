import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.errors import Position, UsageError
from reconciler.load import Loaded, files, load, read_variable_file
from reconciler.load.nodes import MappingNode, Node, Scalar, SequenceNode, locate
from reconciler.load.parse import MAX_DEPTH, parse
from reconciler.load.variables import MalformedError, UnsetError, fill

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


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {name: plain(entry.value) for name, entry in node.entries.items()}


def tree(text: str) -> object:
    parsed = parse(text, "f.yaml")
    assert parsed.root is not None, parsed.problems
    assert not parsed.problems
    return plain(parsed.root)


# Nodes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: NO", {"a": "NO"}),
        ("a: 0123\nb: 1.10\nc: 15:00", {"a": "0123", "b": "1.10", "c": "15:00"}),
        ("a: [x, {b: c}]", {"a": ["x", {"b": "c"}]}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": "1"}, "c": {"b": "1"}}),
        ("a: &x {b: 1}\nd: {<<: *x, c: 3}", {"a": {"b": "1"}, "d": {"b": "1", "c": "3"}}),
        ("a: {<<: [{b: 1}, {b: 2, c: 2}]}", {"a": {"b": "1", "c": "2"}}),
        ("a: {c: 3, <<: {c: 1}}", {"a": {"c": "3"}}),
        ("a: {'<<': 1}", {"a": {"<<": "1"}}),
        ("a: &x [&y 1, *y]\nb: [*x, *y]", {"a": ["1", "1"], "b": [["1", "1"], "1"]}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("a:\t1", {"a": "1"}),
    ],
)  # fmt: skip
def test_text_becomes_nodes_as_spelled(text: str, expected: object) -> None:
    assert tree(text) == expected


def test_nodes_know_where_they_stand_and_whether_they_were_quoted() -> None:
    root = parse("a:\n  - 'x'\n  - {b: é, c: y}\n", "f.yaml").root
    assert root is not None
    assert locate(root, ["a", 0]) == Scalar("x", False, 1, 4)
    assert locate(root, ["a", 1, "c"]) == Scalar("y", True, 2, 14)
    assert root.entries["a"].position == Position("f.yaml", 2, 3)


def test_a_path_is_followed_as_far_as_it_goes() -> None:
    root = parse("a: [x]", "f.yaml").root
    assert root is not None
    assert locate(root, ["a", 7]) is root.entries["a"].value
    assert locate(root, ["b"]) is root


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~\n"])
def test_an_empty_file_is_no_problem(text: str) -> None:
    assert parse(text, "f.yaml") == (None, False, ())


def test_as_deep_as_allowed_is_no_problem() -> None:
    depth = MAX_DEPTH - 1
    assert not parse(f"x: {'[' * depth}{']' * depth}", "f.yaml").problems


def test_many_aliases_of_one_small_value_are_no_problem() -> None:
    text = "a: &a [1, 2]\nb:\n" + "  - *a\n" * 10_000
    assert not parse(text, "f.yaml").problems


def test_what_follows_an_unknown_alias_is_still_checked() -> None:
    parsed = parse("a: *x\nb: [*y, 1]\nc: !!str 1\n", "f.yaml")
    assert [problem.code for problem in parsed.problems] == ["unknown-alias"] * 2 + ["tag"]
    assert parsed.root is not None
    assert plain(parsed.root) == {"b": ["1"], "c": "1"}


@given(st.text())
def test_parsing_never_raises(text: str) -> None:
    parsed = parse(text, "f.yaml")
    assert parsed.root is None or isinstance(parsed.root, MappingNode)


@given(st.text(alphabet="{}[]&*a: -\n!|>'\"?,<#%@`\t", max_size=60))
def test_parsing_what_looks_like_yaml_never_raises(text: str) -> None:
    parsed = parse("k: " + text, "f.yaml")
    for problem in parsed.problems:
        assert problem.position is not None
        assert problem.position.line <= text.count("\n") + 2
        assert problem.hint


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_loading_never_raises(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(data)
    assert len(read(tmp_path).layers) == 1


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_a_quoted_text_stays_as_it_is(text: str) -> None:
    quoted = text.replace("'", "''")
    assert tree(f"a: '{quoted}'") == {"a": text}


# Files


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
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


def test_a_link_back_up_is_reported_and_other_links_are_followed(tmp_path: Path) -> None:
    write(tmp_path, stack__a=STACK, other__b="contacts: {}")
    (tmp_path / "stack" / "loop").symlink_to(tmp_path / "stack")
    (tmp_path / "stack" / "other").symlink_to(tmp_path / "other")
    loaded = read(tmp_path / "stack")
    assert codes(loaded) == ["directory-loop"]
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


# Variables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A}", "1"),
        ("x${A}y${B}", "x1y"),
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$A $ $$", "$A $ $$"),
        ("${A}${A}", "11"),
    ],
)
def test_variables_are_put_in(text: str, expected: str) -> None:
    assert fill(text, {"A": "1", "B": ""}).text == expected


def test_a_value_is_not_read_for_variables_again() -> None:
    assert fill("${A}", {"A": "${A}"}).text == "${A}"


def test_unset_and_malformed_variables_raise() -> None:
    with pytest.raises(UnsetError, match="C"):
        fill("${A}${C}", {"A": "1"})
    for text in ("${", "${}", "${1}", "${A", "${A b}"):
        with pytest.raises(MalformedError):
            fill(text, {"A": "1"})


@given(st.text(alphabet="${}Ax"))
def test_any_text_can_be_escaped(text: str) -> None:
    assert fill(text.replace("${", "$${"), {}) == (text, False)


def test_command_line_variables_win_over_the_environment(tmp_path: Path) -> None:
    loaded = load([tmp_path], variables={"A": "1"}, environment={"A": "2", "B": "3"})
    assert loaded.variables == {"A": "1", "B": "3"}


def test_variable_files(tmp_path: Path) -> None:
    lines, yaml = tmp_path / "vars.env", tmp_path / "vars.yaml"
    lines.write_text("# a comment\n\nA=1 # kept = \nB =\n")
    yaml.write_text("A: 0123\nB: 'x y'\n")
    assert read_variable_file(lines) == {"A": "1 # kept = ", "B": ""}
    assert read_variable_file(yaml) == {"A": "0123", "B": "x y"}


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("v.env", b"A=1\nsecret\n", ":2: not a variable"),
        ("v.env", b"1A=secret\n", ":1: not a variable"),
        ("v.env", b"A=\xff", "is not UTF-8 text"),
        ("v.yaml", b"A: [secret]", ":1:4: not a variable"),
        ("v.yaml", b"a b: secret", ":1:6: not a variable"),
        ("v.yaml", b"A: 'secret", ":1:4: a quote is opened here"),
    ],
)
def test_bad_variable_files_are_refused_without_showing_values(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_variable_file(file)
    assert says in caught.value.message
    assert "secret" not in caught.value.message


def test_a_missing_variable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_variable_file(tmp_path / "nowhere")
