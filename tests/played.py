"""Sessions that a page shows are played again, and must say what stands there."""

import os
import re
from collections.abc import Callable

from tests.sandbox_server import ROOT

PAGE = ROOT / "docs" / "life.md"
_BLOCK = re.compile(r"(?<=```console\n).*?(?=```\n)", re.DOTALL)


def check_played(test: str, answer: Callable[[str], str]) -> None:
    """Play what the page marks as shown by a test; ``UPDATE_CASES`` writes it anew."""
    page = PAGE.read_text("utf-8")
    [part] = re.findall(rf"(?s)<!-- shown by tests/{test}\.py -->.*?<!-- end -->", page)

    def again(block: re.Match[str]) -> str:
        asked = [line[2:] for line in block[0].splitlines() if line.startswith("$ ")]
        return "".join(f"$ {command}\n{answer(command)}" for command in asked)

    played = _BLOCK.sub(again, part)
    if os.environ.get("UPDATE_CASES"):
        PAGE.write_text(page.replace(part, played), "utf-8")
    assert played == part
