"""The page of a plan, in a real browser: found, filtered, opened, with the keyboard alone, too."""

import re
from pathlib import Path
from typing import cast

import orjson
import pytest

from reconciler.render.html import plan_html
from reconciler.values.column import JSON
from tests.builders import change
from tests.chromium import Browser, needs_chromium
from tests.pages import check_reaches_nothing
from tests.render_cases import document, everything, many, nothing

LARGEST = 10_000_000
ROWS = "[...document.querySelectorAll('.row .name')].map(e => e.textContent)"
ACTIVE = "document.querySelector('.row[aria-selected=true] .name')?.textContent"
APPLY = "reconciler apply 'my villa/'"
ALLOWED = "deletes,updates,referenced,billing-create,billing-delete,cascade,invites"
TITLE = "document.querySelector('#detail h2')?.textContent ?? ''"
FOCUS = "document.activeElement.id"
SHOWN = "document.querySelector('#shown').textContent"


# --- the file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        plan_html(everything()),
        plan_html(nothing()),
    ],
    ids=["everything", "nothing"],
)
def test_a_page_is_one_file_that_reaches_nothing(page: str) -> None:
    addresses = set(re.findall(r"https?://[^\s\"'<\\]+", page))
    assert addresses <= {
        "http://www.w3.org/2000/svg", "https://old.example.com/hook",
        "https://crm.example.com/hooks/bookingmood/7f3a",
    }  # fmt: skip
    check_reaches_nothing(page)


def test_the_embedded_plan_is_the_plan() -> None:
    page = plan_html(everything())
    [text] = re.findall(r'(?s)<script type="application/json" id="plan">(.*?)</script>', page)
    data = orjson.loads(text)
    assert [change["name"] for change in data["changes"]][:2] == [
        "contacts.jane-doe", "products.loft"]  # fmt: skip
    assert "</script><img src=x onerror=alert(1)>" in str(data)
    assert "<img" not in page


def test_a_large_plan_is_not_a_large_page() -> None:
    assert len(plan_html(many(5000)).encode()) <= LARGEST


def test_a_huge_value_is_cut_and_says_so() -> None:
    one = change("update taxes.vat", before={"type": "a"}, type="x" * 30_000)
    assert "… (30,000 characters)" in plan_html(document([one]))


# --- in Chromium ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages to look at."""
    found = tmp_path_factory.mktemp("pages")
    for name, page in {
        "everything": plan_html(everything(), APPLY),
        "nothing": plan_html(nothing()),
        "many": plan_html(many(20_000)),
    }.items():
        (found / f"{name}.html").write_text(page, encoding="utf-8")
    return found


@pytest.fixture
def page(browser: Browser, folder: Path) -> Browser:
    """The plan that has everything, opened."""
    browser.requests.clear()
    browser.said.clear()
    browser.open(folder / "everything.html")
    return browser


def rows(page: Browser) -> list[str]:
    return cast("list[str]", page.run(ROWS))


@needs_chromium
def test_it_shows_all_changes_by_kind_and_asks_nobody(page: Browser) -> None:
    page.press("Home")
    assert len(rows(page)) == 17
    groups = page.run("[...document.querySelectorAll('.group')].map(e => e.textContent)")
    assert cast("list[str]", groups)[:3] == ["contacts3", "products3", "members1"]
    assert page.run(SHOWN) == "17 of 17 changes"
    assert [address.partition(":")[0] for address in page.requests] == ["file"]
    assert page.said == []
    assert page.run("document.querySelectorAll('img').length") == 0


@needs_chromium
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("villa-marina", ["products.villa-marina"]),
        ("VILLA marina update", ["products.villa-marina"]),
        ("hide_exact", ["products.villa-marina"]),
        ("cadence", ["services.cleaning"]),
        ("coupons.yaml", ["coupons.early-bird", "coupons.last-minute"]),
        ("cascade", ["products.barn"]),
        ("no such thing", []),
    ],
)
def test_searching_finds_names_columns_values_and_places(
    page: Browser, text: str, found: list[str]
) -> None:
    page.press("/")
    assert page.run(FOCUS) == "search"
    page.write(text)
    page.wait(f"{SHOWN} === '{len(found)} of 17 changes'")
    assert rows(page) == found


