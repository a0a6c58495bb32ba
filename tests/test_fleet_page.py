"""The page of a fleet in a real browser: filtered, sorted, chosen; and without any script."""

from pathlib import Path
from typing import cast

import pytest

from reconciler.render.fleet.page import fleet_html
from tests.chromium import Browser, needs_chromium
from tests.fleet_cases import DIGEST, fleet, report
from tests.pages import check_reaches_nothing

FLEET = fleet()
APPLY = "reconciler fleet apply"
ALLOWED = (
    "bergen:deletes,casa:deletes,casa:updates,casa:referenced,casa:billing-create,"
    "casa:billing-delete,casa:cascade,casa:invites"
)
NAMES = (
    "[...document.querySelectorAll('#organizations tbody tr:not([hidden])')]"
    ".map(row => row.cells[0].textContent)"
)
GROUPS = (
    "[...document.querySelectorAll('details.fold:not([hidden])')]"
    ".map(one => one.querySelector('strong').textContent)"
)
SHOWN = "document.querySelector('#shown').textContent"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("fleet") / "fleet.html"
    found.write_text(
        fleet_html(FLEET, FLEET.plan_of, digest=DIGEST, apply_line=APPLY), encoding="utf-8"
    )
    return found


@pytest.fixture
def page(browser: Browser, file: Path) -> Browser:
    browser.requests.clear()
    browser.said.clear()
    browser.open(file)
    return browser


def names(page: Browser) -> list[str]:
    return cast("list[str]", page.run(NAMES))


def test_it_is_one_file_that_reaches_nothing(file: Path) -> None:
    page = file.read_text()
    check_reaches_nothing(page)


@needs_chromium
def test_it_shows_all_organizations_and_asks_nobody(page: Browser) -> None:
    assert names(page) == [one.name for one in FLEET.results]
    assert page.run(SHOWN) == "199 of 199 organizations"
    assert [address.partition(":")[0] for address in page.requests] == ["file"]
    assert page.said == []
    assert page.run("document.querySelectorAll('img').length") == 0


@needs_chromium
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bergen", ["bergen"]),
        ("BERG pending", ["bergen"]),
        ("did not answer", [f"silent-{n}" for n in range(5)]),
        ("no such thing", []),
    ],
)
def test_searching_finds_names_and_what_is_said(page: Browser, text: str, found: list[str]) -> None:
    page.press("/")
    page.write(text)
    page.wait(f"{SHOWN} === '{len(found)} of 199 organizations'")
    assert names(page) == found


@needs_chromium
def test_filters_narrow_together(page: Browser) -> None:
    page.run(
        "const wave = document.querySelector('#wave'); wave.value = 'canary';"
        "wave.dispatchEvent(new Event('change'))"
    )
    assert page.run(SHOWN) == "10 of 199 organizations"
    page.click('[data-wanted="failed"]')
    assert names(page) == [f"locked-{n}" for n in range(5)]
    page.click('[data-wanted="failed"]')
    assert page.run(SHOWN) == "10 of 199 organizations"
    assert page.said == []


@needs_chromium
def test_a_click_sorts_up_then_down_then_as_in_the_fleet(page: Browser) -> None:
    as_given = names(page)
    page.click("#organizations th:nth-child(4) button")
    assert names(page)[-2:] == ["bergen", "casa"]
    page.click("#organizations th:nth-child(4) button")
    assert names(page)[:2] == ["casa", "bergen"]
    assert page.run("document.querySelector('th:nth-child(4)').ariaSort") == "descending"
    page.click("#organizations th:nth-child(4) button")
    assert names(page) == as_given


@needs_chromium
def test_an_organization_shows_its_changes_alone(page: Browser) -> None:
    everything = cast("list[str]", page.run(GROUPS))
    assert len(everything) == 3
    page.run(
        "[...document.querySelectorAll('td button')]"
        ".find(button => button.textContent === 'haus-007').click()"
    )
    assert page.run(GROUPS) == ["38 organizations (bergen, haus-000, haus-001 and 35 more)"]
    assert "haus-007 alone" in cast(
        "str", page.run("document.querySelector('#chosen').textContent")
    )
    page.press("Escape")
    assert page.run(GROUPS) == everything


@needs_chromium
def test_filters_and_the_chosen_one_are_in_the_address(browser: Browser, file: Path) -> None:
    browser.open(file)
    browser.press("/")
    browser.write("haus")
    browser.click('[data-wanted="pending"]')
    browser.run(
        "[...document.querySelectorAll('td button')]"
        ".find(button => button.textContent === 'haus-007').click()"
    )
    kept = "#haus-007?q=haus&state=pending"
    assert browser.run("location.hash") == kept
    shown, groups = browser.run(SHOWN), browser.run(GROUPS)
    _follow(browser, file, "#", 199)
    browser.open(file, after=kept)
    browser.wait(f"{SHOWN} === {shown!r}")
    assert browser.run(GROUPS) == groups
    _follow(browser, file, "#", 199)
    _follow(browser, file, "#g2", 199)
    assert browser.run("location.hash") == "#g2"
    _follow(browser, file, "#no-such?wave=none&state=x&q=%E0%A4%A", 0)
    assert browser.said == []


def _follow(page: Browser, file: Path, address: str, shown: int) -> None:
    """Go to an address in the page, and wait until it is heeded."""
    page.open(file, after=address)
    page.wait(f"{SHOWN} === '{shown} of 199 organizations'")


@needs_chromium
def test_the_apply_line_has_each_consent_for_who_asks_for_it(page: Browser) -> None:
    line = cast("str", page.run("document.querySelector('[data-copy]').dataset.copy"))
    assert line == f"{APPLY} --allow {ALLOWED}"


@needs_chromium
def test_it_is_read_without_a_script(browser: Browser, file: Path) -> None:
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(file)
        text = cast("str", browser.run("document.body.innerText"))
        changes = cast("str", browser.run("document.querySelector('#g3').textContent"))
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    assert "Villa Marina" in changes
    for words in ("haus-199", "bergen", "nothing can be filtered", DIGEST):
        assert words in text, words
    assert "Search" not in text


@needs_chromium
@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_it_is_light_or_dark(page: Browser, scheme: str, dark: bool) -> None:
    page.colours(scheme)
    ground = page.run("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(13, 17, 23)") == dark


@needs_chromium
@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, file: Path, width: int) -> None:
    browser.open(file, width=width)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth") is True


def test_a_fleet_without_changes_says_so() -> None:
    found = report({"a": [], "b": []})
    page = fleet_html(found, found.plan_of)
    assert "2 organizations: 2 unchanged" in page
    assert "There are none." in page
