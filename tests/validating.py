"""Validate texts as if they stood in files, and say what came of it."""

from collections.abc import Mapping
from pathlib import Path

from reconciler.catalogue import Kind
from reconciler.configuration.load import Loaded, load
from reconciler.configuration.resource import Configuration, Resource, Value
from reconciler.configuration.validate import validate
from reconciler.diagnostics import Problem
from tests.builders import KINDS

STACK = "reconciler: {stack: villa-7f3a}\n"
ID = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
OTHER = "0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d"


def check(
    *texts: str, folder: Path, limit: str | None = None, unset: bool = False, **variables: str
) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """Write each text as a layer of its own, the first with a stack, and validate them."""
    paths = []
    for number, text in enumerate(texts):
        layer = folder / str(number)
        layer.mkdir(exist_ok=True)
        (layer / "a.yaml").write_text(text if number else STACK + text, encoding="utf-8")
        paths.append(layer)
    if limit is not None:
        (paths[0] / "limit.yaml").write_text(limit)
        paths[0] /= "limit.yaml"
    loaded = load(paths, variables=variables, environment={})
    return validate(loaded, KINDS, unset_is_error=unset)


def read(text: str, folder: Path) -> Loaded:
    """Write the only file of a folder, with a stack, and load it."""
    (folder / "a.yaml").write_text(STACK + text, encoding="utf-8")
    return load([folder], variables={}, environment={})


def problem_with(kinds: Mapping[str, Kind], text: str, folder: Path) -> Problem:
    """Validate a text where the kinds are not ours; there must be one problem."""
    (problem,) = validate(read(text, folder), kinds, unset_is_error=True)[1]
    return problem


def good(*texts: str, folder: Path, limit: str | None = None, **variables: str) -> Configuration:
    configuration, problems = check(*texts, folder=folder, limit=limit, unset=False, **variables)
    assert configuration is not None, problems
    return configuration


def only(text: str, folder: Path, **variables: str) -> Resource:
    (resource,) = good(text, folder=folder, **variables).resources.values()
    return resource


def column(kind: str, name: str, value: str, folder: Path, **variables: str) -> Value:
    text = f"{kind}:\n  a:\n    {name}: {value}\n"
    return only(text, folder, **variables).values[name]


def errors(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems if problem.is_error]
