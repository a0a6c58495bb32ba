"""The pages of rehearsals and migrations: what they say, and how they are used in a browser."""

import re
from pathlib import Path
from typing import cast

import pytest

from reconciler.render.html.migration_page import migration_html
from reconciler.render.html.rehearsal_page import rehearsal_html
from tests.builders import KINDS
from tests.chromium import Browser, needs_chromium
from tests.pages import check_reaches_nothing
from tests.report_cases import (
    failing,
    migrated,
    prospect,
    refused,
    rehearsed,
    restless,
    undecided,
)

PAGES = {
    "rehearsed": rehearsal_html(rehearsed(), KINDS),
    "failing": rehearsal_html(failing(), KINDS),
    "refused": rehearsal_html(refused(), KINDS),
    "restless": rehearsal_html(restless(), KINDS),
    "migrated": migration_html(migrated()),
    "undecided": migration_html(undecided()),
    "prospect": migration_html(*prospect()),
}
SHOWN = "document.querySelector('#shown').textContent"
VISIBLE = (
    "[...document.querySelectorAll('[data-state]:not([hidden])')]"
    ".filter((e) => !e.closest('details').hidden).map((e) => e.id)"
)
CHOSEN = "document.querySelector('.chosen')?.id"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_one_file_that_reaches_nothing(name: str) -> None:
    check_reaches_nothing(PAGES[name])
    assert "<img" not in PAGES[name]
    assert "jane@example.com" not in PAGES[name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rehearsed", ["The rehearsal went well, and a second plan is empty.", "412 rows of it"]),
        ("failing", ["The rehearsal failed.", "Failed: taxes.t0 and 11 more", "choose another one",
                     "Stale: products.villa", "Skipped: bookings.stay"]),
        ("refused", ["The rehearsal was refused", "contacts.jane is protected"]),
        ("restless", ["a second plan would still change something",
                      "A second plan would change products: 1 to update"]),
        ("migrated", ["Verified: 1,215 rows compared column by column", "members.ola",
                      "1 secret column never moved", "1 now null"]),
        ("undecided", ["Not verified: 1,215 rows compared", "To be decided: 3", "200 changes",
                       "--match products.villa=", "--theirs coupons.late", "--leave taxes.gone",
                       "deleted in the source, changed there", "fix what was refused"]),
        ("prospect", ["Nothing was written: this is what would be moved.", "contacts.jane-doe"]),
    ],
)  # fmt: skip
def test_it_says_what_happened(name: str, said: list[str]) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", "", PAGES[name]))
    assert [words for words in said if words not in text] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("pages")
    for name, page in PAGES.items():
        (found / f"{name}.html").write_text(page, encoding="utf-8")
    return found


def visible(page: Browser) -> list[str]:
    return cast("list[str]", page.run(VISIBLE))


@needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_it_asks_nobody_and_fits_a_telephone(browser: Browser, folder: Path, name: str) -> None:
    browser.requests.clear()
    browser.said.clear()
    browser.open(folder / f"{name}.html", width=375, height=812)
    assert [address.partition(":")[0] for address in browser.requests] == ["file"]
    assert browser.said == []
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


@needs_chromium
def test_searching_and_states_narrow_together(browser: Browser, folder: Path) -> None:
    browser.open(folder / "failing.html")
    assert browser.run(SHOWN) == "16 of 16 entries"
    browser.press("/")
    browser.write("taxes t1")
    assert visible(browser) == ["taxes.t1", "taxes.t10", "taxes.t11", "bookings.stay"]
    browser.click('[data-wanted="skipped"]')
    assert visible(browser) == ["bookings.stay"]
    assert browser.run("location.hash") == "#?q=taxes+t1&state=skipped"
    browser.click('[data-wanted="skipped"]')
    browser.press("/", "Escape")
    assert browser.run(SHOWN) == "16 of 16 entries"


@needs_chromium
def test_an_entry_has_an_address(browser: Browser, folder: Path) -> None:
    browser.open(folder / "undecided.html", after="#sites.main")
    assert browser.run(CHOSEN) == "sites.main"
    browser.open(folder / "migrated.html")
    browser.open(folder / "undecided.html", after="#?q=contacts.c1&state=different")
    assert len(visible(browser)) == 61
    browser.press("j", "j", "k")
    assert browser.run(CHOSEN) == "contacts.c1"
    assert browser.run("location.hash") == "#contacts.c1?q=contacts.c1&state=different"
    browser.wait("document.querySelector('#live').textContent === 'contacts.c1: notes'")
    browser.press("/", "ArrowDown")
    assert browser.run(CHOSEN) == "contacts.c10"
    assert browser.said == []


@needs_chromium
def test_it_is_read_without_a_script(browser: Browser, folder: Path) -> None:
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(folder / "failing.html")
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    text = cast("str", browser.run("document.body.innerText"))
    assert "Failed: taxes.t0 and 11 more" in text
    assert "Search" not in text
