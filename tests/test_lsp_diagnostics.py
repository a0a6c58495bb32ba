"""What an editor is told of problems, over the protocol."""

import shutil
from pathlib import Path

import pytest

from .language_client import editor
from .sandbox_server import ROOT

LINKS = ROOT / "examples" / "links"


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """A copy of an example: one file, right as it is."""
    folder = tmp_path / "links"
    shutil.copytree(LINKS, folder)
    return folder / "bookingmood.yaml"


def test_a_problem_is_marked_where_it_is(links: Path) -> None:
    written = links.read_text("utf-8")
    with editor(links.parent) as one:
        uri = one.open(links)
        assert one.diagnostics(uri) == []
        one.change(uri, {"text": written.replace("booking_id: summer-stay", "booking_id: sumer")})
        first, *_ = one.diagnostics(uri)
        line = written.splitlines()[first["range"]["start"]["line"]]
        start = line.index("summer-stay")
        assert first["range"]["start"]["character"] == start
        assert first["range"]["end"]["character"] == start + len("sumer")
        assert first["code"] == "unknown-reference"
        assert first["codeDescription"]["href"].endswith("errors.md#unknown-reference")
        assert first["source"] == "reconciler"
        one.change(uri, {"text": written})
        assert one.diagnostics(uri) == []
        assert one.log == []
        assert one.leave() == 0
