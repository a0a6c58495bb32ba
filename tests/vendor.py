"""Fetch the layout engine anew: ``python -m tests.vendor`` (needs npm).

The version is pinned with the digest of its package. What goes into the repository is the file as
it was published, its licence, and a note of both, so that anybody can see that nothing was changed.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.node import program
from tests.sandbox_server import ROOT

HERE = ROOT / "reconciler" / "render" / "graph" / "vendor"


class Pinned(NamedTuple):
    """A package of npm; ``files`` are those that are taken, and the names that they get."""

    name: str
    version: str
    integrity: str
    licence: str
    files: dict[str, str]


PINNED = Pinned(
    "@dagrejs/dagre",
    "3.1.3",
    "sha512-X4aUTwOReZvthaZWOVHqlJ52/ZdhZFEM4+Lh/uR4XooUSLE6p71bcy7MPGzYnNUcNh+nj+i/qJQpCMIdQnSmrg==",
    "MIT",
    {"package/dist/dagre.min.js": "dagre.min.js", "package/LICENSE": "LICENSE"},
)


def note(folder: Path) -> bytes:
    """Say what the files are, and what they hash to."""
    hashes = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in PINNED.files.values()
    }
    about = {"package": PINNED.name, "version": PINNED.version, "licence": PINNED.licence}
    noted = {**about, "integrity": PINNED.integrity, "sha256": hashes}
    return json.dumps(noted, indent=2).encode() + b"\n"


def main() -> None:
    """Download the package, check it, and take its files."""
    with TemporaryDirectory() as folder:
        package = _downloaded(Path(folder))
        HERE.mkdir(exist_ok=True)
        with tarfile.open(package) as archive:
            for inside, name in PINNED.files.items():
                member = archive.extractfile(inside)
                assert member is not None
                (HERE / name).write_bytes(member.read())
    (HERE / "package.json").write_bytes(note(HERE))


def _downloaded(folder: Path) -> Path:
    wanted = f"{PINNED.name}@{PINNED.version}"
    command = [program("npm"), "pack", wanted, "--ignore-scripts", "--silent"]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    [package] = folder.glob("*.tgz")
    digest = b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != PINNED.integrity:
        sys.exit(f"{wanted} is not what was pinned: it has sha512-{digest}")
    return package


if __name__ == "__main__":
    main()
