"""Files that went wrong: mutated YAML, bindings, journals, variable files and plans.

``python -m tests.fuzz --cases N --seed S`` mutates what the examples and tests hold, reads each
the way a command does, and prints what happened. Nothing but an error of our own may come out,
within seconds and without much memory; anything else is written down with what brings it back.
"""

import argparse
import random
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NamedTuple, cast

import orjson

from reconciler.bindings import read_bindings
from reconciler.configuration.load import load, read_variables
from reconciler.configuration.validate import validate
from reconciler.configuration.validate.excerpt import Excerpts
from reconciler.diagnostics import ReconcilerError
from reconciler.format import formatted
from reconciler.journal.read import read_run
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.saved import read_plan
from reconciler.plan.shape import PlanDocument
from reconciler.planning.effects import effects_of, without_id
from reconciler.planning.reverse import reverse
from reconciler.render.problems import problems_text
from reconciler.values.column import JSON
from tests.builders import KINDS
from tests.render_cases import everything, plan_text
from tests.sandbox_server import ROOT

SECONDS = 5
MEGABYTES = 300
Random = random.Random
Read = Callable[[Path], object]

ID = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
JOURNAL: list[dict[str, JSON]] = [
    {"type": "run", "format_version": 1, "run": "20260701T101500123456-ab12", "stack": "villa-7f3a",
     "organization": ID, "configuration": "sha256:x", "started": "2026-07-01T10:15:00+00:00",
     "undoes": None},
    {"type": "intent", "request": 1, "changes": [
        {"kind": "contacts", "action": "create", "address": "contacts.jane", "id": ID,
         "before": None, "after": {"id": ID, "email": "j@example.test", "meta": [{"a": 1.5}]},
         "binding": None, "matching": []},
        {"kind": "products", "action": "create", "address": "products.villa", "id": None,
         "before": None, "after": {"name": {"default": "V"}}, "binding": None, "matching": [ID]}]},
    {"type": "outcome", "request": 1, "answer": "done", "stored": [{"id": ID}, {"id": ID}]},
    {"type": "intent", "request": 2, "changes": [
        {"kind": "contacts", "action": "update", "address": "contacts.john", "id": ID,
         "before": {"id": ID, "city": "Oslo", "updated_at": "2026-07-01T10:15:00+00:00"},
         "after": {"city": "Rome"}, "matching": [],
         "binding": {"address": "contacts.john", "id": ID, "origin": "owned"}},
        {"kind": "taxes", "action": "delete", "address": None, "id": ID, "after": {},
         "before": {"id": ID, "percentage": 9}, "binding": None, "matching": []}]},
    {"type": "outcome", "request": 2, "answer": "lost", "stored": None},
    {"type": "end"},
]  # fmt: skip
BINDINGS = f"""# written by reconciler
products.villa: {{id: {ID}, origin: owned}}
contacts.jane:
  id: {ID}
  origin: adopted
"""
VARIABLES = "# secrets\nexport NAME='Jane Doe'\nTOKEN=\"a b\" # c\nEMPTY=\nPLAIN=x=y\n"
NOTHINGS: Sequence[JSON] = (
    None, True, 0, -1, 1.5, 2**63, "", "x", [], {}, [None], {"": None}, ["a", 1], {"id": 5},
    {"address": None}, "2026-13-01", "products.", ".villa", "\u0000", "\ud7ff", "é" * 500,
)  # fmt: skip
PIECES = (
    ":", ": ", "- ", "\n", "\n  ", "\t", "#", " #", "{", "}", "[", "]", ",", "'", '"', "|", ">",
    "|2-\n", "&a ", "*a", "<<: *a\n", "!!str ", "? ", "---\n", "...\n", "%YAML 1.2\n", "${", "${X}",
    "$${", "~", "\0", "\x07", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0001f600", "\u202e", "1e999",
    "1e-400", ".nan", "0x", "0o9", "9" * 40, "-0", "10000-01-01", "{[,)}", "[" * 200, "{a: " * 150,
    "<<<<<<< x\n", "=======\n", "$ignore: [", "$renamed_from: ", "$absent: yes\n", "reconciler:\n",
    "lookup: {",
    "\\u0000", "\\ud83d", "a: " * 50,
)  # fmt: skip


