"""Variables: put into texts, and read from files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load import read_variable_file
from reconciler.configuration.load.variables import (
    ORGANIZATION,
    PREFIX,
    Filled,
    UnsetError,
    VariableError,
    Variables,
    fill,
)
from reconciler.diagnostics import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A}", "1"),
        ("x${A}y${B}", "x1y"),
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$A $ $$", "$A $ $$"),
        ("${A}${A}", "11"),
        ("${A:-x}", "1"),
        ("${B:-x}", "x"),
        ("${C:-x}", "x"),
        ("${C:-}", ""),
        ("${C:-a b: - # $ {}!", "a b: - # $ {!"),
        ("$${C:-x}", "${C:-x}"),
    ],
)
def test_variables_are_put_in(text: str, expected: str) -> None:
    assert fill(text, Variables({"A": "1", "B": ""})).text == expected


def test_a_value_is_not_read_for_variables_again() -> None:
    assert fill("${A}", Variables({"A": "${A}"})).text == "${A}"


def test_unset_and_malformed_variables_raise() -> None:
    with pytest.raises(UnsetError, match="C"):
        fill("${A}${C}", Variables({"A": "1"}))
    for text in (
        "${",
        "${}",
        "${1}",
        "${A",
        "${A b}",
        "${A:x}",
        "${A-x}",
        "${A:-${A}}",
        "${A:-\n}",
    ):
        with pytest.raises(VariableError, match="not followed by a name"):
            fill(text, Variables({"A": "1"}))


def test_what_a_fallback_stands_for_is_not_empty() -> None:
    variables = Variables({"A": "1", "B": ""})
    assert fill("${B:-}", variables).empty == ()
    assert fill("${B:-}${B}", variables).empty == ("B",)
    assert fill("${B:-x}${C:-y}", variables).used == ("B", "C")


def test_a_fallback_opens_nothing_that_is_refused() -> None:
    variables = Variables({}, secret={"TOKEN": "webhooks.a.secret"})
    for text in ("${BOOKINGMOOD_API_KEY:-x}", "${TOKEN:-x}"):
        with pytest.raises(VariableError):
            fill(text, variables)


@given(st.text(alphabet="${}Ax:-"))
def test_any_text_can_be_escaped(text: str) -> None:
    assert fill(text.replace("${", "$${"), Variables()) == Filled(text)


ENVIRONMENT = {
    "RECONCILER_VAR_A": "2", "RECONCILER_VAR_B": "3", "RECONCILER_VAR_BYTES": "\udcff",
    "HOME": "/root",    "BOOKINGMOOD_API_KEY": "key", "BOOKINGMOOD_ORGANIZATION_ID": "o",
    "RECONCILER_VAR_BOOKINGMOOD_API_KEY": "key", "RECONCILER_VAR_BM_KEY_AMALFI": "key",
}  # fmt: skip


def test_of_the_environment_only_names_with_the_prefix_are_read() -> None:
    variables = Variables({"A": "1"}, ENVIRONMENT)
    assert fill("${A}${B}", variables) == Filled("13", ("A", "B"))


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        ("C", "unset-variable", "give --var C=…, or set RECONCILER_VAR_C in the environment"),
        ("HOME", "unset-variable", "only RECONCILER_VAR_HOME is read: rename it"),
        ("RECONCILER_VAR_B", "unset-variable", "write ${B}: RECONCILER_VAR_ is not part of"),
        ("BOOKINGMOOD_ORGANIZATION_ID", "unset-variable", "read in reconciler.organization alone"),
        ("BOOKINGMOOD_API_KEY", "refused-variable", "use a variable of another name"),
        ("BOOKINGMOOD_READ_KEY", "refused-variable", "use a variable of another name"),
        ("BM_KEY_AMALFI", "refused-variable", "use a variable of another name"),
        ("BYTES", "bad-variable", "set RECONCILER_VAR_BYTES anew, as UTF-8"),
        ("A", "secret-variable", "use a variable of its own here"),
    ],
)
def test_variables_that_cannot_be_put_in(name: str, code: str, hint: str) -> None:
    variables = Variables({}, ENVIRONMENT).with_secrets({"A": "webhooks.w.signing_secret"})
    with pytest.raises(VariableError) as caught:
        fill("${" + name + "}", variables)
    assert caught.value.code == code
    assert hint in caught.value.hint
    assert fill("${A}", variables, sensitive=True).text == "2"


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        ({}, {ORGANIZATION: "o"}, "o"),
        ({ORGANIZATION: "g"}, {ORGANIZATION: "o"}, "g"),
        ({}, {ORGANIZATION: "o", PREFIX + ORGANIZATION: "p"}, "p"),
    ],
)
def test_the_organization_is_read_for_its_setting(
    given: dict[str, str], environment: dict[str, str], expected: str
) -> None:
    variables = Variables(given, environment).for_organization()
    assert fill("${BOOKINGMOOD_ORGANIZATION_ID}", variables).text == expected


ENV_FILE = r"""
# a comment
A=1 # a comment, too
B =
export C="Our \"houses\"\n" # and
D='a ${A} $B'
E=a#b
 F = x y
G="two
lines"
H= # nothing yet
"""


def test_variable_files(tmp_path: Path) -> None:
    lines, yaml = tmp_path / "vars.env", tmp_path / "vars.yaml"
    lines.write_text(ENV_FILE)
    yaml.write_text("A: 0123\nB: 'x y'\n")
    assert read_variable_file(lines) == {
        "A": "1", "B": "", "C": 'Our "houses"\n', "D": "a ${A} $B", "E": "a#b", "F": "x y",
        "G": "two\nlines", "H": "",
    }  # fmt: skip
    assert read_variable_file(yaml) == {"A": "0123", "B": "x y"}


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("v.env", b"A=1\nsecret\n", ":2: not a variable"),
        ("v.env", b"1A=secret\n", ":1: not a variable"),
        ("v.env", b"A=1\nB=\xff", ":2:3: not UTF-8 text: byte 6 is 0xFF"),
        ("v.env", b"A=1\n\n\nB='secret\n", ":4: not a line of a .env file"),
        ("v.env", b'A="secret" x', ":1: not a line of a .env file"),
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
