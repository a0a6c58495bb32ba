"""Markdown for pull requests: never too long, nothing lost unsaid, and no text of others acts."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import pytest
from markdown_it import MarkdownIt

from reconciler.plan.change import Change, Difference
from reconciler.plan.shape import PlanDocument
from reconciler.render.markdown import MOST_CHARACTERS, plan_markdown
from reconciler.render.markdown.text import code, code_html, fenced
from reconciler.values.column import JSON
from tests.builders import KINDS, change
from tests.render_cases import NASTY, at, document, everything, many

WIDE = "日本語のとても長い説明 👩‍🚀 " * 30
OURS = {"details", "/details", "summary", "/summary", "code", "/code"}
HTML = re.compile(r"<(/?[a-z]+)[ >]")


def plan_of(count: int, *, text: str = "x", **others: Iterable[Change]) -> PlanDocument:
    """A plan of many small creates, and whatever else at its end."""
    creates = [at(change(f"create seasons.s-{i}", name=text), "a.yaml", i) for i in range(count)]
    return document([*creates, *(one for some in others.values() for one in some)])


def large(name: str, count: int) -> Change:
    """An update of many columns."""
    columns = [c.name for c in KINDS["products"].columns.values() if c.writable][:count]
    one = change(f"update products.{name}")
    return replace(one, columns={c: Difference(1, n) for n, c in enumerate(columns)})


@pytest.mark.parametrize(
    "make",
    [
        partial(many, 5000),
        partial(many, 150),
        partial(many, 20_000),
        partial(plan_of, 3000, text=WIDE),
        partial(plan_of, 9, text=WIDE * 900),
    ],
    ids=["5,000", "150", "20,000", "wide", "long"],
)
def test_it_never_is_too_long(make: Callable[[], PlanDocument]) -> None:
    plan = make()
    text = plan_markdown(plan)
    assert len(text) <= len(text.encode()) <= MOST_CHARACTERS
    assert plan["digest"] in text
    balanced = Counter(HTML.findall(text))
    assert balanced["details"] == balanced["/details"]
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("most", [3000, 4000, 6000, 10_000, 20_000, 40_000])
def test_it_says_exactly_what_it_leaves_out(most: int) -> None:
    plan = many(400)
    text = plan_markdown(plan, most=most)
    assert len(text.encode()) <= most
    above, _, below = text.partition("**Left out**")
    shown = len(set(re.findall(r"[-+~] (?:create|update|delete) [\w-]+\.[\w-]+", above)))
    lost = sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) to \w+", below))
    assert shown + lost == 400
    said = re.search(r"and all of (\d+) more changes?", below)
    assert (int(said[1]) if said else 0) == lost
    briefly = sum(int(n) for n in re.findall(r"<summary>(\d+) changes?, in one line", above))
    assert above.count("<details>") + above.count("\n- `- delete") >= shown - briefly


def test_nothing_is_left_out_where_there_is_room() -> None:
    text = plan_markdown(everything())
    assert "Left out" not in text
    assert text.count("<details>") == 14


def test_what_matters_survives_five_thousand_creates() -> None:
    text = plan_markdown(
        plan_of(
            5000,
            asked=[change("create members.ola", consents=["invites"])],
            gone=[change("delete coupons.old", row={"id": "1"})],
            big=[large("main", 20)],
            small=[change("update taxes.vat", before={"percentage": 1}, percentage=2)],
        )
    )
    for line in (
        "`+ create members.ola`",
        "`- delete coupons.old`",
        "<code>~ update products.main</code>",
        "+ interaction: 18",
        "- percentage: 1",
    ):
        assert line in text
    order = ["Protected, or needs consent", "Deletes", "Changes", "Creates"]
    assert re.findall(r"#### (.*)", text) == order
    assert re.search(r"`seasons`: 4,\d{3} to create", text)


def test_large_changes_come_before_small_ones() -> None:
    changes = [large(f"p-{n}", n) for n in (2, 9, 4)]
    text = plan_markdown(document(changes))
    assert re.findall(r"products\.p-(\d)</code>", text) == ["9", "4", "2"]


def test_no_text_of_others_is_more_than_text() -> None:
    """The only HTML is ours, and no @name or #number stands where GitHub would look for it."""
    text = plan_markdown(everything())
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    for token in tokens:
        if token.type == "html_block":
            assert set(HTML.findall(token.content)) <= OURS
            assert "img" not in token.content
        for child in token.children or ():
            assert child.type != "html_inline"
            if child.type == "text":
                assert not re.search(r"@\w|#\d", child.content)
    assert any(NASTY[:20] in token.content for token in tokens if token.type == "fence")


def test_file_names_and_notes_cannot_break_out() -> None:
    one = at(
        change("update taxes.vat", before={"type": "a"}, type="```\n</details>"),
        "a`|<b>@x.yaml",
        1,
    )
    gone = at(change("delete taxes.old", row={"id": "1"}), "a`|<b>@x.yaml", 2)
    plan = document([one, gone], notes=["``` @team <b> #12", "x" * 5000])
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(plan_markdown(plan))
    assert sum(token.type == "fence" for token in tokens) == 1
    inline = [child for token in tokens for child in token.children or ()]
    assert not [child for child in inline if child.type == "html_inline"]
    assert not [c for c in inline if c.type == "text" and ("@" in c.content or "#1" in c.content)]
    assert "… (4,600 more characters)" in plan_markdown(plan)


def test_long_lists_on_top_are_cut_too() -> None:
    gone = [change(f"delete taxes.t-{i}", row={"id": str(i)}) for i in range(1500)]
    plan = document(gone, protect=["taxes"], notes=[f"note {i}" for i in range(5000)])
    text = plan_markdown(plan)
    assert len(text.encode()) <= MOST_CHARACTERS
    assert "- … and 1,480 more" in text
    assert "- … and 4,980 more" in text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        ("a\nb", "`a\\nb`"),
        ("", ""),
    ],
)
def test_inline_code_holds_any_text(text: str, written: str) -> None:
    assert code(text) == written


def test_code_in_html_and_in_blocks_holds_any_text() -> None:
    assert code_html("<b>&\x07") == "<code>&lt;b&gt;&amp;\\u0007</code>"
    assert fenced(["a", "````"], "diff") == "`````diff\na\n````\n`````"


def test_a_change_of_very_many_lines_is_cut() -> None:
    long: dict[str, JSON] = {f"k{i}": i for i in range(40)}
    one = change(
        "update taxes.vat", before={"label": long}, label={f"k{i}": "x" for i in range(40)}
    )
    assert "… 20 more lines" in plan_markdown(document([one]))
