"""One request, one line: what PostgREST 11.1 answers."""

# ruff: noqa: E501 - a row of a table is one line

from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from .conftest import ONE


@dataclass(frozen=True)
class Case:
    """A request, and of its answer what is said here; ``body`` None is not looked at."""

    request: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    json: object = None
    range: str | None = None
    code: str | None = None
    message: str | None = None
    details: str | None = None
    body: str | None = None
    answer: dict[str, str] = field(default_factory=dict)


ROW = "00000000-0000-4000-8000-00000000000{}"
FULL = {"Prefer": "return=representation"}
MINIMAL = {"Prefer": "return=minimal,count=exact"}
EXACT = {"Prefer": "count=exact"}
OBJECT = {"Accept": "application/vnd.pgrst.object+json"}


def tax(number: int, percentage: float, name: str) -> dict[str, object]:
    label = {"default": name}
    row = {"id": ROW.format(number), "organization_id": ONE, "label": label}
    return {**row, "percentage": percentage}


@pytest.fixture(scope="module")
def taxes(http: httpx.Client) -> Iterator[None]:
    rows = [tax(1, 10, "a"), tax(2, 20, "b"), tax(3, 30, "c"), tax(4, 40, "a")]
    assert http.post("/taxes", json=rows).status_code == 201
    yield
    http.delete("/taxes?id=not.is.null")


@pytest.fixture
def undo(http: httpx.Client, taxes: None) -> Iterator[None]:
    yield
    http.delete(f"/taxes?id=gt.{ROW.format(4)}")
    for number, percentage in ((1, 10), (2, 20), (3, 30), (4, 40)):
        url = f"/taxes?id=eq.{ROW.format(number)}"
        http.patch(url, json={"percentage": percentage, "organization_id": ONE})


READS = [
    Case("GET /taxes?select=percentage&order=percentage", 200, range="0-3/*",
         body='[{"percentage":10}, \n {"percentage":20}, \n {"percentage":30}, \n {"percentage":40}]'),
    Case("GET /taxes?select=percentage&order=id&limit=2", 200, range="0-1/*",
         body='[{"percentage":10}, \n {"percentage":20}]',
         answer={"content-location": "/taxes?limit=2&order=id&select=percentage",
                 "content-type": "application/json; charset=utf-8"}),
    Case("GET /taxes?select=*&limit=2", 200, range="0-1/*",
         answer={"content-location": "/taxes?limit=2&select=%2A"}),
    Case("GET /taxes?limit=2", 206, EXACT, range="0-1/4"),
    Case("GET /taxes", 200, EXACT, range="0-3/4"),
    Case("GET /taxes?offset=3", 206, EXACT, range="3-3/4"),
    Case("GET /taxes?offset=4", 206, EXACT, range="*/4", body="[]"),
    Case("GET /taxes?offset=9", 200, range="*/*", body="[]"),
    Case("GET /taxes?offset=9", 416, EXACT, code="PGRST103", range="*/4",
         message="Requested range not satisfiable",
         details="An offset of 9 was requested, but there are only 4 rows."),
    Case("GET /taxes?limit=0", 200, range="*/*", body="[]"),
    Case("GET /taxes?limit=-1", 416, code="PGRST103"),
    Case("HEAD /taxes?limit=2", 206, EXACT, range="0-1/4", body=""),
    Case("GET /taxes?select=percentage&percentage=eq.20", 200, body='[{"percentage":20}]'),
    Case("GET /taxes?select=percentage&percentage=neq.20&order=percentage.desc&limit=1", 200,
         body='[{"percentage":40}]'),
    Case("GET /taxes?select=percentage&percentage=gt.20&percentage=lt.40", 200, range="0-0/*"),
    Case("GET /taxes?percentage=gte.20&percentage=lte.40", 200, range="0-2/*"),
    Case("GET /taxes?percentage=not.gte.20", 200, range="0-0/*"),
    Case("GET /taxes?percentage=in.(10,40,99)", 200, range="0-1/*"),
    Case("GET /taxes?percentage=in.()", 200, range="*/*"),
    Case("GET /taxes?or=(percentage.eq.10,percentage.eq.40)", 200, range="0-1/*"),
    Case("GET /taxes?or=(percentage.eq.10,and(percentage.gt.15,percentage.lt.25))", 200, range="0-1/*"),
    Case("GET /taxes?and=(percentage.gt.15,not.or(percentage.eq.20,percentage.eq.40))", 200, range="0-0/*"),
    Case("GET /taxes?not.or=(percentage.eq.10,percentage.eq.40)", 200, range="0-1/*"),
    Case("GET /taxes?label->>default=eq.a", 200, range="0-1/*"),
    Case("GET /taxes?label->default=eq.\"a\"", 200, range="0-1/*"),
    Case("GET /taxes?label->>default=like.*a*", 200, range="0-1/*"),
    Case("GET /taxes?label->>default=ilike.A", 200, range="0-1/*"),
    Case("GET /taxes?select=percentage&order=label->>default.desc,percentage.desc&limit=1", 200,
         body='[{"percentage":30}]'),
    Case("GET /taxes?id=is.null", 200, range="*/*"),
    Case(f"GET /taxes?id=gte.{ROW.format(1)}&id=lte.{ROW.format(4)}&id=gt.{ROW.format(2)}&order=id", 200,
         range="0-1/*"),
    Case("GET /taxes?foo=eq.1", 400, code="42703", message="column taxes.foo does not exist"),
    Case("GET /taxes?select=foo", 400, code="42703"),
    Case("GET /taxes?order=foo", 400, code="42703"),
    Case("GET /nothing", 404, code="42P01"),
    Case("GET /taxes?id=foo", 400, code="PGRST100", message='"failed to parse filter (foo)" (line 1, column 1)',
         details='unexpected "f" expecting "not" or operator (eq, gt, ...)'),
    Case("GET /taxes?order=eq.2", 400, code="PGRST100"),
    Case("GET /taxes?id=eq.x", 400, code="22P02", message='invalid input syntax for type uuid: "x"'),
    Case("GET /taxes?percentage=eq.10", 200, OBJECT, range="0-0/*",
         answer={"content-type": "application/vnd.pgrst.object+json; charset=utf-8"}),
    Case("GET /taxes?select=percentage&percentage=eq.10", 200, OBJECT, body='{"percentage":10}'),
    Case("GET /taxes", 406, OBJECT, code="PGRST116",
         details="Results contain 4 rows, application/vnd.pgrst.object+json requires 1 row"),
    Case("GET /taxes?percentage=eq.99", 406, OBJECT, code="PGRST116"),
]  # fmt: skip

