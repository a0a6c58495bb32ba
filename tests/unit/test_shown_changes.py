"""What a view shows of a change, applied to what was before, gives what is after.

The views are read as a person reads them: by the letters that they show.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import click
import orjson
import pytest
from hypothesis import given, settings

from reconciler.plan.shape import PlanDocument
from reconciler.render.html import plan_html
from reconciler.render.markdown import plan_markdown
from reconciler.values.column import JSON
from reconciler.values.jsonform import canonical_json
from tests.builders import change
from tests.jsonvalues import pairs
from tests.properties import examples
from tests.render_cases import document, plan_text

WIDE = 100_000
COLUMN = "label"
Steps = tuple[tuple[str, JSON], ...]


class Shown(NamedTuple):
    """One thing that a view says: where, and what was or is there; ``lines`` of a text."""

    where: Steps
    before: str | None = None
    after: str | None = None
    lines: tuple[str, ...] = ()
    moved: int | None = None


def of_text(plan: PlanDocument) -> Iterator[Shown]:
    """Read the view of the terminal."""
    lines = [click.unstyle(line) for line in plan_text(plan, width=WIDE).splitlines()]
    body = [line for line in lines[lines.index("") + 1 :] if line.startswith("      ")]
    label: Steps | None = None
    for at, line in enumerate(body):
        if line.startswith("        ") and not line[8:].startswith(" ") and label is None:
            continue
        if line.startswith(f"      {COLUMN}"):
            label, rest = where(line[6:])
            if not rest.strip():
                continue
        elif label is None or (line.startswith("        ") and re.match(r"[-+ …]", line[8:9])):
            continue
        else:
            rest = line
        rest = rest.strip(" ")
        if rest == "(lines that differ)":
            texts = []
            for below in body[at + 1 :]:
                if not re.match(r" {8}([-+ ]|… \d)", below):
                    break
                texts.append(below[8:])
            yield Shown(label, lines=tuple(texts))
        elif not rest.startswith("("):
            yield one(label, rest)


def one(label: Steps, rest: str) -> Shown:
    """Read what stands behind a place in the terminal."""
    moved = re.fullmatch(r"moved from \[(\d+)\] to \[(\d+)\]", rest)
    if moved:
        return Shown((*label[:-1], ("at", int(moved[2]))), moved=int(moved[1]))
    if rest.startswith("added "):
        return Shown(label, None, rest.removeprefix("added "))
    if rest.startswith("removed "):
        return Shown(label, rest.removeprefix("removed "))
    before, end = value(rest)
    return Shown(label, before, rest[end:].strip().removeprefix("→").strip())


def of_markdown(plan: PlanDocument) -> Iterator[Shown]:
    """Read the block of code of a change in Markdown."""
    [block] = re.findall(r"(?s)\n(`{3,})diff\n(.*?)\n\1\n", plan_markdown(plan, most=10**9))
    lines = block[1].splitlines()
    while lines:
        line = lines.pop(0)
        label, rest = where(line[2:])
        word = rest.partition(":")[0]
        rest = rest.partition(": ")[2]
        if rest == "(lines that differ)":
            texts = []
            while lines and not lines[0].startswith("! "):
                if re.match(rf"[-+] {COLUMN}[.\[:]", lines[0]):
                    break
                texts.append(lines.pop(0))
            yield Shown(label, lines=tuple(texts))
        elif line.startswith("!"):
            if rest.startswith("moved"):
                yield one(label, rest)
        elif line.startswith("+"):
            yield Shown(label, None, rest)
        elif word == "" and lines and lines[0].startswith(f"+{line[1 : len(line) - len(rest)]}"):
            yield Shown(label, rest, lines.pop(0)[len(line) - len(rest) :])
        else:
            yield Shown(label, rest)


def of_html(plan: PlanDocument) -> Iterator[Shown]:
    """Read the data that the page draws."""
    [text] = re.findall(
        r'(?s)<script type="application/json" id="plan">(.*?)</script>', plan_html(plan)
    )
    for label, before, after, *others in orjson.loads(text)["changes"][0]["cells"]:
        place, _ = where(label)
        note = others[0] if others else None
        lines = others[1] if len(others) > 1 else None
        if note:
            yield one(place, note)
        elif lines:
            yield Shown(place, lines=tuple(lines))
        else:
            yield Shown(place, before, after)


@pytest.mark.parametrize("view", [of_text, of_markdown, of_html])
def test_what_is_shown_applied_to_before_gives_after(
    view: Callable[[PlanDocument], Iterator[Shown]],
) -> None:
    @settings(max_examples=examples(30))
    @given(pairs())
    def check(pair: tuple[JSON, JSON]) -> None:
        before, after = pair
        long = len(json.dumps(pair)) > 150  # Markdown cuts what is long
        if long or canonical_json(before) == canonical_json(after):
            return
        shown = list(view(plan_of(before, after)))
        assert canonical_json(applied(before, shown)) == canonical_json(after)

    check()


def plan_of(before: JSON, after: JSON) -> PlanDocument:
    """Make a plan that changes one JSON column."""
    plan = document([change("update taxes.vat")])
    plan["changes"][0]["columns"] = {COLUMN: {"before": before, "after": after}}
    return plan


def value(text: str) -> tuple[str, int]:
    """Find the JSON value at the beginning of a text."""
    _, end = json.JSONDecoder().raw_decode(text)
    return text[:end], end


def where(text: str) -> tuple[Steps, str]:
    """Read a place such as ``label.name["odd name"][3][id "5f"]``, and what follows it."""
    rest = text.removeprefix(COLUMN)
    steps: list[tuple[str, JSON]] = []
    while True:
        name = re.match(r"\.([A-Za-z_][\w-]*)", rest)
        index = re.match(r"\[(\d+)\]", rest)
        key = re.match(r"\[(id|uid|key) ", rest)
        if name:
            steps.append(("name", name[1]))
            rest = rest[name.end() :]
        elif index:
            steps.append(("at", int(index[1])))
            rest = rest[index.end() :]
        elif key:
            known, end = value(rest[key.end() :])
            steps.append((key[1], json.loads(known)))
            rest = rest[key.end() + end + 1 :]
        elif rest.startswith('["'):
            known, end = value(rest[1:])
            steps.append(("name", json.loads(known)))
            rest = rest[end + 2 :]
        else:
            return tuple(steps), rest


def applied(before: JSON, shown: list[Shown]) -> JSON:
    """Do to a value what is shown."""
    for found in shown:
        if not found.where:
            return patched(before, found.lines) if found.lines else json.loads(found.after or "")
    here = [found for found in shown if len(found.where) == 1]
    whole = _list(before, here) if isinstance(before, list) else _object(before, here)
    below: dict[tuple[str, str], list[Shown]] = {}
    for found in shown:
        changed = found.lines or (found.before is not None and found.after is not None)
        if len(found.where) > 1 or changed:
            kind, at = found.where[0]
            below.setdefault((kind, json.dumps(at)), []).append(
                found._replace(where=found.where[1:])
            )
    for (kind, at), inner in below.items():
        place = _place(whole, kind, json.loads(at))
        whole[place] = applied(whole[place], inner)  # type: ignore[index]
    return whole


def _place(whole: JSON, kind: str, at: JSON) -> JSON:
    if kind in {"name", "at"}:
        return at
    assert isinstance(whole, list)
    return next(
        n for n, item in enumerate(whole) if isinstance(item, dict) and item.get(kind) == at
    )


def _list(before: list[JSON], here: list[Shown]) -> list[JSON]:
    gone = {f.where[0][1] for f in here if f.after is None and f.before is not None}
    new = {f.where[0][1]: f.after for f in here if f.before is None and f.after is not None}
    moved = {f.where[0][1]: f.moved for f in here if f.moved is not None}
    rest = (item for at, item in enumerate(before) if at not in gone | set(moved.values()))
    return [
        json.loads(new[at] or "") if at in new else before[moved[at]] if at in moved else next(rest)
        for at in range(len(before) - len(gone) + len(new))
    ]


def _object(before: JSON, here: list[Shown]) -> dict[str, JSON]:
    assert isinstance(before, dict)
    gone = {f.where[0][1] for f in here if f.after is None and f.before is not None}
    new = {
        str(f.where[0][1]): json.loads(f.after or "") for f in here if f.before is None and f.after
    }
    return {**{name: item for name, item in before.items() if name not in gone}, **new}


def patched(before: JSON, lines: tuple[str, ...]) -> str:
    """Do to a text what lines that differ say."""
    rest = iter(str(before).split("\n"))
    done: list[str] = []
    for line in lines:
        skipped = re.match(r"… ([\d,]+) line", line)
        if skipped:
            done += [next(rest) for _ in range(int(skipped[1]))]
        elif line[0] == "+":
            done.append(plain(line[2:]))
        else:
            was = next(rest)
            assert plain(line[2:]) == was
            done += [] if line[0] == "-" else [was]
    return "\n".join([*done, *rest])


def plain(line: str) -> str:
    """Read a line as it was before what is invisible was escaped."""
    return cast("str", json.loads('"' + line.replace('"', '\\"') + '"'))
