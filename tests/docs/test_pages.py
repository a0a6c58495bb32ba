"""The pages are true: their links lead somewhere, and they name everything that there is."""

import os
import re
from pathlib import Path

import pytest

from reconciler.catalogue import load_kinds
from reconciler.plan.consents import MEANINGS
from reconciler.render.formats import FORMATS
from tests.sandbox.conformance.test_conformance import COUNT
from tests.sandbox_server import ROOT
from tests.test_architecture import ROW

from .commands import PAGE
from .links import Link, anchors, links, pages

DOCS = ROOT / "docs"
FILE = re.compile(
    r"(?<![\w./])(?:docs|examples|reconciler|schemas|tests)/[\w/-]+\.(?:json|md|py|toml|yaml|yml)\b"
)
TEST = re.compile(r"`(test_\w+)`")
each_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    assert [fault for link in links(page) if (fault := link.fault)] == []


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("concepts.md", None),
        ("concepts.md#natural-keys", None),
        ("#exit-codes", None),
        ("https://example.com/nowhere", None),
        ("nowhere.md", "there is no such file"),
        ("../docs", "there is no such file"),
        ("../../nowhere.md", "leads out of the project"),
        ("concepts.md#nowhere", "there is no such heading"),
    ],
)
def test_a_bad_link_is_found(target: str, fault: str | None) -> None:
    found = Link(PAGE, target).fault
    assert found is None if fault is None else fault in str(found)


@each_page
def test_files_that_are_named_exist(page: Path) -> None:
    named = set(FILE.findall(page.read_text("utf-8")))
    assert [name for name in named if not (ROOT / name).is_file()] == []


@each_page
def test_headings_are_told_apart(page: Path) -> None:
    names = list(anchors(page))
    assert sorted(set(names)) == sorted(names)


@each_page
def test_a_page_can_be_reached_from_the_readme(page: Path) -> None:
    reached, ahead = set[Path](), [ROOT / "README.md"]
    while ahead:
        here = ahead.pop()
        reached.add(here)
        there = {(here.parent / link.target.partition("#")[0]).resolve() for link in links(here)}
        ahead += [one for one in there - reached if one.suffix == ".md"]
    assert page in reached


@pytest.mark.parametrize("name", sorted(MEANINGS))
def test_a_consent_is_explained(name: str) -> None:
    assert f"`{name}`" in (DOCS / "safety.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["figures.md", "sandbox.md"])
def test_the_number_of_compared_requests_is_told(name: str) -> None:
    assert re.search(rf"\b{COUNT} requests\b", (DOCS / name).read_text("utf-8"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_of_plans_is_explained(name: str) -> None:
    assert f"`--format {name}`" in (DOCS / "views.md").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "docs/sandbox.md"])
def test_the_number_of_kinds_is_told(page: str) -> None:
    assert f"{len(load_kinds())} kinds" in (ROOT / page).read_text("utf-8")


def test_the_row_of_packages_is_explained() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    table = page[page.index("## The row") : page.index("## The rules")]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == ROW


def test_what_contributors_are_told_to_edit_is_where_they_are_told() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w/]+\.py)` \| (.*) \|$", page, re.MULTILINE)
    named = [(ROOT / path, name) for path, text in rows for name in re.findall(r"`(\w{4,})`", text)]
    assert named
    assert [(path, name) for path, name in named if name not in path.read_text("utf-8")] == []


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = set(TEST.findall((ROOT / "SECURITY.md").read_text("utf-8")))
    written = {
        name
        for folder, _, files in os.walk(ROOT / "tests")
        for file in files
        if file.endswith(".py")
        for name in re.findall(r"def (test_\w+)\(", Path(folder, file).read_text("utf-8"))
    }
    assert named
    assert named - written == set()