WRITES = [
    Case("POST /taxes", 201, json=tax(5, 5, "x"), range="*/*", body=""),
    Case("POST /taxes?select=percentage", 201, FULL, json=tax(5, 5, "x"), range="*/*",
         body='[{"percentage":5}]'),
    Case("POST /taxes?select=percentage", 201, {**FULL, **OBJECT}, json=tax(5, 5, "x"),
         body='{"percentage":5}'),
    Case("POST /taxes", 201, {"Prefer": "return=headers-only"}, json=tax(5, 5, "x"), body="",
         answer={"location": f"/taxes?id=eq.{ROW.format(5)}"}),
    Case("POST /taxes?select=percentage", 201, {"Prefer": "return=representation,count=exact"},
         json=[tax(5, 5, "x"), tax(6, 6, "x")], range="*/2",
         body='[{"percentage":5}, \n {"percentage":6}]'),
    Case("POST /taxes", 201, FULL, json=[], range="*/*", body="[]"),
    Case("POST /taxes", 400, json=[{"a": 1}, {"b": 1}], code="PGRST102", message="All object keys must match"),
    Case("POST /taxes", 409, json=tax(1, 5, "x"), code="23505",
         message='duplicate key value violates unique constraint "taxes_pkey"',
         details=f"Key (id)=({ROW.format(1)}) already exists."),
    Case("POST /taxes", 400, json={"percentage": 5}, code="23502"),
    Case("POST /taxes", 400, json={"percentage": "x", "organization_id": ONE}, code="22P02"),
    Case("POST /taxes", 400, json={"foo": 1}, code="PGRST204",
         message="Column 'foo' of relation 'taxes' does not exist"),
    Case("POST /taxes", 409, json={**tax(5, 5, "x"), "organization_id": ROW.format(9)}, code="23503",
         message='insert or update on table "taxes" violates foreign key constraint "taxes_organization_id_fkey"',
         details=f'Key (organization_id)=({ROW.format(9)}) is not present in table "organizations".'),
    Case("POST /contacts", 400, json={"organization_id": ONE, "name": "x"}, code="428C9"),
    Case(f"PATCH /taxes?id=eq.{ROW.format(1)}&select=percentage", 200, FULL, json={"percentage": 7},
         range="0-0/*", body='[{"percentage":7}]'),
    Case(f"PATCH /taxes?id=eq.{ROW.format(1)}", 204, json={"percentage": 7}, range="0-0/*", body=""),
    Case(f"PATCH /taxes?id=eq.{ROW.format(1)}", 204, MINIMAL, json={"percentage": 7}, range="0-0/1"),
    Case(f"PATCH /taxes?id=eq.{ROW.format(9)}", 204, MINIMAL, json={"percentage": 7}, range="*/0"),
    Case(f"PATCH /taxes?id=eq.{ROW.format(9)}", 200, FULL, json={"percentage": 7}, range="*/*", body="[]"),
    Case("PATCH /taxes", 204, json={"percentage": 7}, range="0-3/*"),
    Case("PATCH /taxes", 200, FULL, json={}, range="*/*", body="[]"),
    Case("PATCH /taxes?or=(percentage.eq.10)", 200, {"Prefer": "return=representation,count=exact"},
         json={"percentage": 7}, range="*/0", body="[]"),
    Case("PATCH /taxes?or=(percentage.eq.10)&select=id", 400, FULL, json={"percentage": 7}, code="42703"),
    Case("PATCH /taxes?id=eq.x", 400, json={"percentage": 7}, code="22P02"),
    Case("PATCH /taxes?id=eq.x", 400, json={"foo": 7}, code="PGRST204"),
    Case(f"DELETE /taxes?id=in.({ROW.format(5)})", 204, range="*/*", body=""),
    Case(f"DELETE /taxes?id=eq.{ROW.format(9)}", 204, MINIMAL, range="*/0"),
    Case(f"DELETE /taxes?id=eq.{ROW.format(9)}", 200, FULL, range="*/*", body="[]"),
    Case(f"DELETE /organizations?id=eq.{ONE}", 403, code="42501", message="permission denied for table organizations"),
    Case("POST /sites", 403, json={}, code="42501", message="permission denied for table sites"),
]  # fmt: skip


