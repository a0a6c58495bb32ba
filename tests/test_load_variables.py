"""Variables: put into texts, and read from files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import UsageError
from reconciler.load import load, read_variable_file
from reconciler.load.variables import MalformedError, UnsetError, fill


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
