"""Every library that can be loaded is under a licence that the rule allows, and is listed."""

import re

import pytest
from packaging.utils import canonicalize_name

from .licences import ALLOWED, LIST, PAGE, fault, libraries, licence_of

TEXT = PAGE.read_text("utf-8")


def test_each_library_has_a_licence_that_is_allowed() -> None:
    found = {canonicalize_name(one.name): licence_of(one) for one in libraries()}
    assert len(found) > 50
    assert [wrong for one in found.items() if (wrong := fault(*one))] == []


def test_each_library_is_listed() -> None:
    [listed] = LIST.findall(TEXT)
    rows = dict(re.findall(r"^\| (\S+) \| (.+) \|$", listed, re.MULTILINE))
    assert [one.name for one in libraries() if canonicalize_name(one.name) not in rows] == []
    assert [wrong for row in rows.items() if row[0] != "library" and (wrong := fault(*row))] == []
    names = [name for name in rows if name != "library"]
    assert names == sorted(names)


def test_the_page_names_each_licence_of_the_rule() -> None:
    assert [name for name in sorted(ALLOWED) if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize(
    ("name", "licence", "allowed"),
    [
        ("a", "MIT", True),
        ("a", "MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("a", "MIT AND GPL-3.0-only", False),
        ("a", "none", False),
        ("a", "LGPL-3.0-only", False),
        ("psycopg", "LGPL-3.0-only", True),
        ("psycopg", "GPL-3.0-only", False),
    ],
)
def test_the_rule(name: str, licence: str, allowed: bool) -> None:
    assert (fault(name, licence) is None) is allowed