class Input(NamedTuple):
    """One sort of file: what it looks like when it is good, how it goes wrong, how it is read."""

    name: str
    file: str
    corpus: Sequence[str]
    spoil: Callable[[Random, str], bytes]
    read: Read


@dataclass(slots=True)
class Figures:
    """What happened, by sort of file."""

    cases: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    harm: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Write a table."""
        yield f"{'':10}{'cases':>8}{'refused':>9}{'slowest':>10}"
        for name, cases in self.cases.items():
            yield f"{name:10}{cases:8,}{self.refused[name]:9,}{self.slowest[name]:8.2f} s"
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield f"{len(self.harm)} tracebacks or too slow; at most {memory} MB"


class TooSlow(BaseException):
    """A case took longer than it may; no ``except Exception`` keeps it."""


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    figures = fuzz(given.cases, given.seed)
    for line in [*figures.lines(), *figures.harm[:20]]:
        sys.stdout.write(line + "\n")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return int(bool(figures.harm) or memory > MEGABYTES)


def fuzz(cases: int, seed: int) -> Figures:
    """Try so many mutated files, in turn of each sort."""
    figures = Figures()
    sorts = inputs()
    known: set[str] = set()
    before = signal.signal(signal.SIGALRM, _ring)
    try:
        with TemporaryDirectory() as folder:
            for number in range(cases):
                sort = sorts[number % len(sorts)]
                body = _spoilt(sort, seed, number)
                path = Path(folder) / sort.file
                path.write_bytes(body)
                _try(sort, path, f"--seed {seed}, case {number}", figures, known)
    finally:
        signal.signal(signal.SIGALRM, before)
    return figures


def _spoilt(sort: Input, seed: int, number: int) -> bytes:
    chance = Random(f"{seed} {number}")
    return sort.spoil(chance, chance.choice(sort.corpus))


def _try(sort: Input, path: Path, case: str, figures: Figures, known: set[str]) -> None:
    began = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        sort.read(path)
    except ReconcilerError:
        figures.refused[sort.name] += 1
    except (Exception, TooSlow) as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        if what not in known:
            known.add(what)
            figures.harm.append(f"{sort.name}: {what}: {str(error)[:120]} ({case})")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    figures.cases[sort.name] += 1
    took = time.monotonic() - began
    figures.slowest[sort.name] = max(took, figures.slowest.get(sort.name, 0.0))


def _ring(number: int, frame: FrameType | None) -> None:
    raise TooSlow


# -- the sorts of files ---------------------------------------------------------------------------


def inputs() -> list[Input]:
    """Give every sort of file that a command reads."""
    yaml = [p.read_text("utf-8") for p in sorted((ROOT / "examples").rglob("*.yaml"))]
    bad = sorted((ROOT / "tests" / "bad").rglob("*.yaml"))
    yaml += [p.read_text("utf-8", "replace") for p in bad if p.stat().st_size < 5000]
    whole = "reconciler: {stack: villa-7f3a}\n"
    parts = [whole + text for text in yaml if "reconciler:" not in text]
    pieces = [*_short(text for text in yaml), *parts]
    journal = ["".join(orjson.dumps(line).decode() + "\n" for line in JOURNAL)]
    plan = [orjson.dumps(everything()).decode()]
    return [
        Input("YAML", "a.yaml", pieces, spoil_text, read_yaml),
        Input("fmt", "a.yaml", pieces, spoil_text, read_to_format),
        Input("bindings", "b.yaml", [BINDINGS], spoil_text, read_bindings),
        Input("journal", "j.jsonl", journal, spoil_lines, read_journal),
        Input("variables", "v.env", [VARIABLES], spoil_text, lambda p: read_variables((), (p,))),
        Input("plan", "p.json", plan, spoil_plan, lambda p: plan_text(read_plan(p))),
    ]


def _short(texts: Iterator[str]) -> Iterator[str]:
    """Cut long files into blocks: what goes wrong shows in a small one, and sooner."""
    for text in texts:
        yield from (part for part in re.split(r"(?m)^(?=\w)", text) if 20 < len(part) < 6000)


def read_yaml(path: Path) -> object:
    loaded = load([path], variables={"X": "x"}, environment={})
    _, problems = validate(loaded, KINDS, unset_is_error=True)
    return problems_text(problems, Excerpts(loaded, KINDS).of)


def read_to_format(path: Path) -> object:
    loaded = load([path], variables={}, environment={})
    _, problems = validate(loaded, KINDS, unset_is_error=False)
    if any(problem.is_error for problem in problems):
        return None
    return formatted(path.read_bytes().decode(), str(path), KINDS)


def read_journal(path: Path) -> object:
    run = read_run(path)
    effects = effects_of(run, KINDS)
    row: Mapping[str, JSON] = {"id": ID, "city": "Rome", "email": "j@example.test"}
    return list(without_id(run, KINDS)), reverse(effects, {"contacts": {ID: row}}, {}, {})


# -- how they go wrong ----------------------------------------------------------------------------


def spoil_text(chance: Random, text: str) -> bytes:
    """Cut, repeat, move and insert; sometimes bytes that are no text."""
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        at, to = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        to = min(to, at + chance.choice([1, 3, 40]))
        part = text[at:to]
        match chance.randrange(6):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:at] + part * chance.choice([2, 2, 30]) + text[to:]
            case 2:
                text = text[:at] + chance.choice(PIECES) + text[to:]
            case 3:
                text = text[:at] + chance.choice(PIECES) * chance.choice([1, 1, 20]) + text[at:]
            case 4:
                text = text[to:] + text[:at] if chance.random() < 0.1 else text[:at] + text[to:]
            case _:
                other = chance.randrange(len(text) + 1)
                text = text[:at] + text[other : other + 60] + text[at:]
    body = text.encode("utf-8", "replace")
    if chance.random() < 0.05:
        at = chance.randrange(len(body) + 1)
        body = body[:at] + bytes([chance.randrange(256)]) + body[at:]
    return body[: 1 << 20]


def spoil_lines(chance: Random, text: str) -> bytes:
    """Spoil what the lines say, or the lines themselves."""
    if chance.random() < 0.3:
        return spoil_text(chance, text)
    lines: list[JSON] = [orjson.loads(line) for line in text.splitlines()]
    for _ in range(chance.choice([1, 1, 2])):
        _spoil_inside(chance, lines)
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def spoil_plan(chance: Random, text: str) -> bytes:
    """Spoil a plan; mostly its digest is made to fit, as somebody would who wants it read."""
    if chance.random() < 0.2:
        return spoil_text(chance, text)
    document = orjson.loads(text)
    for _ in range(chance.choice([1, 1, 2])):
        _spoil_inside(chance, document)
    with suppress(AttributeError, KeyError, TypeError):  # what has no shape has no digest
        document["digest"] = digest_of_document(cast("PlanDocument", document))
    return orjson.dumps(document)


def _spoil_inside(chance: Random, value: JSON) -> None:
    """Put something else in one place of a document, take it out, or take it twice."""
    places = [p for p in _containers(value) if p]
    if not places:
        return
    place = chance.choice(places)
    new = deepcopy(chance.choice(NOTHINGS))
    if isinstance(place, list):
        at = chance.randrange(len(place))
        match chance.randrange(3):
            case 0:
                place[at] = new
            case 1:
                del place[at]
            case _:
                place.insert(at, deepcopy(place[at]))
    else:
        name = chance.choice(list(place))
        match chance.randrange(3):
            case 0:
                del place[name]
            case 1:
                place[name] = new
            case _:
                place[chance.choice(["id", "kind", "address", "unheard"])] = new


def _containers(value: JSON) -> Iterator[list[JSON] | dict[str, JSON]]:
    if isinstance(value, list):
        yield value
        for item in value:
            yield from _containers(item)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _containers(item)


if __name__ == "__main__":
    sys.exit(main())