@pytest.mark.parametrize("case", READS, ids=lambda case: case.request)
def test_reads(http: httpx.Client, taxes: None, case: Case) -> None:
    check(http, case)


@pytest.mark.parametrize("case", WRITES, ids=lambda case: case.request)
def test_writes(http: httpx.Client, undo: None, case: Case) -> None:
    check(http, case)


def check(http: httpx.Client, case: Case) -> None:
    method, url = case.request.split(" ", 1)
    answer = http.request(method, url, headers=case.headers, json=case.json)
    assert answer.status_code == case.status, answer.text
    if case.body is not None:
        assert answer.text == case.body
    if case.range is not None:
        assert answer.headers["content-range"] == case.range
    for name, value in case.answer.items():
        assert answer.headers[name] == value
    if case.code:
        error = answer.json()
        assert list(error) == ["code", "details", "hint", "message"]
        assert error["code"] == case.code
        assert case.message in (None, error["message"])
        assert case.details in (None, error["details"])


def test_malformed_json(http: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    answer = http.post("/taxes", content="{", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == "Error in $: not enough input"


def test_a_list_ends_at_a_thousand_rows(http: httpx.Client) -> None:
    rows = [{"organization_id": ONE, "subject": {"default": str(n)}} for n in range(1205)]
    made = http.post("/message_templates?select=id", json=rows, headers=FULL)
    assert len(made.json()) == 1205
    first = http.get("/message_templates?select=id&order=id", headers=EXACT)
    assert (first.status_code, first.headers["content-range"]) == (206, "0-999/1205")
    rest = http.get("/message_templates?select=id&order=id&limit=5000&offset=1000")
    assert (rest.status_code, rest.headers["content-range"]) == (200, "1000-1204/*")
    http.delete("/message_templates?id=not.is.null")


def test_a_version_moves_with_every_update(http: httpx.Client) -> None:
    row = http.post("/contacts", json={"organization_id": ONE}, headers=FULL).json()[0]
    url = f"/contacts?id=eq.{row['id']}"
    lock = httpx.QueryParams({"updated_at": f"eq.{row['updated_at']}"})
    first = http.patch(f"{url}&{lock}", json={"email": "a"}, headers=MINIMAL)
    second = http.patch(f"{url}&{lock}", json={"email": "b"}, headers=MINIMAL)
    assert first.headers["content-range"] == "0-0/1"
    assert second.headers["content-range"] == "*/0"
    http.delete(url)