@needs_chromium
def test_filters_narrow_together(page: Browser) -> None:
    page.click('[data-action="delete"]')
    assert len(rows(page)) == 5
    page.click("#attention")
    assert len(rows(page)) == 5
    page.click('[data-action="create"]')
    assert page.run(SHOWN) == "8 of 17 changes"
    page.run(
        "const k = document.querySelector('#kind'); k.value = 'products';"
        "k.dispatchEvent(new Event('change'))"
    )
    assert rows(page) == ["products.loft", "products.barn"]
    pressed = page.run("document.querySelectorAll('.toggles [aria-pressed=true]').length")
    assert pressed == 2


@needs_chromium
def test_a_click_opens_a_change(page: Browser) -> None:
    page.press("Home")
    page.click("#row-6")
    assert page.run(TITLE) == "~ update products.villa-marina"
    cells = cast(
        "list[str]",
        page.run("[...document.querySelectorAll('.cells tbody tr')].map(r => r.innerText)"),
    )
    assert cells[0] == 'name.default\t"Villa"\t"Villa Marina"'
    assert cells[1] == 'name.nl-NL\t"Huis"\tnot there'
    assert page.run("document.querySelector('.lines .in').textContent").startswith("+ the key")  # type: ignore[union-attr]
    assert "</script><img src=x onerror=alert(1)>" in cells[-1]
    assert page.run("document.querySelectorAll('img').length") == 0


@needs_chromium
def test_it_opens_with_the_most_important_change(page: Browser) -> None:
    assert page.run(ACTIVE) == "taxes.vat"  # apply would refuse it
    assert page.run(TITLE) == "- delete taxes.vat"
    page.click('[data-action="update"]')
    assert page.run(TITLE) == "~ update contacts.ingrid"  # apply asks for it
    page.click('[data-action="update"]')
    page.press("/")
    page.write("coupons")
    assert page.run(TITLE) == "= adopt coupons.early-bird"  # the order


@needs_chromium
def test_only_panes_scroll(page: Browser) -> None:
    scrolling = page.run(
        "[...document.querySelectorAll('html, body, main, #changes, #panes')]"
        ".filter((e) => e.scrollHeight > e.clientHeight + 1).length"
    )
    assert scrolling == 0
    assert page.run("document.querySelector('#list').scrollHeight > 500")


@needs_chromium
def test_the_keyboard_is_enough(page: Browser) -> None:
    page.press("Home", "ArrowUp")
    assert page.run(ACTIVE) == "contacts.jane-doe"
    page.press("j", "ArrowDown", "j")
    assert page.run(ACTIVE) == "products.loft"  # the name of the group was passed over
    page.press("k")
    assert page.run(ACTIVE) == "contacts[…000000000002]"
    page.press("Enter")
    assert page.run(TITLE) == "- delete contacts[00000002-aaaa-4aaa-8aaa-000000000002]"
    assert page.run(FOCUS) == "detail"
    page.press("k")
    assert page.run(TITLE) == "~ update contacts.ingrid"
    page.press("Escape")
    assert (page.run(TITLE), page.run(FOCUS)) == ("~ update contacts.ingrid", "list")
    page.press("End")
    assert page.run(ACTIVE) == "taxes.vat"
    assert page.run("document.querySelector('#list').getAttribute('aria-activedescendant')") == (
        page.run("document.querySelector('[aria-selected=true].row').id")
    )


@needs_chromium
def test_keys_of_one_letter_can_be_switched_off(page: Browser) -> None:
    page.press("Home")
    page.click("#letters")
    page.press("j", "/", "g")
    assert page.run(ACTIVE) == "contacts.jane-doe"
    assert page.run(FOCUS) == "letters"
    page.press("ArrowDown")
    assert page.run(ACTIVE) == "contacts.ingrid"
    page.run("document.querySelector('#search').focus()")
    page.write("coupons")
    page.wait(f"{SHOWN} === '2 of 17 changes'")
    page.click("#letters")
    page.press("k")
    assert page.run(ACTIVE) == "coupons.early-bird"
    page.press("/")
    assert page.run(FOCUS) == "search"


