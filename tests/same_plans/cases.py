"""The cases: random configurations with live states, exports of random rows, and bad YAML."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import spoil_text
from tests.mutated_yaml import mutated
from tests.random_rows import fill, meddle
from tests.same_plans.compare import Pair
from tests.sandbox_server import ROOT
from tests.test_invariants import EVERYTHING, Block, configurations

STACK = "reconciler: {stack: villa-7f3a}\n"
MAIN = "bookingmood.yaml"
OUT = "plan.json"
VIEWS = (
    (), (), (), ("--compact",), ("--show-personal-data",), ("--format", "markdown"),
    ("--format", "html"), ("--format", "github"), ("--format", "json"), ("--detailed-exitcode",),
    ("--kinds", "bookings,contact_bookings"), ("--target", "contacts.k1"), ("--parallelism", "1"),
)  # fmt: skip
EACH = 4
"""So many plans are made of one live state."""


def played(number: int, first_seed: int, play: Callable[[st.DataObject], None]) -> None:
    """Call with so many random choices; it raises nothing, so nothing is tried again."""
    run = given(st.data())(play)
    run = settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(run)
    seed(first_seed)(run)()


def plan(pair: Pair, dice: Random) -> None:
    """Plan in both, with a view drawn by chance."""
    pair.run("plan", "plan", "villa", "--out", OUT, *dice.choice(VIEWS), written=(OUT,))


def planned(pair: Pair, count: int, first: int) -> None:
    """Plan configurations against what others left behind, and people changed meanwhile."""
    dice = Random(first)

    def play(data: st.DataObject) -> None:
        pair.organization.empty()
        pair.write({MAIN: text_of(data.draw(configurations()))})
        pair.only_here("apply", "villa", "--auto-approve", *EVERYTHING)
        plan(pair, dice)
        for _ in range(EACH - 2):
            pair.rewrite(MAIN, text_of(data.draw(configurations())))
            plan(pair, dice)
        meddle(pair.organization, data.draw)
        plan(pair, dice)

    played(-(-count // EACH), first, play)


def exported(pair: Pair, count: int, first: int) -> None:
    """Export rows of every kind; plan the export, and what becomes of it when lines change."""
    dice = Random(first)

    def play(data: st.DataObject) -> None:
        pair.organization.empty()
        fill(pair.organization, data.draw)
        words = ["export", "--stack", "villa-7f3a", "--out"]
        some = [o for o in ("--single-file", "--omit-defaults") if dice.random() < 0.3]
        pair.run("export", *words, "out", *some, written=("out",))
        pair.write({})
        pair.only_here(*words, "villa", *some)
        plan(pair, dice)
        meddle(pair.organization, data.draw)
        plan(pair, dice)
        edit(pair, dice)
        plan(pair, dice)

    played(-(-count // EACH), first, play)


def edit(pair: Pair, dice: Random) -> None:
    """Take some lines with a value out of the YAML of both."""
    for path in sorted(pair.here.folder.glob("*.yaml")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("    ") or dice.random() < 0.97]
        pair.rewrite(path.name, "".join(kept))


def text_of(configuration: Block) -> str:
    """Write a configuration."""
    return STACK + (yaml.safe_dump(configuration, sort_keys=False) if configuration else "")


def folders(pair: Pair) -> None:
    """Validate and format every folder of tests/bad, and every example."""
    places = (ROOT / "tests" / "bad", ROOT / "examples")
    for folder in (one for place in places for one in sorted(place.iterdir()) if one.is_dir()):
        listed = folder / "paths.txt"
        paths = listed.read_text("utf-8").split() if listed.exists() else ["."]
        pair.copy(folder)
        offline(pair, [f"villa/{path}" for path in paths])


def mutants(pair: Pair, count: int, first: int) -> None:
    """Validate and format files that went wrong in some place."""
    for number in range(count):
        dice = Random(f"{first} {number}")
        text = mutated(dice) if number % 2 else spoil_text(dice, dice.choice(corpus()))
        pair.write({MAIN: text, "stack.yaml": STACK})
        offline(pair, ["villa"])


def offline(pair: Pair, paths: list[str]) -> None:
    """Run what asks no server."""
    pair.run("validate", "validate", *paths, live=False)
    pair.run("validate --format json", "validate", *paths, "--format", "json", live=False)
    pair.run("fmt --diff", "fmt", *paths, "--diff", live=False)


@cache
def corpus() -> tuple[str, ...]:
    """Read the examples, and what is bad on purpose, but for what is very long."""
    paths: list[Path] = []
    for part in ("examples", "tests/bad"):
        paths += sorted((ROOT / part).rglob("*.yaml"))
    texts = (path.read_text("utf-8", "replace") for path in paths)
    return tuple(text for text in texts if 20 < len(text) < 20_000)
