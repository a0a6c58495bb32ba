"""The page of prices in a real browser: days are pointed at, and walked through by keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from reconciler.render.html import plan_html
from reconciler.render.html.calendar_page import calendar_html
from tests.calendars import WINDOW, of_changes, of_example, plan_with_calendar
from tests.chromium import Browser, needs_chromium
from tests.pages import check_reaches_nothing

PAGES = {
    "villa": calendar_html(of_example(), WINDOW, "villa"),
    "changes": calendar_html(of_changes(), WINDOW, "<changes>"),
    "prices of a plan": plan_html(plan_with_calendar()),
}
TOLD = "document.querySelector('#told').hidden ? '' : document.querySelector('#told').textContent"
SPOKEN = "document.activeElement.getAttribute('aria-valuetext')"
CURSOR = (
    "[...document.querySelectorAll('.cursor:not([hidden])')]"
    ".map((e) => e.parentElement.unit.address)"
)
STILL = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What scrolling hides is hidden by then."""
MIDDLE = (
    "(() => {{ const r = document.querySelectorAll('.strip')[{strip}].querySelectorAll('.month')"
    "[{month}].querySelector('svg').getBoundingClientRect();"
    " return [r.x + r.width * ({day} - 0.5) / {days}, r.y + 6] }})()"
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_one_file_that_reaches_nothing(name: str) -> None:
    check_reaches_nothing(PAGES[name])
    assert "<b>" not in PAGES[name].partition("<body>")[2].partition("<script")[0]


@pytest.mark.parametrize("name", PAGES)
def test_without_script_a_table_says_which_days_cost_what(name: str) -> None:
    body = PAGES[name].partition("<body>")[2]
    assert '<th scope="row">2026-06-01</th><td>' in body
    assert "price_calendar_entries." in body


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages to look at."""
    found = tmp_path_factory.mktemp("pages")
    for name, page in PAGES.items():
        (found / f"{name}.html").write_text(page, encoding="utf-8")
    return found


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Browser]:
    """The example, opened; at the end nothing was asked for, and no script complained."""
    browser.requests.clear()
    browser.said.clear()
    browser.open(folder / "villa.html")
    yield browser
    assert {address.partition(":")[0] for address in browser.requests} == {"file"}
    assert browser.said == []


def point(page: Browser, strip: int, month: int, day: int, days: int) -> str:
    """Point at a day; gives what is told."""
    x, y = cast(
        "list[float]", page.run(MIDDLE.format(strip=strip, month=month, day=day, days=days))
    )
    page.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    return str(page.run(TOLD))


@needs_chromium
@pytest.mark.parametrize("width", [1280, 700, 375])
def test_pointing_at_a_day_tells_who_decides_and_why(
    page: Browser, folder: Path, width: int
) -> None:
    page.open(folder / "villa.html", width=width)
    page.run("document.querySelector('.strip').scrollIntoView({block: 'center'})")
    page.run(STILL)
    told = point(page, 0, 6, 17, 31)
    assert told.startswith("Friday, 17 July 2026booked by calendar_events.doe-family-2026")
    assert "340 EUR (occupancy 6, duration 1); 390 EUR (occupancy 8, duration 1)" in told
    assert "min_duration 7, max_duration 28" in told
    assert "why: it is the only entry of the YAML that holds this day" in told
    assert "season: Summer (seasons.summer)" in told or "season: Summer" in told
    departure = point(page, 0, 6, 18, 31)
    assert departure.startswith("Saturday, 18 July 2026price_calendar_entries.villa-marina-summer")
    assert "nothing said" in point(page, 0, 0, 4, 31)
    assert page.run(CURSOR) == ["products.villa-marina"]


@needs_chromium
def test_keys_walk_from_day_to_day_and_stop_at_the_ends(page: Browser) -> None:
    page.run("document.querySelectorAll('.strip')[1].focus()")
    page.press("Home", "ArrowLeft")
    assert page.run(SPOKEN) == "Thursday, 1 January 2026: nothing said, season Winter"
    page.press("PageUp", "PageUp", "PageUp", *["ArrowRight"] * 9)
    assert page.run(SPOKEN) == (
        "Friday, 10 April 2026: 128 EUR, pending, by calendar_events.solberg-april, "
        "price_calendar_entries.harbour-loft-2026"
    )
    page.press("End", "ArrowRight")
    assert str(page.run(SPOKEN)).startswith("Sunday, 31 January 2027")
    page.wait("location.hash === '#products.harbour-loft?day=2027-01-31'")
    assert page.run(CURSOR) == ["products.harbour-loft"]
    page.press("Escape")
    assert page.run(TOLD) == ""


@needs_chromium
def test_the_change_of_clocks_skips_and_repeats_no_day(page: Browser) -> None:
    page.ask("Emulation.setTimezoneOverride", timezoneId="Europe/Amsterdam")
    page.run("document.querySelector('.strip').focus()")
    page.press("Home")
    said = [str(page.run(SPOKEN)).partition(":")[0]]
    for _ in range(364):
        page.press("ArrowRight")
        said.append(str(page.run(SPOKEN)).partition(":")[0])
    assert len(set(said)) == 365
    assert said[-1] == "Thursday, 31 December 2026"


@needs_chromium
def test_an_address_names_a_day(page: Browser, folder: Path) -> None:
    page.open(folder / "villa.html", after="#products.harbour-loft?day=2026-04-13")
    page.wait(f"({TOLD}) !== ''")
    assert str(page.run(TOLD)).startswith("Monday, 13 April 2026pending by calendar_events.solberg")
    page.run("location.hash = '#products.villa-marina?day=2026-03-02'")
    page.wait(f"({TOLD}).startsWith('Monday, 2 March 2026blocked')")


@needs_chromium
def test_a_plan_tells_what_was_before_and_what_will_be(page: Browser, folder: Path) -> None:
    page.open(folder / "prices of a plan.html")
    page.click("#tab-calendar")
    page.run("document.querySelector('.strip').focus()")
    page.press("Home", "n", "n")
    assert page.run(SPOKEN) == (
        "Monday, 1 June 2026: changed from 140 EUR, by price_calendar_entries.summer "
        "to nothing said"
    )
    page.press("n", "n", "n", "n", "n")
    told = str(page.run(TOLD))
    assert "after1. price_calendar_entries.summer" in told
    assert "which one decides is not documented" in told
    page.press("p")
    assert str(page.run(SPOKEN)).startswith("Saturday, 18 July 2026")
    page.press("Escape")
    assert page.run("document.querySelector('#calendar').hidden") is False
    page.press("Escape", "g")
    assert page.run("document.querySelector('#graph').hidden") is False


@needs_chromium
def test_paper_has_the_periods_and_the_strips(page: Browser, folder: Path) -> None:
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('.unit details:not([open])').length") == 0
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run("document.querySelectorAll('.unit details[open]').length") == 0
    page.open(folder / "prices of a plan.html")
    page.ask("Emulation.setEmulatedMedia", media="print")
    assert page.run("document.querySelector('.strip').getBoundingClientRect().height > 20") is True
    page.ask("Emulation.setEmulatedMedia", media="screen")
