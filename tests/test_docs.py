"""The pages of docs/ that are generated are up to date, and every code is found there."""

import re

import pytest

from reconciler.diagnostics.explanations import explanations

from .docs import PAGES
from .sandbox_server import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == PAGES[name](), "run `make docs`"


def test_every_code_has_an_anchor_of_its_own() -> None:
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    anchors = [re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings]
    assert len(set(anchors)) == len(anchors)
    assert {code.lower() for code in explanations()} <= set(anchors)
    assert set(re.findall(r"\(#([^)]*)\)", page)) <= set(anchors)
