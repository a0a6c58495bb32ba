"""Values of variables are changed in their file, each on its own place."""

# ruff: noqa: E501 (one case, one line)

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.configuration.load.variable_file import changed_variables

EDITED = {
    "unquoted": (".env", "A=1 # c\nB=2\n", {"A": "3"}, "A=3 # c\nB=2\n"),
    "exported": (".env", "export  A = 1\r\n# c\r\nB=2", {"A": "3", "B": "4"}, "export  A = 3\r\n# c\r\nB=4"),
    "single quotes": (".env", "A='1' # c\n", {"A": "it's\\so"}, "A='it\\'s\\\\so' # c\n"),
    "double quotes": (".env", 'A="1"\n', {"A": 'say "a\nb"'}, 'A="say \\"a\\nb\\""\n'),
    "several lines": (".env", 'A="1\n2" # c\nB=\n', {"A": "3"}, 'A="3" # c\nB=\n'),
    "unquoted needs quotes": (".env", "A=1\n", {"A": "a b"}, "A='a b'\n"),
    "unquoted with spaces": (".env", "A=a b # c\n", {"A": "a c"}, "A=a c # c\n"),
    "nothing": (".env", "A=\nB=2\n", {"A": "1"}, "A=1\nB=2\n"),
    "nothing before a comment": (".env", "A= # c\n", {"A": "1"}, "A= 1 # c\n"),
    "the last of two counts": (".env", "A=1\nA=2\n", {"A": "3"}, "A=1\nA=3\n"),
    "a quoted name": (".env", "'A'=1\n", {"A": "3"}, "'A'=3\n"),
    "not there": (".env", "A=1\n", {"B": "3"}, None),
    "a mark at the beginning": (".env", "\ufeffA=1\n", {"A": "3"}, "\ufeffA=3\n"),
    "yaml": (".yaml", "# c\nA: 1 # d\nB: 'x'\n", {"A": "2.5", "B": "y z"}, "# c\nA: 2.5 # d\nB: 'y z'\n"),
    "yaml quotes where it needs them": (".yaml", "A: x\n", {"A": "x: y"}, "A: 'x: y'\n"),
    "yaml in brackets": (".yml", '{A: 1, B: "2"}\n', {"A": "a,b", "B": "3"}, "{A: 'a,b', B: \"3\"}\n"),
    "yaml nothing": (".yaml", "A:\nB: 1\n", {"A": "2"}, "A: '2'\nB: 1\n"),
    "yaml anchor": (".yaml", "A: &a x\nB: *a\n", {"A": "y"}, None),
    "yaml alias not there": (".yaml", "A: 1\n", {"C": "y"}, None),
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "text", "values", "expected"), EDITED.values(), ids=EDITED)
def test_the_rest_of_the_file_stays(
    suffix: str, text: str, values: dict[str, str], expected: str | None, tmp_path: Path
) -> None:
    assert _changed(tmp_path / f"x{suffix}", text, values) == expected


def _changed(path: Path, text: str, values: dict[str, str]) -> str | None:
    path.write_bytes(text.encode())
    edited = changed_variables(path, values)
    return None if edited is None else edited.decode()


WRITTEN = st.sampled_from(["1", "'a b'", '"x"', "a b", "", "'it\\'s'", '"a\\n\\"b"'])
VALUES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\x85\ufeff"), max_size=8
)


@given(WRITTEN, VALUES)
def test_any_value_can_be_written_over_any_other(tmp_path: Path, written: str, value: str) -> None:
    text = f"# one\nA=1\nexport B={written} # two\nC='3'\n"
    edited = _changed(tmp_path / "x.env", text, {"B": value})
    assert edited is not None
    assert edited.startswith("# one\nA=1\nexport B=")
    assert edited.endswith(" # two\nC='3'\n")
