"""One request on one line, and what PostgREST 11.1 answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

ORGANIZATION = "33333333-3333-4333-8333-333333333333"
KEY = "conformance"
ROW = "00000000-0000-4000-8000-0000000000{:02}"

FULL = {"Prefer": "return=representation"}
MINIMAL = {"Prefer": "return=minimal,count=exact"}
EXACT = {"Prefer": "count=exact"}
OBJECT = {"Accept": "application/vnd.pgrst.object+json"}
CSV = {"Accept": "text/csv"}
MERGE = {"Prefer": "resolution=merge-duplicates"}
IGNORE = {"Prefer": "resolution=ignore-duplicates"}


@dataclass(frozen=True)
class Case:
    """A request, and of its answer what is said here; ``@1`` stands for the row with number 1."""

    request: str
    status: int
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    range: str | None = None
    json: object = None
    text: str | None = None
    answer: dict[str, str | None] = field(default_factory=dict)
    code: str | None = None
    message: str | None = None
    details: object = None
    hint: str | None = None


def rows(*texts: str) -> str:
    """Write a list as PostgreSQL does."""
    return "[" + ", \n ".join(texts) + "]"


def values(name: str, *found: object) -> str:
    """Write a list of rows with one number each."""
    return rows(*(f'{{"{name}":{one}}}' for one in found))


def row_id(number: int) -> str:
    """Give the id of a row of the fixed data."""
    return ROW.format(number)


def tax(number: int, percentage: float, name: str = "x") -> dict[str, object]:
    """Make a row of the kind that most cases are about."""
    label = {"default": name, "nl-NL": name.upper()}
    row = {"id": row_id(number), "organization_id": ORGANIZATION, "label": label}
    return {**row, "percentage": percentage}


def check(http: httpx.Client, case: Case) -> None:
    """Send a request and compare its answer."""
    method, url = expanded(case.request).split(" ", 1)
    content = case.text.encode() if case.text is not None else None
    answer = http.request(method, url, headers=case.headers, json=case.json, content=content)
    assert answer.status_code == case.status, answer.text
    if case.body is not None:
        assert answer.text == expanded(case.body)
    if case.range is not None:
        assert answer.headers["content-range"] == case.range
    for name, value in case.answer.items():
        assert answer.headers.get(name) == (value and expanded(value))
    if case.code is not None:
        _check_refusal(answer.json(), case)


def expanded(text: str) -> str:
    """Put the ids in."""
    for number in range(60, 0, -1):
        text = text.replace(f"@{number}", row_id(number))
    return text


def names(cases: Sequence[Case]) -> list[str]:
    """Name cases for pytest."""
    return [f"{number}-{case.request[:60]}" for number, case in enumerate(cases, 1)]


def _check_refusal(error: dict[str, object], case: Case) -> None:
    assert list(error) == ["code", "details", "hint", "message"]
    assert error["code"] == case.code
    assert case.message in (None, error["message"])
    assert case.details in (None, error["details"])
    assert case.hint in (None, error["hint"])