@needs_chromium
def test_the_search_moves_through_what_it_found(page: Browser) -> None:
    page.press("/")
    page.write("contacts")
    page.wait(f"{SHOWN} === '6 of 17 changes'")
    assert page.run(TITLE) == "~ update contacts.ingrid"
    page.press("ArrowDown")
    assert page.run(TITLE) == "- delete contacts[00000002-aaaa-4aaa-8aaa-000000000002]"
    page.press("ArrowUp", "ArrowUp")
    assert (page.run(TITLE), page.run(FOCUS)) == ("+ create contacts.jane-doe", "search")
    page.press("Enter")
    assert page.run(FOCUS) == "detail"
    page.press("/", "Escape")
    assert (page.run(SHOWN), page.run(FOCUS)) == ("17 of 17 changes", "search")
    page.press("Escape")
    assert page.run(FOCUS) == "list"


@needs_chromium
def test_a_change_and_the_filters_are_in_the_address(browser: Browser, folder: Path) -> None:
    browser.open(folder / "everything.html")
    assert browser.run("location.hash") == "#taxes.vat"
    browser.press("/")
    browser.write("villa marina")
    browser.click('[data-action="update"]')
    kept = "#products.villa-marina?q=villa+marina&action=update"
    assert browser.run("location.hash") == kept
    browser.open(folder / "nothing.html")
    browser.open(folder / "everything.html", after=kept)
    assert browser.run(SHOWN) == "1 of 17 changes"
    assert browser.run(TITLE) == "~ update products.villa-marina"
    browser.click("#clear")
    assert browser.run("location.hash") == "#products.villa-marina"
    browser.open(folder / "nothing.html")
    browser.open(folder / "everything.html", after="#no.such?kind=nothing&action=x&q=%E0%A4%A")
    assert browser.run(SHOWN) == "0 of 17 changes"
    assert browser.said == []


