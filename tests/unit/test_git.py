"""Git, as it is asked: what it gets of the environment."""

from pathlib import Path
from time import monotonic

import pytest

from reconciler.git import Git


def test_git_gets_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nenv\n")
    program.chmod(0o700)
    for name in ("BM_KEY_CORK", "BOOKINGMOOD_API_KEY", "AMALFI_WRITE"):
        monkeypatch.setenv(name, "opens-sesame-7f3a")
    said = Git(str(program), tmp_path, monotonic() + 60).say("version")
    assert "PATH=" in said
    assert "opens-sesame-7f3a" not in said
