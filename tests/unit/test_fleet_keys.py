"""Keys of a fleet: where they come from, and that nothing of one is ever shown."""

import os
import sys
import time
from pathlib import Path

import pytest

from reconciler.diagnostics import ConfigurationError, Position, UsageError
from reconciler.fleet import keys
from reconciler.fleet.keys import Source, resolve, sources_of, variable_of, variables_of
from reconciler.fleet.members import Member

KEY = "opens-sesame-7f3a"


def member(name: str) -> Member:
    return Member(name, f"0d9cbb5e-62a4-4f0e-8d7b-{ord(name[0]):012d}", Position("f", 1, 1))


MEMBERS = (member("amalfi"), member("bergen-2"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose fleet is in a folder of it."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "agency").mkdir()
    return tmp_path / "repository" / "agency"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "keys.yaml"
    path.write_text(text)
    return path


def test_the_environment_has_a_name_for_each(repository: Path) -> None:
    found = sources_of(MEMBERS, None, repository)
    assert [one.words for one in found.values()] == [("BM_KEY_AMALFI",), ("BM_KEY_BERGEN_2",)]
    assert variable_of("a-b-c") == "BM_KEY_A_B_C"


def test_a_file_says_otherwise(tmp_path: Path, repository: Path) -> None:
    text = "amalfi: {env: OTHER}\nbergen-2: {command: [pass, show, x]}\ncork: {file: /k}\n"
    found = sources_of(MEMBERS, written(tmp_path, text), repository)
    assert found == {
        "amalfi": Source("env", ("OTHER",)),
        "bergen-2": Source("command", ("pass", "show", "x")),
    }


@pytest.mark.parametrize(
    "text",
    [
        "amalfi: {env: K}\nbergen-2: {env: K}\n",
        "amalfi: {env: BM_KEY_BERGEN_2}\n",
        "amalfi: {command: [a, b]}\nbergen-2: {command: [a, b]}\n",
        "amalfi: {file: /k}\nbergen-2: {file: /x/../k}\n",
    ],
)
def test_no_two_have_one_source(text: str, tmp_path: Path, repository: Path) -> None:
    with pytest.raises(UsageError, match="amalfi and bergen-2 have one source of keys"):
        sources_of(MEMBERS, written(tmp_path, text), repository)


@pytest.mark.parametrize(
    "source",
    [
        "K", "{}", "{env: A, file: /b}", "{env: 'A B'}", "{env: ''}", "{file: k}", "{file: ''}",
        "{command: pass}", "{command: []}", "{command: [a, [b]]}", "{key: x}", "[a]",
    ],
)  # fmt: skip
def test_what_is_no_source_is_named_with_its_place(
    source: str, tmp_path: Path, repository: Path
) -> None:
    file = written(tmp_path, f"amalfi: {source}\nbergen-2: {source}\n")
    with pytest.raises(ConfigurationError) as caught:
        sources_of(MEMBERS, file, repository)
    assert [(one.code, one.position and one.position.line) for one in caught.value.problems] == [
        ("bad-keys", 1),
        ("bad-keys", 2),
    ]


@pytest.mark.parametrize("place", ["repository/keys.yaml", "repository/agency/keys.yaml", "link"])
def test_a_file_in_the_repository_is_refused(place: str, tmp_path: Path, repository: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "repository" / "keys.yaml")
    (tmp_path / place).write_text(f"amalfi: {{command: [touch, {tmp_path}/run]}}\n")
    with pytest.raises(UsageError, match="lies in the repository"):
        sources_of(MEMBERS, tmp_path / place, repository)


def test_a_file_of_another_fleet_is_refused(tmp_path: Path, repository: Path) -> None:
    with pytest.raises(UsageError, match="names no organization of the fleet, but oslo"):
        sources_of(MEMBERS, written(tmp_path, "oslo: {env: K}\n"), repository)


def test_a_key_is_read_when_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "k").write_text(f"{KEY}\n")
    said = ("echo", KEY)
    for source in (
        Source("env", ("K",)),
        Source("file", (f"{tmp_path}/k",)),
        Source("command", said),
    ):
        assert resolve(source, {"K": f" {KEY} "}) == KEY


def python(text: str) -> Source:
    return Source("command", (sys.executable, "-c", text))


def test_a_command_gets_no_key_of_the_environment() -> None:
    keys = {"BM_KEY_CORK": KEY, "BOOKINGMOOD_API_KEY": KEY}
    environment = {**keys, "VAULT_TOKEN": "t", "PATH": os.environ["PATH"]}
    names = resolve(python("import os; print(','.join(os.environ))"), environment)
    assert "VAULT_TOKEN" in names.split(",")
    assert not keys.keys() & {*names.split(",")}


def test_a_command_gets_no_key_that_the_file_of_sources_names(
    tmp_path: Path, repository: Path
) -> None:
    file = written(tmp_path, "amalfi: {env: AMALFI_WRITE}\nbergen-2: {command: [x]}\n")
    named = variables_of(sources_of(MEMBERS, file, repository).values())
    environment = {"AMALFI_WRITE": KEY, "VAULT_TOKEN": "t", "PATH": os.environ["PATH"]}
    said = resolve(python("import os; print(','.join(os.environ))"), environment, keys=named)
    assert ("AMALFI_WRITE" in said.split(","), "VAULT_TOKEN" in said.split(",")) == (False, True)


def test_a_file_that_others_may_read_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    file = tmp_path / "k"
    file.write_text(KEY)
    for rights, lines in ((0o600, 0), (0o640, 2), (0o604, 4)):
        file.chmod(rights)
        assert resolve(Source("file", (str(file),)), {}, said.append) == KEY
        assert len(said) == lines
    assert said[0] == f"warning: others may read the API key file {file}"
    assert KEY not in "".join(said)


LOUD = f"import sys; print('{KEY}'); print('{KEY}', file=sys.stderr); sys.exit(3)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source("env", ("K",)), "the variable K gives none"),
        (Source("file", ("/nowhere/k",)), "the API key file /nowhere/k cannot be read"),
        (Source("command", ("/nowhere/pass",)), "/nowhere/pass cannot be run"),
        (Source("command", ("true",)), "the command true gives none"),
        (python(LOUD), "ended with 3"),
        (python(f"print('{KEY}' * 1000)"), "said too much"),
        (Source("command", ("echo $K; echo",)), "cannot be run"),
    ],
    ids=str,
)
def test_what_gives_no_key_is_said_and_shows_nothing(
    source: Source, expected: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(source, {})
    assert expected in caught.value.message
    assert KEY not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"
    assert capfd.readouterr() == ("", "")


def test_a_command_that_hangs_is_ended_with_what_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SECONDS", 1.0)
    child = "import os, subprocess, time; p = subprocess.Popen(['sleep', '99']);"
    child += f" open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid)); time.sleep(99)"
    with pytest.raises(UsageError, match=r"gave no key in 1 s"):
        resolve(python(child), {})
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):  # it is gone as soon as somebody has taken its end
        if not _runs(pid):
            return
        time.sleep(0.05)
    raise AssertionError("what the command began still runs")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
