"""A CI machine: an empty home, a few programs, and only the variables that a job is given."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.sandbox_server import ROOT

GIT = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.com",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.com",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass(slots=True)
class Machine:
    """Runs shell scripts; ``log`` is everything that they wrote."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    log: str = ""

    def __post_init__(self) -> None:
        """Put the programs where scripts find them: ours, and a pip that installs nothing."""
        python = shlex.quote(sys.executable)
        installs = "[ \"$1 $2 $3\" = '-m pip install' ] && exec echo installed"
        self.program("reconciler", f'#!/bin/sh\nexec {python} -m reconciler "$@"\n')
        self.program("python", f'#!/bin/sh\n{installs}\nexec {python} "$@"\n')

    def program(self, name: str, text: str) -> None:
        """Put a program on the path."""
        file = self.folder / "bin" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def run(self, words: list[str], script: str, where: Path, **variables: str) -> int:
        """Run a script with a shell; answers its exit code."""
        file = self.folder / "script.sh"
        file.write_text(script)
        done = subprocess.run(
            [*words, file], cwd=where, text=True, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={
                "PATH": f"{self.folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
                "HOME": str(self.folder),
                "PYTHONPATH": str(ROOT),
                **{name: os.environ[name] for name in ("COVERAGE_PROCESS_START",)
                   if name in os.environ},
                **self.environment, **variables,
            },
        )  # fmt: skip
        self.log += f"--- {script}\n{done.stdout}"
        return done.returncode


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as the forge has it, and a clone of it in which somebody works."""

    origin: Path
    clone: Path

    @classmethod
    def begin(cls, folder: Path, files: Mapping[str, str]) -> "Repository":
        """Make one with these files on its main branch."""
        made = cls(folder / "origin.git", folder / "clone")
        git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", str(made.origin))
        git(folder, "clone", "--quiet", str(made.origin), str(made.clone))
        git(made.clone, "checkout", "--quiet", "-b", "main")
        made.commit(files)
        return made

    def commit(self, files: Mapping[str, str], branch: str = "main") -> str:
        """Commit files to a branch and push it; answers the commit."""
        if branch != "main":
            git(self.clone, "checkout", "--quiet", "-B", branch)
        for name, text in files.items():
            (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
            (self.clone / name).write_text(text)
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--message", "change the YAML")
        git(self.clone, "push", "--quiet", "--force", "origin", branch)
        return git(self.clone, "rev-parse", "HEAD")

    def merge(self, branch: str) -> str:
        """Merge a branch into main, as the forge does; answers the merge commit."""
        git(self.clone, "checkout", "--quiet", "main")
        git(self.clone, "pull", "--quiet", "--rebase", "origin", "main")
        git(self.clone, "merge", "--quiet", "--no-ff", "--message", f"merge {branch}", branch)
        git(self.clone, "push", "--quiet", "origin", "main")
        return git(self.clone, "rev-parse", "HEAD")

    def checkout(self, folder: Path, ref: str) -> Path:
        """Give a fresh working tree of a ref, as the forge's machine gets it."""
        git(folder.parent, "clone", "--quiet", str(self.origin), str(folder))
        git(folder, "checkout", "--quiet", ref.removeprefix("refs/tags/"))
        return folder

    def show(self, ref: str, *arguments: str) -> str:
        """Read something of a ref that was pushed."""
        return git(self.origin, "log", "-1", *arguments, ref)

    def has(self, ref: str) -> bool:
        """Tell whether a ref is there."""
        return bool(git(self.origin, "for-each-ref", ref))


def git(where: Path, *words: str) -> str:
    """Run git; answers what it prints."""
    done = subprocess.run(
        ["git", *words], cwd=where, env={**os.environ, **GIT}, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, (words, done.stdout)
    return done.stdout.strip()
