"""All cases against a running sandbox; the tables lie beside this file."""

import httpx
import pytest

from .case import Case, check, names
from .reading import READING
from .refusing import REFUSING
from .selecting import SELECTING
from .writing import WRITING

COUNT = 512
"""How many requests there are; docs/ tells it."""


@pytest.mark.parametrize("case", READING, ids=names(READING))
def test_reading(http: httpx.Client, case: Case) -> None:
    check(http, case)


@pytest.mark.parametrize("case", SELECTING, ids=names(SELECTING))
def test_selecting(http: httpx.Client, case: Case) -> None:
    check(http, case)


@pytest.mark.parametrize("case", WRITING, ids=names(WRITING))
def test_writing(http: httpx.Client, undo: None, case: Case) -> None:
    check(http, case)


@pytest.mark.parametrize("case", REFUSING, ids=names(REFUSING))
def test_refusing(http: httpx.Client, case: Case) -> None:
    check(http, case)


def test_all_are_counted() -> None:
    assert len([*READING, *SELECTING, *WRITING, *REFUSING]) == COUNT
