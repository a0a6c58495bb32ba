"""No page has anything that axe-core finds wrong: light or dark, wide or narrow, in any part."""

from pathlib import Path
from typing import NamedTuple, cast

import pytest

from reconciler.render.fleet.page import fleet_html
from reconciler.render.graph import graph_of
from reconciler.render.html import graph_html, plan_html
from tests.chromium import Browser, needs_chromium
from tests.fleet_cases import DIGEST, fleet
from tests.node import package
from tests.render_cases import everything, nothing
from tests.test_calendar_page import PAGES as CALENDARS
from tests.test_graph import VILLA
from tests.test_report_pages import PAGES as REPORTS

FLEET = fleet(note="this key may read only")
PAGES = {
    "plan": plan_html(everything(), "reconciler apply villa/"),
    "empty plan": plan_html(nothing()),
    "fleet": fleet_html(FLEET, FLEET.plan_of, digest=DIGEST),
    **REPORTS,
    "graph": graph_html(graph_of(VILLA), "villa"),
    **CALENDARS,
}
FOUND = (
    "axe.run({resultTypes: ['violations']}).then((found) => found.violations.flatMap((one) =>"
    " one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary}`)))"
)


class Look(NamedTuple):
    """A page in a state: its theme, its width, and what is done before one looks."""

    page: str
    theme: str = "light"
    width: int = 1280
    script: str = ""


UNFOLD = """
document.querySelector("#graph-by").value = "kind";
document.querySelector("#graph-by").dispatchEvent(new Event("change"));
document.querySelector(".card .head").focus();
document.querySelector("[data-fold]").click();
"""
FOCUS = """
document.querySelector(".row-in").focus();
document.querySelector('[data-steps="2"]').click();
"""
LOOKS = [
    Look("plan"), Look("plan", "dark"), Look("plan", width=375), Look("plan", "dark", 375),
    Look("plan", width=375, script="document.querySelector('.row').click()"),
    Look("plan", script="document.querySelector('#tab-notices').click()"),
    Look("plan", script="document.querySelector('#tab-graph').click()"),
    Look("plan", "dark", script="document.querySelector('[data-action=update]').click()"),
    Look("empty plan"), Look("fleet"), Look("fleet", "dark", 375), Look("graph"),
    Look("graph", "dark"), Look("graph", "dark", 375), Look("graph", script=UNFOLD),
    Look("graph", "dark", script=UNFOLD + FOCUS), *map(Look, REPORTS), Look("failing", "dark", 375),
    Look("undecided", "dark"), Look("villa"), Look("changes", "dark", 375), Look("villa", "dark"),
    Look("prices of a plan", script="document.querySelector('#tab-calendar').click()"),
    Look("prices of a plan", "dark", script="document.querySelector('#tab-calendar').click();"
         " document.querySelector('.strip').focus()"),
]  # fmt: skip


@pytest.fixture(scope="module")
def axe() -> str:
    return (package("axe-core") / "axe.min.js").read_text("utf-8")


@needs_chromium
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.page} {look.theme} {look.width}")
def test_nothing_is_found(browser: Browser, axe: str, look: Look, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGES[look.page], encoding="utf-8")
    browser.colours(look.theme)
    browser.open(tmp_path / "page.html", width=look.width)
    if look.script:
        browser.run(look.script)
    browser.run(f"{axe}; undefined")
    assert cast("list[str]", browser.run(FOUND)) == []


@needs_chromium
def test_what_is_wrong_is_found(browser: Browser, axe: str, tmp_path: Path) -> None:
    page = PAGES["plan"].replace('aria-label="Kind"', "")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    browser.open(tmp_path / "page.html")
    browser.run(f"{axe}; undefined")
    found = {line.partition(":")[0] for line in cast("list[str]", browser.run(FOUND))}
    assert "select-name" in found
