"""Values of simple lines are read in one go, and never otherwise than one at a time."""

import copy
from collections.abc import Container
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from reconciler.catalogue import Catalogue
from reconciler.catalogue.rules import Inside
from reconciler.configuration.grown import kinds_of
from reconciler.configuration.load import load
from reconciler.configuration.resource import Resource
from reconciler.configuration.validate import validate
from reconciler.values.address import Address
from tests.builders import KINDS
from tests.unit.test_catalogue_growth import COLUMN, WINE, adds, write
from tests.validating import problem_with

TEXTS = (
    "x", "known", "0", "1.5", "true", "'null'", "a@b", "EUR", "NLG", "NL", "europe/paris", "'#fff'",
    "2026-07-01", "2026-07-04T15:00:00Z", "'[2026-01-01,)'", "$$",
    "6F1C0A9E-3B52-4C8D-9A70-2F5D8E1B4C37", "null", "''", "[]", "{}",
)  # fmt: skip


def grown(folder: Path) -> Catalogue:
    """Give the shipped kinds, one more, and texts that are references, choices and codes."""
    wines = copy.deepcopy(WINE)
    reference = {**COLUMN, "x-references": "wines.id"}
    wines["properties"]["beside"] = reference
    wines["properties"]["sort"] = {**COLUMN, "enum": ["x", "known"]}
    wines["properties"]["country"] = {**COLUMN, "x-format": "country"}
    write(folder, wines, adds("contacts", "wine", reference))
    return kinds_of([folder])


def written(kinds: Catalogue, text: str, leave: Container[object] = ()) -> str:
    """Write a resource for each column of each kind, with this text in it."""
    sections = ["wines:\n  known:\n    name: one\n"]
    for kind in sorted(kinds.values(), key=lambda kind: kind.name != "wines"):
        columns = [c.name for c in kind.columns.values() if c.writable]
        keys = {f"of-{name.replace('_', '-')}": name for name in columns}
        if kind.in_yaml and not kind.is_link:
            sections += [f"{kind.name}:\n"] if kind.name != "wines" else []
            sections += [
                f"  {key}:\n    {name}: {text}\n"
                for key, name in keys.items()
                if f"{kind.name}.{key}" not in leave
            ]
    return "".join(
        section
        for section, after in pairwise([*sections, "x"])
        if section[0] == " " or after[0] == " "
    )


def validated(
    text: str, kinds: Catalogue, folder: Path, end: str
) -> tuple[dict[Address, Resource], list[tuple[object, ...]]]:
    """Give the resources, and all that is said of them; the parser reads what ends in CRLF."""
    (folder / "b.yaml").write_text(text, newline=end)
    loaded = load([folder], variables={}, environment={})
    configuration, problems = validate(loaded, kinds, unset_is_error=True)
    said: list[tuple[object, ...]] = [
        (p.code, p.address, p.message, p.hint, str(p.position)) for p in problems
    ]
    return dict(configuration.resources if configuration else {}), said


def test_every_column_is_read_quickly_as_it_is_read_one_by_one(tmp_path: Path) -> None:
    kinds = grown(tmp_path)
    for text in TEXTS:
        lines = written(kinds, text)
        _, quick = validated(lines, kinds, tmp_path, "\n")
        _, slow = validated(lines, kinds, tmp_path, "\r\n")
        assert quick == slow
        right = written(kinds, text, {address for _, address, *_ in slow})
        resources, _ = validated(right, kinds, tmp_path, "\n")
        assert resources == validated(right, kinds, tmp_path, "\r\n")[0]
        assert resources


def test_a_rule_about_a_text_is_not_passed_by(tmp_path: Path) -> None:
    rule = Inside("city", {"not": {"const": "x"}}, "error", "documented-2026")
    kinds = {**KINDS, "contacts": replace(KINDS["contacts"], insides=(rule,))}
    problem = problem_with(kinds, "contacts:\n  a:\n    city: x\n", tmp_path)
    assert (problem.code, problem.address) == ("invalid-value", "contacts.a")
