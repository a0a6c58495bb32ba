"""A made-up organization and an empty one beside it, and `migrate` between them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import orjson

from reconciler.values.column import JSON

from .builders import KINDS
from .generated import Row, Rows, organization, write_seed
from .sandbox_server import ROOT, running_sandbox

SOURCE = "aaaaaaaa-0000-4000-8000-000000000001"
TARGET = "bbbbbbbb-0000-4000-8000-000000000002"
ALLOW = "billing-create,invites,notifies,updates,deletes"


@dataclass(frozen=True, slots=True)
class Two:
    """Both organizations of one sandbox, and a folder to work in."""

    url: str
    folder: Path

    def migrate(self, *options: str, kill_after: float | None = None) -> tuple[int, str]:
        """Run `reconciler migrate`; answers exit code and output. May kill it after some time."""
        command = [
            sys.executable, "-m", "reconciler", "migrate", "--out", str(self.folder / "moved"),
            "--from-key-file", str(self.folder / "source.key"),
            "--to-key-file", str(self.folder / "target.key"),
            "--auto-approve", "--allow", ALLOW, *options,
        ]  # fmt: skip
        environment = {**os.environ, "BOOKINGMOOD_API_URL": self.url, "PYTHONUTF8": "1"}
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            if kill_after is not None:
                time.sleep(kill_after)
                process.send_signal(signal.SIGKILL)
            out, _ = process.communicate()
        return process.returncode, out.decode()

    def report(self) -> dict[str, JSON]:
        """Read what the last migration says about itself."""
        text = (self.folder / "moved" / "migration" / "report.json").read_bytes()
        return cast("dict[str, JSON]", orjson.loads(text))

    def rows(self, kind: str, key: str = "target") -> list[Row]:
        """Read all rows of a kind."""
        rows: list[Row] = []
        with _client(key) as client:
            while True:
                column = KINDS[kind].id_column
                page = client.get(f"{self.url}/{kind}?order={column}&offset={len(rows)}").json()
                rows += page
                if len(page) < 1000:
                    return rows

    def insert(self, kind: str, rows: list[Row], key: str = "target") -> None:
        """Create rows, as somebody else would."""
        with _client(key) as client:
            answer = client.post(f"{self.url}/{kind}", json=rows)
            assert answer.status_code == 201, answer.text

    def state(self) -> Mapping[str, list[tuple[str, ...]]]:
        """Give what the target holds in the columns that people write, ids by what they name."""
        return {
            kind.name: sorted(
                tuple(
                    _plain(row[c.name])
                    for c in kind.columns.values()
                    if _is_content(kind.name, c.name)
                )
                for row in self.rows(kind.name)
            )
            for kind in KINDS.values()
            if "create" in kind.verbs
        }


def _client(key: str) -> httpx.Client:
    """Ask as somebody else; no certificates are read, which takes long, since nothing is HTTPS."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(headers=headers, trust_env=False, verify=False)


def _is_content(kind: str, column: str) -> bool:
    found = KINDS[kind].columns[column]
    # dates that the server sets itself where none is given differ from run to run
    return found.writable and not found.reference and not found.places and not found.sensitive


def _plain(value: JSON) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


@contextmanager
def two_organizations(folder: Path, rows: int) -> Iterator[Two]:
    """Run a sandbox with a made-up source and an empty target while the block lasts."""
    made: Rows = organization(SOURCE, rows)
    seed = write_seed(folder / "seed.jsonl", made)
    for name in ("source", "target"):
        (folder / f"{name}.key").write_text(name)
    options = ("--organization", f"{SOURCE}=source", "--organization", f"{TARGET}=target")
    with running_sandbox(*options, "--seed", str(seed)) as sandbox:
        yield Two(sandbox.url, folder)
