"""The demo: it tells the whole story, leaves nothing behind, and stops where a step goes wrong."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reconciler.demo.examples import without_block
from reconciler.demo.shell import Shell, shortened
from reconciler.diagnostics import ReconcilerError
from tests.commandline import Finished, run_without

STORY = (
    "$ reconciler validate villa",
    "Valid: 67 resources in 26 kinds.",
    "$ reconciler plan villa --detailed-exitcode",
    "Plan: 67 to create, 0 unchanged.",
    "(exit code 2)",
    "$ reconciler apply villa --auto-approve --allow billing-create",
    "Applied: 67 done.",
    "$ reconciler plan villa --detailed-exitcode",
    "No changes: 67 resources as in the configuration.",
    '  PATCH /taxes?label->>default=eq.Tourist tax {"percentage": 6.5}',
    "$ reconciler plan villa --detailed-exitcode",
    "      percentage  6.5 → 4.5",
    "(exit code 2)",
    "$ reconciler apply villa --auto-approve",
    "Applied: 1 done.",
    "$ reconciler plan villa --detailed-exitcode",
    "No changes: 67 resources as in the configuration.",
    "$ reconciler plan villa --detailed-exitcode",
    "Plan: 1 to delete, 66 unchanged.",
    "(exit code 2)",
    "$ reconciler apply villa --auto-approve",
    "Applied: 1 done.",
    "$ reconciler plan villa --detailed-exitcode",
    "No changes: 66 resources as in the configuration.",
    "That is all. The sandbox and the folder are gone again.",
)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files that PostgreSQL may enter, under whichever user it runs."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_the_demo_tells_the_whole_story(temporary: Path) -> None:
    with running_demo(temporary) as process:
        said, complaints = process.communicate()
    assert (process.returncode, complaints) == (0, "")
    lines = iter(said.splitlines())
    assert [line for line in STORY if line not in lines] == []  # each one after the one before
    assert list(temporary.iterdir()) == []


def _ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells everyone in the foreground


@pytest.mark.parametrize("stop", [_ctrl_c, subprocess.Popen.terminate], ids=["Ctrl-C", "SIGTERM"])
def test_the_demo_cleans_up_when_it_is_stopped(
    stop: Callable[[subprocess.Popen[str]], None], temporary: Path
) -> None:
    with running_demo(temporary) as process:
        assert process.stdout
        while "$ reconciler plan" not in process.stdout.readline():
            pass
        stop(process)
        _, complaints = process.communicate()
    assert (process.returncode, complaints.strip()) == (130, "interrupted")
    assert list(temporary.iterdir()) == []


def test_the_demo_ends_where_a_step_does_not_end_as_it_should(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(tmp_path, "http://127.0.0.1:9/v1", "key")
    with pytest.raises(
        ReconcilerError, match="`reconciler validate villa` ended with 1, not with 0"
    ):
        shell.run("validate", "villa")
    assert "villa" in capsys.readouterr().out.partition("\n$ reconciler validate villa\n")[2]


def test_the_demo_says_what_to_install() -> None:
    done = run_without("uvicorn", "demo")
    said = (
        "error: the demo needs the sandbox, which is not installed\n"
        "  hint: in the clone, pip install '.[sandbox]'\n"
    )
    assert done == Finished(1, "", said)


@pytest.mark.parametrize(
    ("key", "left"),
    [
        ("first", "taxes:\n  second:\n    type: b\n"),
        ("second", "taxes:\n  first:\n    type: a\n\n    # why\n\n"),
    ],
)
def test_a_block_is_taken_out_with_its_lines(key: str, left: str) -> None:
    text = textwrap.dedent(
        """\
        taxes:
          first:
            type: a

            # why

          second:
            type: b
        """
    )
    assert without_block(text, key) == left


@pytest.mark.parametrize(
    ("lines", "shown"), [(24, 24), (25, 25), (26, 27), (400, 27)], ids=lambda n: str(n)
)
def test_long_outputs_lose_their_middle(lines: int, shown: int) -> None:
    kept = shortened([str(number) for number in range(lines)])
    assert len(kept) == shown
    assert (kept[0], kept[-1]) == ("0", str(lines - 1))


@contextmanager
def running_demo(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the demo with a folder of its own for temporary files."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "reconciler", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
        start_new_session=True,
    ) as process:
        yield process
