"""A real editor: Neovim opens a folder, marks, mends, completes, formats and renames."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .sandbox_server import ROOT

LONGEST = 120


def test_neovim_works_with_the_language_server(tmp_path: Path) -> None:
    nvim = shutil.which("nvim")
    if nvim is None:
        pytest.skip("no nvim here: apt-get install neovim")
    folder, result = tmp_path / "park", tmp_path / "told.json"
    shutil.copytree(ROOT / "examples" / "villa-park", folder)
    booking = (
        "s: {reference: S1, currency: EUR, display_currency: EUR, exchange_rate: 1, silent: true}"
    )
    (folder / "links.yaml").write_text(
        f"bookings:\n  {booking}\ncontact_bookings:\n  - {{contact_id: jane, booking_id: s}}\n"
    )
    (folder / "new.yaml").write_text("")
    script = Path(__file__).with_name("neovim.lua")
    run = subprocess.run(
        [nvim, "--headless", "--clean", "-n", "-i", "NONE", "-S", script,
         "--", sys.executable, folder, result],
        capture_output=True, text=True, check=False, timeout=LONGEST, stdin=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")},
    )  # fmt: skip
    assert result.exists(), run.stderr
    told = json.loads(result.read_text())
    assert "failed" not in told, told
    assert "contacts has no column 'emial'" in told["marks"][0]
    assert told["actions"] == ["Write email"]
    assert "alder" in told["offered"]
    assert told["hover"].startswith("**contacts.jane**")
    assert told["formatted"] == ["contacts:", "  jane: {email: jane@example.com}"]
    assert "contact_id: jane-doe" in (folder / "links.yaml").read_text()
    assert (folder / "new.yaml").read_text().startswith("contacts:\n  jane-doe:")
    assert (
        "contacts.jane-doe: {from: contacts.jane"
        in (folder / "bindings" / "received.yaml").read_text()
    )
    assert told["definition"]
