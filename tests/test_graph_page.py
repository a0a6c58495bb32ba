"""The graph in a real browser: folded, unfolded, searched, focused, moved through by keys."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from reconciler.render.graph import Edge, Graph, Node, graph_of
from reconciler.render.html import graph_html, plan_html
from tests.chromium import Browser, needs_chromium
from tests.pages import check_reaches_nothing
from tests.render_cases import everything, many
from tests.test_graph import VILLA, graph

HOUSES = 12
DRAWN = "document.documentElement.classList.contains('drawn')"
HEADS = "[...document.querySelectorAll('.head .title')].map((one) => one.textContent.trim())"
ROWS = "[...document.querySelectorAll('.row-in')].map((one) => one.getAttribute('aria-label'))"
TOLD = "document.querySelector('#graph-told h2').textContent"
FOUND = "document.querySelector('#graph-found').textContent"
BY = "document.querySelector('#graph-by').value"
FOCUS = "document.activeElement.getAttribute('aria-label')"
SEEN = """((name) => {
  const one = [...document.querySelectorAll('.item')].find((item) => item.dataset.id === name);
  const [box, all] = [one, document.querySelector('#graph-canvas')]
    .map((element) => element.getBoundingClientRect());
  return box.left >= all.left && box.top >= all.top
    && box.right <= all.right && box.bottom <= all.bottom;
})"""


def park(houses: int) -> Graph:
    """Make houses, each with what belongs to it, and what they share."""
    lines = []
    for number in range(houses):
        lines += [
            f"prices.h{number}-summer>products.h{number}",
            f"prices.h{number}-winter>products.h{number}",
            f"listings.h{number}>products.h{number}", f"listings.h{number}>widgets.park",
            *(f"links.h{number}--{one}>{end}" for one in ("linen", "sauna")
              for end in (f"products.h{number}", f"services.{one}")),
            f"rates.h{number}>prices.h{number}-summer", f"tasks.h{number}>rates.h{number}",
        ]  # fmt: skip
    return graph(" ".join(lines))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("graphs")
    for name, page in {
        "villa": graph_html(graph_of(VILLA), "villa"),
        "park": graph_html(park(HOUSES), "park"),
        "large": graph_html(park(120), "large"),
        "plan": plan_html(everything()),
        "many": plan_html(many(6_000)),
    }.items():
        (found / f"{name}.html").write_text(page, encoding="utf-8")
    return found


def opened(browser: Browser, path: Path, *, after: str = "", width: int = 1400) -> Browser:
    browser.requests.clear()
    browser.said.clear()
    browser.ask("Page.navigate", url="about:blank")
    browser.open(path, width=width, height=900, after=after)
    browser.wait(DRAWN)
    return browser


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Browser]:
    """The park; nothing that is done with it says or fetches anything."""
    yield opened(browser, folder / "park.html")
    assert browser.said == []
    assert {address.partition(":")[0] for address in browser.requests} <= {"file", "about"}


def heads(page: Browser) -> list[str]:
    return cast("list[str]", page.run(HEADS))


def test_a_graph_is_one_file_that_reaches_nothing(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        check_reaches_nothing(path.read_text("utf-8"))


def test_without_a_script_the_references_are_there_as_text(folder: Path) -> None:
    text = (folder / "villa.html").read_text("utf-8").partition("<noscript>")[2]
    assert "contact_bookings.jane--stay → contacts.jane  (contact_id)" in text
    assert "\nseasons.summer\n" in f"{text.partition('</pre>')[0]}\n"


@needs_chromium
def test_twelve_houses_open_in_sight_and_readable(page: Browser) -> None:
    assert page.run(BY) == "group"
    shared = {"services.linen", "services.sauna", "widgets.park"}
    assert set(heads(page)) == {*shared, *(f"products.h{n}" for n in range(HOUSES))}
    for number in range(HOUSES):
        assert page.run(f"{SEEN}('group products.h{number}')") is True
    tall = page.run("document.querySelector('.title').getBoundingClientRect().height")
    assert cast("float", tall) >= 11
    under = page.run("document.querySelector('.card .under').textContent")
    assert under == "7 belong to it, of 5 kinds"


@needs_chromium
def test_a_house_unfolds_and_folds_with_keys_and_stays_where_it_is(page: Browser) -> None:
    place = "document.activeElement.getBoundingClientRect().top"
    page.run("document.querySelector('[data-id=\"group products.h3\"]').focus()")
    top = page.run(place)
    page.press("Enter")
    assert page.run("document.activeElement.getAttribute('aria-expanded')") == "true"
    assert page.run(ROWS) == [
        "prices.h3-summer", "prices.h3-winter", "listings.h3", "links.h3--linen",
        "links.h3--sauna", "rates.h3", "tasks.h3",
    ]  # fmt: skip
    assert abs(cast("float", page.run(place)) - cast("float", top)) < 1
    page.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert page.run(FOCUS) == "listings.h3"
    assert page.run(TOLD) == "listings.h3"
    page.press("ArrowUp", "ArrowUp", "ArrowUp", "Enter")
    assert page.run(ROWS) == []
    assert page.run("document.activeElement.dataset.id") == "group products.h3"


@needs_chromium
def test_a_click_chooses_and_the_arrow_unfolds(page: Browser) -> None:
    page.click('[data-id="widgets.park"] .area')
    assert page.run(TOLD) == "widgets.park"
    assert page.run("document.querySelectorAll('.link.near').length") == HOUSES
    assert page.run("document.querySelectorAll('.item.near').length") == HOUSES
    page.click('[data-id="group products.h5"] .fold')
    assert len(cast("list[str]", page.run(ROWS))) == 7
    page.click("[data-fold]")
    assert page.run(ROWS) == []
    assert page.run("document.activeElement.dataset.fold") == "group products.h5"


@needs_chromium
def test_what_it_touches_is_shown_step_by_step(page: Browser) -> None:
    page.click('[data-id="services.sauna"] .area')
    page.press("f")
    page.wait(f"{HEADS}.length === 25")  # itself, the links of 12 houses, and these
    page.click('[data-steps="1"]')
    assert len(heads(page)) == 13
    assert page.run("document.activeElement.dataset.steps") == "1"
    assert page.run("location.hash") == "#services.sauna?steps=1"
    page.press("Escape")
    assert len(heads(page)) == 15
    assert page.run("document.querySelector('#graph-back').hidden") is True


@needs_chromium
def test_a_search_flies_there_and_unfolds_what_holds_it(page: Browser) -> None:
    page.press("/")
    page.write("h7 summer")
    assert page.run(FOUND) == "1 found, Enter goes there"
    assert page.run("document.querySelectorAll('.head.far').length") == 14
    page.press("Enter")
    assert page.run(FOUND) == "1 of 1 found"
    assert page.run(TOLD) == "prices.h7-summer"
    page.wait(f"{SEEN}('group products.h7\\nprices.h7-summer')")
    page.press("Escape")
    assert page.run("document.querySelectorAll('.far').length") == 0
    page.press("/")
    page.write("nobody")
    assert page.run(FOUND) == "0 found"
    page.press("Enter", "Escape", "Escape")
    assert page.run("document.activeElement.closest('svg') !== null") is True


@needs_chromium
def test_zoom_pan_and_overview_move_what_is_in_sight(page: Browser) -> None:
    where = "document.querySelector('.content').getAttribute('transform')"
    first = page.run(where)
    page.press("+", "+", "+")
    near = page.run(where)
    assert near != first
    assert page.run("document.querySelector('.overview.needless')") is None
    page.press("ArrowDown", "ArrowRight")
    page.ask("Input.dispatchKeyEvent", type="keyDown", key="ArrowLeft", modifiers=8)
    assert page.run(where) != near
    far = page.run(where)
    page.run(
        "document.querySelector('.graph').dispatchEvent("
        "new WheelEvent('wheel', {deltaY: 50, cancelable: true}))"
    )
    assert page.run(where) != far
    page.press("0")
    assert page.run(where) == first
    assert page.run("document.querySelector('.overview.needless') !== null") is True


@needs_chromium
def test_on_paper_is_all_of_it_whatever_was_in_sight(page: Browser) -> None:
    drawn = "document.querySelector('.graph').getAttribute('viewBox')"
    page.press("+", "+", "+")
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelector('.content').getAttribute('transform')") is None
    assert cast("str", page.run(drawn)).startswith("0 0 ")
    assert page.pdf().startswith(b"%PDF")
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run(drawn) is None


@needs_chromium
def test_its_address_says_what_is_looked_at(browser: Browser, folder: Path) -> None:
    opened(browser, folder / "park.html", after="#links.h2--linen?by=kind")
    assert browser.run(BY) == "kind"
    assert browser.run(TOLD) == "links.h2--linen"
    browser.run("location.hash = '#products.h1?by=group&steps=2'")
    browser.wait(f"{TOLD} === 'products.h1'")
    assert "services.linen" in heads(browser)
    assert "products.h2" not in heads(browser)


@needs_chromium
def test_a_thousand_resources_open_by_kind(browser: Browser, folder: Path) -> None:
    opened(browser, folder / "large.html")
    assert browser.run(BY) == "kind"
    options = browser.run("[...document.querySelector('#graph-by').options].map((o) => o.value)")
    assert options == ["group", "kind"]
    browser.press("/")
    browser.write("tasks.h119")
    browser.press("Enter")
    assert browser.run(TOLD) == "tasks.h119"
    rows = cast("list[str]", browser.run(ROWS))
    assert len(rows) == 41  # the first forty, and the one that was looked for
    assert rows[-1] == "tasks.h119"
    more = browser.run("document.querySelector('.more').textContent")
    assert more == "… and 79 more: find them by name"
    assert browser.said == []


@needs_chromium
@pytest.mark.parametrize("seed", [1, 2])
def test_every_box_is_reached_by_arrows(browser: Browser, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"k{number % 5}.n{number}" for number in range(16)]
    nodes = {name: Node(name, name.partition(".")[0], name) for name in names}
    edges = {(chance.choice(names), chance.choice(names)) for _ in range(18)}
    drawn = Graph(nodes, tuple(Edge(*ends, "x_id") for ends in sorted(edges)))
    (tmp_path / "a.html").write_text(graph_html(drawn, "a"), encoding="utf-8")
    opened(browser, tmp_path / "a.html")
    browser.press("ArrowDown")
    reached = set()
    waiting = [browser.run(FOCUS)]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        for key in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
            browser.run(f"document.querySelector('[data-id=\"{name}\"]').focus()")
            browser.press(key)
            waiting.append(browser.run(FOCUS))
    assert reached == set(names)


@needs_chromium
def test_the_graph_of_a_plan_has_its_changes_and_leads_to_them(
    browser: Browser, folder: Path
) -> None:
    browser.open(folder / "plan.html", width=1400)
    browser.press("g")
    browser.wait(DRAWN)
    assert browser.run("document.querySelectorAll('.box.delete').length") == 5
    browser.press("/")
    assert browser.run("document.activeElement.id") == "graph-find"
    browser.write("summer-stay")
    browser.press("Enter")
    assert browser.run("document.querySelector('#graph-told .badge').textContent") == "+ create"
    browser.click("#graph-told a")
    browser.wait("document.querySelector('#graph').hidden")
    title = "document.querySelector('#detail h2').textContent"
    assert browser.run(title) == "+ create bookings.summer-stay"


@needs_chromium
def test_of_too_many_changes_the_graph_has_the_kinds(browser: Browser, folder: Path) -> None:
    browser.open(folder / "many.html", width=1400)
    browser.press("g")
    browser.wait(DRAWN)
    assert "contacts: 1,200 to create" in heads(browser)
