"""What is said where another project, whose package is called as ours, was installed beside it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reconciler import __version__

from .sandbox_server import ROOT

THEIRS = "__version__ = '0.2.2'\nfrom reconciler.webutils import reconcile\n"
HELD = "An environment can\n  hold one of the two."
CURES = (
    "pipx install bookingmood-reconciler\n",
    "pip uninstall -y reconciler\n",
    "pip install --force-reinstall --no-deps bookingmood-reconciler\n",
)
OURS = f"reconciler, version {__version__}\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Our package, as it stands in an environment."""
    folder = tmp_path / "reconciler"
    folder.mkdir()
    for file in (ROOT / "reconciler").iterdir():
        (folder / file.name).symlink_to(file)
    return folder


def ours_over_theirs(package: Path) -> None:
    (package / "webutils.py").write_text("def reconcile(): ...\n")


def theirs_over_ours(package: Path) -> None:
    ours_over_theirs(package)
    (package / "__init__.py").unlink()
    (package / "__init__.py").write_text(THEIRS)


def theirs_uninstalled(package: Path) -> None:
    (package / "__init__.py").unlink()


def run(package: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    places = f"{package.parent}{os.pathsep}{Path(click.__file__).parent.parent}"
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-m", "reconciler", *words],  # without the checkout
        env={"PYTHONPATH": places, **environment},
        cwd=package.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("change", "code", "out", "first"),
    [
        (ours_over_theirs, 0, OURS, "warning: files of another project are in the folder of ours"),
        (theirs_over_ours, 1, "", "error: files of another project are in the place of ours"),
        (theirs_uninstalled, 1, "", "error: files of this command are missing"),
    ],
)
def test_files_of_the_other_project_are_told(
    package: Path, change: Callable[[Path], None], code: int, out: str, first: str
) -> None:
    assert run(package, "--version") == (0, OURS, "")
    change(package)
    ended, said, told = run(package, "--version")
    assert (ended, said) == (code, out)
    assert told.startswith(f"{first}: {package}\n")
    assert HELD in told
    assert [cure for cure in CURES if cure not in told] == []


def test_the_tab_key_is_not_disturbed(package: Path) -> None:
    ours_over_theirs(package)
    asked = {"COMP_WORDS": "reconciler val", "COMP_CWORD": "1"}
    done = run(package, _RECONCILER_COMPLETE="bash_complete", **asked)
    assert done == (0, "plain,validate\n", "")
