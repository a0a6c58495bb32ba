"""An error that the tool does not know: one line, exit code 70, a report without values.

A real process is broken from outside: Python runs ``sitecustomize`` before anything else.
"""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from .commandline import Finished

SECRET = "zq-jane@example.com"
VALUE = f"""
    import reconciler.commands.validate as command
    def broken(*_, **__):
        try:
            {{"a": 1}}["{SECRET}"]
        except KeyError as error:
            raise ValueError("{SECRET}") from error
    command.validate = broken
"""
GROUP = f"""
    import reconciler.commands.doctor as command
    async def broken(*_, **__):
        raise ExceptionGroup("{SECRET}", [TypeError("{SECRET}"), KeyError("{SECRET}")])
    command.look = broken
"""
DEEP = """
    import reconciler.commands.validate as command
    def broken(*rest, **named):
        return broken(*rest, **named)
    command.validate = broken
"""
LOADING = "import sys; sys.modules['reconciler.commands.validate'] = None"
NO_ROOM = f"""
    {VALUE}
    import errno, os, tempfile
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    tempfile.mkstemp = full
"""
LINE = re.compile(r"error: reconciler failed unexpectedly \((\w+)\); please report it with (.+)"
                  r", which holds no values\n")  # fmt: skip


def raising(error: str) -> str:
    return f"""
    import reconciler.commands.validate as command
    from reconciler.diagnostics import StaleError
    def broken(*_, **__):
        raise {error}
    command.validate = broken
    """


@pytest.mark.parametrize(
    ("breaking", "words", "error", "says"),
    [
        (VALUE, ["validate"], "ValueError", [
            "command: validate --var", "\nbuiltins.ValueError\n", "\nafter: builtins.KeyError\n",
            "  sitecustomize.py:7: broken\n", "  reconciler/cli.py:",
        ]),
        (GROUP, ["doctor"], "ExceptionGroup", [
            "\nbuiltins.ExceptionGroup\n", "\none of these: builtins.TypeError\n",
            "\none of these: builtins.KeyError\n", "  asyncio/runners.py:",
        ]),
        (DEEP, ["validate"], "RecursionError", ["  sitecustomize.py:4: broken\n", " more\n"]),
        (LOADING, ["validate"], "ModuleNotFoundError", ["command: ?\n", "  reconciler/cli.py:"]),
    ],
)  # fmt: skip
def test_an_unexpected_error_is_reported_without_values(
    breaking: str, words: list[str], error: str, says: list[str], tmp_path: Path
) -> None:
    done = broken(breaking, *words, folder=tmp_path)
    assert (done.code, done.out) == (70, "")
    found = LINE.fullmatch(done.err)
    assert found, done.err
    file = Path(found[2])
    text = file.read_text()
    assert found[1] == error
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.parent == tmp_path / "temporary"
    assert [part for part in says if part not in text] == []
    assert text.count("\n") < 120
    for value in ("zq-", str(tmp_path), str(Path.home())):
        assert value not in text


def test_a_report_without_room_is_one_line_all_the_same(tmp_path: Path) -> None:
    done = broken(NO_ROOM, "validate", folder=tmp_path)
    assert (done.code, done.out) == (70, "")
    assert done.err == (
        "error: reconciler failed unexpectedly (ValueError),"
        " and its report could not be written: No space left on device\n"
    )


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        ("KeyboardInterrupt", 130, "\ninterrupted\n"),
        ("StaleError('it is stale', ())", 3, "error: it is stale\n"),
        ("OSError(28, 'No space left on device')", 1, "error: No space left on device\n"),
    ],
)
def test_what_is_known_stays_as_it_was(error: str, code: int, says: str, tmp_path: Path) -> None:
    done = broken(raising(error), "validate", folder=tmp_path)
    assert (done.code, done.err) == (code, says)
    assert list((tmp_path / "temporary").iterdir()) == []


def broken(breaking: str, command: str, *, folder: Path) -> Finished:
    """Run a command in a process in which something is broken."""
    (folder / "sitecustomize.py").write_text(dedent(breaking))
    (folder / "temporary").mkdir()
    contacts = f"contacts: {{jane: {{notes: {SECRET}}}}}"
    (folder / "a.yaml").write_text(f"reconciler: {{stack: villa}}\n{contacts}\n")
    rest = [str(folder), "--var", "A=zq-value"] if command == "validate" else []
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", command, *rest],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(folder),
            "TMPDIR": str(folder / "temporary"),
            "BOOKINGMOOD_API_KEY": "zq-key",
            "BOOKINGMOOD_API_URL": "http://127.0.0.1:9/v1",
        },
    )
    return Finished(done.returncode, done.stdout, done.stderr)
