"""The views of a fleet: what is alike stands once, what is left out is said, secrets are hidden."""

import re
from collections.abc import Callable

import click
import pytest

from reconciler.plan.shape import PlanDocument
from reconciler.render.fleet.gather import PlanOf, gather
from reconciler.render.fleet.markdown import fleet_markdown
from reconciler.render.fleet.page import MOST_CHANGES, fleet_html
from reconciler.render.fleet.text import fleet_lines
from reconciler.render.markdown import MOST_CHARACTERS
from tests.builders import change, foreign_id
from tests.fleet_cases import DIGEST, Report, different, ended, fleet, report, reported, same
from tests.render_cases import document

View = Callable[..., str]


def fleet_text(found: Report, plan_of: PlanOf, *, digest: str | None = None) -> str:
    """Write what a terminal shows, without colours."""
    return click.unstyle("\n".join(fleet_lines(found, plan_of, compact=False, digest=digest)))


VIEWS = pytest.mark.parametrize("view", [fleet_text, fleet_markdown, fleet_html])


def shared(found: Report) -> dict[str, str]:
    """Say which organizations have which changes alike: ``a b: update x; create y``."""
    groups = gather(found, found.plan_of).shared
    return {
        " ".join(group.members): "; ".join(
            f"{one.change['action']} {one.change['address']}" for one in group.shown()
        )
        for group in groups
    }


ONE = change("update taxes.vat", before={"percentage": 1}, percentage=2, id="1")
FIRST_SECRET = change("update bookings.a", before={"secret": "1"}, secret="2")
OTHER_SECRET = change("update bookings.a", before={"secret": "3"}, secret="4")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (ONE, ONE, True),
        (ONE, change("update taxes.vat", before={"percentage": 1}, percentage=2, id="2"), True),
        (ONE, change("update taxes.vat", before={"percentage": 1}, percentage=3), False),
        (ONE, change("update taxes.vat", before={"percentage": 0}, percentage=2), False),
        (ONE, change("update taxes.low", before={"percentage": 1}, percentage=2), False),
        (ONE, change("create taxes.vat", percentage=2), False),
        (FIRST_SECRET, OTHER_SECRET, True),
        (same(1)[1], same(2)[1], True),
    ],
)
def test_what_people_see_is_compared(one: object, other: object, alike: bool) -> None:
    found = report({"a": [one], "b": [other]})  # type: ignore[list-item]
    assert ("a b" in shared(found)) == alike


def test_a_reference_is_compared_by_its_name() -> None:
    plans: dict[str, PlanDocument] = {}
    for name, row in (("a", foreign_id(1)), ("b", foreign_id(2))):
        moved = change("update line_items.bed", before={"service_id": row}, service_id=None)
        plans[name] = document([moved], names={row: "services.linen"})
    assert shared(reported([ended(name) for name in plans], plans)) == {
        "a b": "update line_items.bed"
    }


def test_what_differs_is_shown_beside_what_is_the_same() -> None:
    found = shared(fleet())
    [most] = [names for names in found if found[names].startswith("update products.villa")]
    assert len(most.split()) == 38
    assert found["bergen"] == "create taxes.city; delete None; delete None"


def test_rows_without_a_name_are_counted_each() -> None:
    gone = [change("delete coupons", id=str(n), row={"code": "OLD"}) for n in range(3)]
    found = shared(report({"a": gone, "b": gone[:2]}))
    row = "delete a row of coupons"
    assert found == {"a b": f"{row}; {row}", "a": "delete None"}


@VIEWS
def test_a_view_says_each_change_once_and_names_who_went_wrong(view: View) -> None:
    found = fleet()
    text = view(found, found.plan_of, digest=DIGEST)
    assert len(re.findall("products.villa(?!-)", text)) == 1
    for words in (DIGEST, "locked-4", "silent-0", "bergen", "the server did not answer"):
        assert words in text, words
    assert "150 unchanged" in text


@VIEWS
def test_no_view_holds_what_is_hidden(view: View) -> None:
    found = fleet()
    text = view(found, found.plan_of)
    for value in ("@example.com", "hunter2", "allergic"):
        assert value not in text
    assert "idden values may differ" in text


@VIEWS
def test_nothing_that_others_wrote_can_act(view: View) -> None:
    found = fleet()
    text = view(found, found.plan_of)
    outside = re.sub(r"`+[^`]*`+", "", text) if view is fleet_markdown else text
    assert "<img" not in outside or view is fleet_text
    assert "\u202e" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize("found", [fleet(), different(200), different(3), report({})])
def test_markdown_fits_and_says_what_is_left_out(found: Report) -> None:
    whole = fleet_markdown(found, found.plan_of, digest=DIGEST, most=10**9)
    for most in (MOST_CHARACTERS, 20_000):
        text = fleet_markdown(found, found.plan_of, digest=DIGEST, most=most)
        assert len(text.encode()) <= most
        assert ("**Left out**" in text or "more, about" in text) == (text != whole)
        assert text.count("<details>") == text.count("</details>")
        assert text.count("```") % 2 == 0
        assert text.endswith(f"Digest: `{DIGEST}`\n")
        columns = {line.count("|") for line in text.splitlines() if line.startswith("|")}
        assert len(columns) <= 1, "a row of the table was cut"


def test_everything_that_is_left_out_is_counted() -> None:
    found = different(600)
    text = fleet_markdown(found, found.plan_of, most=MOST_CHARACTERS // 4)
    headed = re.findall(r"^#### (\w+): 5 to update", text, re.M)
    [lost] = re.findall(r"all of ([\d,]+) more changes in ([\d,]+) more groups, about", text)
    changes, groups = (int(number.replace(",", "")) for number in lost)
    assert 100 < len(headed) < 600
    assert len(headed) + groups == 600
    assert changes == 5 * groups


def test_every_group_is_named_before_one_has_its_details() -> None:
    found = different(200)
    text = fleet_markdown(found, found.plan_of)
    assert len(re.findall("^####", text, re.M)) == 200
    assert 0 < len(re.findall("<details>", text)) < 1000


def test_what_nobody_must_overlook_comes_first() -> None:
    found = fleet()
    text = fleet_markdown(found, found.plan_of)
    assert text.index("delete") < text.index("products.villa")
    first, *_ = re.findall("^#### (.*)", text, re.M)
    assert first.startswith(("bergen", "casa"))


def test_what_is_kept_with_its_columns_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.render.fleet.gather.MOST_DETAILED", 12)
    found = different(4)
    text = fleet_markdown(found, found.plan_of)
    assert text.count("```diff") == 12
    assert len(set(re.findall(r"products\.p\d+-\d+", text))) == 20
    assert "> - 2 organizations (m2, m3): `columns of changes are left out" in text


def test_a_page_of_very_many_changes_says_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # a tenth of the changes, in a tenth of the room
    monkeypatch.setattr("reconciler.render.fleet.page.MOST_CHANGES", MOST_CHANGES // 10)
    found = different(200)
    text = fleet_html(found, found.plan_of)
    assert text.count("for which this page has no room") == 200
    assert len(text.encode()) <= 3_000_000
