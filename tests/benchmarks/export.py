"""What an export of many rows takes, and a migration of a whole organization.

``python -m tests.benchmarks.export [CONTACTS [ROWS]]``: 100,000 contacts are exported, then some
5,000 rows of every kind are moved and compared. Memory is that of the largest process.
"""

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from tests.benchmarks.figures import Figure
from tests.sandbox_server import ROOT, running_sandbox
from tests.two_organizations import SOURCE, two_organizations

BATCH = 1000


def exported(folder: Path, contacts: int) -> str:
    """Export contacts, in a process of its own."""
    seed = folder / "seed.jsonl"
    with seed.open("wb") as file:
        for start in range(0, contacts, BATCH):
            rows = [
                {"organization_id": SOURCE, "email": f"c{n}@example.test", "first_name": f"N{n}"}
                for n in range(start, min(start + BATCH, contacts))
            ]
            file.write(orjson.dumps({"kind": "contacts", "rows": rows}) + b"\n")
    options = ("--organization", f"{SOURCE}=key", "--seed", str(seed))
    with running_sandbox(*options) as sandbox:
        words = ["export", "--out", str(folder / "out")]
        environment = {"BOOKINGMOOD_API_URL": sandbox.url, "BOOKINGMOOD_API_KEY": "key"}
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "reconciler", *words],
            check=True, capture_output=True, cwd=ROOT, env={**os.environ, **environment},
        )  # fmt: skip
        return f"{time.perf_counter() - began:.1f} s"


def moved(folder: Path, rows: int) -> tuple[str, str]:
    """Move a made-up organization into an empty one; gives the time and what was verified."""
    with two_organizations(folder, rows) as two:
        began = time.perf_counter()
        code, out = two.migrate()
        took = time.perf_counter() - began
    verified = re.search("Verified: .*", out)
    assert code == 0, out
    assert verified, out
    return f"{took:.1f} s", verified[0]


def main() -> list[Figure]:
    """Print the table."""
    contacts, rows = [int(word) for word in (*sys.argv[1:], "100000", "7000")[:2]]
    with TemporaryDirectory() as name:
        took = exported(Path(name), contacts)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"export {contacts:,} contacts   {took}   {most:.0f} MiB at most")
    of_export = Figure(f"export {contacts:,} contacts", f"{took}, {most:.0f} MiB of memory at most")
    with TemporaryDirectory() as name:
        took, verified = moved(Path(name), rows)
        print(f"migrate                   {took}   {verified}")
    of_rows = re.search(r"[\d,]+", verified)
    assert of_rows, verified
    return [of_export, Figure(f"migrate {of_rows[0]} rows, verified row by row", took)]


if __name__ == "__main__":
    main()
