"""Export with overlays and variables, then plan, is empty; what people wrote is still there."""

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import cast

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.commandline import Document, Finished, run
from tests.organization import Organization
from tests.properties import examples
from tests.server import Server, environment_for
from tests.woven_yaml import FIXED, Weaver, Woven, changes


def woven(number: int) -> settings:
    """Try so many; each takes seconds, so `make slow` alone tries more than two."""
    return settings(
        max_examples=examples(number),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


drawn = given(seed=st.integers(0, 1_000_000), overlay=st.booleans(), gone=st.booleans())
Resource = tuple[str, str]
"""A kind and a key."""
_COMMENT = re.compile(r" # \w+")
_VARIABLE = re.compile(r"\$\{\w+\}")


@woven(2)
@drawn
def test_export_brings_every_value_back_to_where_it_came_from(
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    overlay: bool,
    gone: bool,
) -> None:
    export_once(server.organization(0), tmp_path_factory.mktemp("law"), seed, overlay, gone)


@pytest.mark.slow
@woven(8)
@drawn
def test_export_brings_every_value_back_more_often(
    server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    overlay: bool,
    gone: bool,
) -> None:
    export_once(server.organization(0), tmp_path_factory.mktemp("law"), seed, overlay, gone)


def export_once(
    organization: Organization, place: Path, seed: int, overlay: bool, gone: bool
) -> None:
    organization.empty()
    dice = Random(seed)
    world = World(organization, place, Weaver(dice).weave(), overlay)
    applied = world.run("apply", "--auto-approve")
    assert applied.code == 0, applied.all
    world.export()
    before = world.texts()
    changed, removed = meddle(organization, dice, gone=gone)
    done = world.export()
    after = world.texts()
    check_plan(world, done)
    check_kept(world, before, after, removed)
    check_untouched(world, after, changed | removed)
    again = world.export()
    assert "Nothing changed live" in again.out, again.all
    assert world.texts() == after


class World:
    """A folder, its overlay and its variables, and the organization that they describe."""

    def __init__(
        self, organization: Organization, place: Path, woven: Woven, overlay: bool
    ) -> None:
        self.woven = woven
        self.environment = environment_for(organization)
        self.folder, self.overlay, self.file = place / "villa", place / "over", place / "live.env"
        self.folder.mkdir()
        self.overlay.mkdir()
        (self.folder / "bookingmood.yaml").write_text(woven.base)
        (self.overlay / "all.yaml").write_text(woven.overlay)
        self.file.write_text(woven.variables)
        self.overlays = [self.overlay] if overlay else []

    def run(self, command: str, *options: str | Path) -> Finished:
        paths = (self.folder, *self.overlays)
        more = (*options, "--var-file", self.file)
        return run(command, *paths, *more, environment=self.environment)

    def export(self) -> Finished:
        over = [word for path in self.overlays for word in ("--overlay", path)]
        files = ("--var-file", self.file, "--update-var-file", self.file)
        done = run("export", "--out", self.folder, *over, *files, environment=self.environment)
        assert done.code == 0, done.all
        return done

    def texts(self) -> dict[Path, str]:
        files = [self.folder / "bookingmood.yaml", *self.folder.glob("*.yaml"), self.file]
        files += [*self.overlay.glob("*.yaml")]
        return {file: file.read_text() for file in files}


def meddle(
    organization: Organization, dice: Random, *, gone: bool
) -> tuple[set[Resource], set[Resource]]:
    """Change rows as other people would; answers which ones were changed, and which removed."""
    touched: set[Resource] = set()
    removed: set[Resource] = set()
    for kind in FIXED:
        for row in organization.rows(kind):
            key = _key(kind, row)
            if gone and key and dice.random() < 0.15:
                organization.remove(kind, row["id"])
                removed.add((kind, key))
            elif key and (changed := changes(kind, row, dice)):
                organization.change(kind, row["id"], **changed)
                touched.add((kind, key))
    organization.insert("contacts", email="new@example.com", city="New")
    return touched, removed


def _key(kind: str, row: Document) -> str:
    """Tell the key of a row that the configuration gives."""
    told = next(
        (row[name] for name in ("email", "code", "title") if isinstance(row.get(name), str)), None
    )
    label = row.get("label") or row.get("name")
    text = str(told if told is not None else cast("Document", label or {}).get("default", ""))
    found = re.match(r"[kp]\d(?=@|\Z)", text)
    return found[0] if found else ""


def check_plan(world: World, done: Finished) -> None:
    """Nothing is left to be done, but for what the export named."""
    planned = world.run("plan", "--format", "json")
    assert planned.code == 0, planned.all
    plan = cast("Document", orjson.loads(planned.out))
    for change in cast("list[Document]", plan["changes"]):
        assert f"{change['address']} is left as it is" in done.err, (
            change,
            done.err,
            world.texts(),
        )
        assert "would need different values" in done.err or "no value of it alone" in done.err, (
            done.err
        )


def check_kept(
    world: World, before: dict[Path, str], after: dict[Path, str], removed: set[Resource]
) -> None:
    """What people wrote is still there, unless its row is gone."""
    if world.overlays:
        assert {p: t for p, t in after.items() if p.parent == world.folder} == {
            p: t for p, t in before.items() if p.parent == world.folder
        }
    is_gone = Counter[str]()
    whole = [line for one in removed for line in world.woven.lines.get(one, [])]
    if not world.overlays:
        is_gone = _marks("\n".join(whole))
    elif removed:
        is_gone = Counter(_marks(before[world.overlay / "all.yaml"]))
    lost = _marks("\n".join(before.values())) - _marks("\n".join(after.values())) - is_gone
    assert not lost, (lost, before, after)


def check_untouched(world: World, after: dict[Path, str], touched: set[Resource]) -> None:
    """Lines of resources that nobody touched are as they were, but where an anchor came by."""
    text = after[world.folder / "bookingmood.yaml"].splitlines()
    others = {line for one in touched for line in world.woven.lines.get(one, [])}
    for one, lines in world.woven.lines.items():
        if one not in touched:
            for line in lines:
                assert line in text or line in others or "*" in line, (line, text)


def _marks(text: str) -> Counter[str]:
    return Counter([*_COMMENT.findall(text), *_VARIABLE.findall(text)])