@needs_chromium
def test_the_apply_line_is_copied(page: Browser) -> None:
    page.ask("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    page.click("[data-copy]")
    page.wait("document.querySelector('[data-copy]').textContent === 'Copied'")
    assert page.run("navigator.clipboard.readText()") == f"{APPLY} --allow {ALLOWED}"
    page.wait(f"document.querySelector('#live').textContent.includes({ALLOWED!r})")


@needs_chromium
def test_screen_readers_hear_what_a_change_does(page: Browser) -> None:
    page.press("Home", "j")
    page.wait("document.querySelector('#live').textContent.startsWith('update contacts.ingrid')")
    said = cast("str", page.run("document.querySelector('#live').textContent"))
    assert 'language: "nb" becomes "en"' in said
    assert said.endswith("needs attention: updates")


@needs_chromium
def test_names_lead_to_other_changes_and_back(page: Browser) -> None:
    page.run("location.hash = '#contact_bookings.jane-doe--summer-stay'")
    page.wait(f"{TITLE}.includes('jane-doe--summer-stay')")
    page.run("[...document.querySelectorAll('#detail a')].at(-1).click()")
    page.wait(f"{TITLE} === '+ create contacts.jane-doe'")
    referring = page.run(
        "[...document.querySelectorAll('#detail .names a')].map(a => a.textContent)"
    )
    assert referring == ["create contact_bookings.jane-doe--summer-stay"]
    page.press("/")
    page.write("villa")
    page.wait(f"{SHOWN} === '1 of 17 changes'")
    page.run("location.hash = '#taxes.vat'")  # what the filters hide is shown all the same
    page.wait(f"{TITLE} === '- delete taxes.vat'")
    assert page.run(SHOWN) == "17 of 17 changes"


@needs_chromium
def test_tabs_change_with_arrows(page: Browser) -> None:
    page.run("document.querySelector('#tab-changes').focus()")
    page.press("ArrowRight")
    assert page.run(FOCUS) == "tab-notices"
    page.press("ArrowRight")
    assert page.run(FOCUS) == "tab-graph"
    page.press("ArrowRight")
    assert page.run(FOCUS) == "tab-changes"


@needs_chromium
@pytest.mark.parametrize(
    ("scheme", "clicks", "dark"),
    [("light", 0, False), ("dark", 0, True), ("dark", 1, False), ("light", 2, True)],
)
def test_it_is_light_or_dark(page: Browser, scheme: str, clicks: int, dark: bool) -> None:
    page.colours(scheme)
    for _ in range(clicks):
        page.click("#theme")
    ground = page.run("getComputedStyle(document.body).backgroundColor")
    for _ in range(-clicks % 3):
        page.click("#theme")
    assert (ground == "rgb(13, 17, 23)") == dark


@needs_chromium
def test_twenty_thousand_changes_are_as_quick_to_use(browser: Browser, folder: Path) -> None:
    browser.open(folder / "many.html")
    assert browser.run(SHOWN) == "20,000 of 20,000 changes"
    assert len(rows(browser)) < 100
    browser.press("End")
    assert browser.run(ACTIVE) == "tasks.task-19999"
    browser.press("/")
    browser.write("guest-19995")
    browser.wait(f"{SHOWN} === '2 of 20,000 changes'")
    assert rows(browser) == ["contacts.guest-19995", "contact_bookings.guest-19995--stay-19996"]


@needs_chromium
def test_on_paper_every_change_has_its_details(page: Browser) -> None:
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('#paper article').length") == 17
    assert page.pdf().startswith(b"%PDF")


@needs_chromium
def test_on_a_telephone_the_list_gives_way_to_the_change(browser: Browser, folder: Path) -> None:
    browser.open(folder / "everything.html", width=390, height=844)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    names = browser.run("[...document.querySelectorAll('.row .name')].map((e) => e.clientWidth)")
    assert min(cast("list[int]", names)) > 100  # what a change needs does not hide which it is
    browser.press("j", "Enter")
    assert browser.run("document.querySelector('#list').offsetParent") is None
    browser.run("document.querySelector('#back').click()")
    assert browser.run("document.querySelector('#list').offsetParent !== null") is True


@needs_chromium
def test_a_plan_without_changes_says_so(browser: Browser, folder: Path) -> None:
    browser.open(folder / "nothing.html")
    browser.press("j", "k", "End", "Enter", "g", "g")
    assert browser.run(SHOWN) == "0 of 0 changes"
    assert "no changes, 54 unchanged" in cast("str", browser.run("document.body.innerText"))


@needs_chromium
def test_in_a_zoomed_window_nothing_scrolls_sideways(browser: Browser, folder: Path) -> None:
    browser.open(folder / "everything.html", width=640, height=400)  # 1280 x 800 at 200 %
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert len(rows(browser)) > 10
    browser.press("j", "j", "Enter")
    assert browser.run(FOCUS) == "detail"
    assert browser.run("document.querySelector('#detail h2').getBoundingClientRect().top < 400")
    in_sight = "(() => { const r = document.querySelector('.foot').getBoundingClientRect();"
    assert browser.run(f"{in_sight} return r.bottom <= innerHeight && r.top < innerHeight }})()")
    browser.press("Escape")
    assert browser.run("document.querySelector('#list').offsetParent !== null") is True


@needs_chromium
def test_without_a_script_the_plan_is_text(browser: Browser, folder: Path) -> None:
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(folder / "everything.html")
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    text = cast("str", browser.run("document.body.innerText"))
    for words in (
        "~ update products.villa-marina  products.yaml:4", "cooldown_time",
        "Protected, apply will refuse", f"--allow {ALLOWED}", everything()["digest"],
        "Left out: 7 personal values hidden",
    ):  # fmt: skip
        assert words in text
    assert "Copy the apply line" not in text


@needs_chromium
def test_in_forced_colours_what_is_chosen_and_what_changed_is_seen(page: Browser) -> None:
    forced: list[JSON] = [{"name": "forced-colors", "value": "active"}]
    page.ask("Emulation.setEmulatedMedia", features=forced)
    page.run("location.hash = '#products.villa-marina'")
    page.wait(f"{TITLE} === '~ update products.villa-marina'")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    chosen = page.run(style.format(".row[aria-selected=true]", "backgroundColor"))
    other = page.run(style.format(".row[aria-selected=false]", "backgroundColor"))
    assert chosen != other
    assert page.run(style.format("#detail ins", "textDecorationLine")) == "underline"
    assert page.run(style.format("#detail del", "textDecorationLine")) == "line-through"
    page.ask("Emulation.setEmulatedMedia", features=[])


@needs_chromium
def test_on_paper_stand_the_digest_and_what_apply_needs(page: Browser) -> None:
    page.run("dispatchEvent(new Event('beforeprint'))")
    page.ask("Emulation.setEmulatedMedia", media="print")
    text = cast("str", page.run("document.body.innerText"))
    foot, notices = (
        cast("float", page.run(f"document.querySelector('{one}').getBoundingClientRect().top"))
        for one in (".foot", "#notices")
    )
    page.ask("Emulation.setEmulatedMedia", media="")
    assert everything()["digest"] in text
    assert "Protected, apply will refuse" in text
    assert foot < notices
    assert "Copy the apply line" not in text
