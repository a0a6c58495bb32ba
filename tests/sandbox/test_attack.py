"""No text of a request becomes SQL: neither by chance nor by somebody who tries."""

from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.sandbox.parameters import read_query
from reconciler.sandbox.payload import Payload
from reconciler.sandbox.plan import (
    check_conditions,
    check_read,
    check_returned,
    plan_read,
    plan_write,
)
from reconciler.sandbox.preferences import Preferences
from reconciler.sandbox.ranges import ALL
from reconciler.sandbox.refusal import Refusal
from reconciler.sandbox.schema import load_tables
from reconciler.sandbox.sql import (
    Statement,
    count_statement,
    delete_statement,
    insert_statement,
    read_statement,
    update_statement,
)
from tests.properties import examples

from .conftest import ONE

EVIL = "zqx"
QUOTED = (f'"{EVIL}"', f'"\\"; drop {EVIL}--"', f'"a\' or {EVIL}"', EVIL, f'"$1{EVIL}"')
WORDS = st.sampled_from(QUOTED)
FIELDS = st.sampled_from(["id", "percentage", "label", "*"])
ITEMS = st.one_of(
    st.builds("{}:percentage".format, WORDS),
    st.builds("label->>{}".format, WORDS),
    st.builds("{}:label->{}->>0".format, WORDS, WORDS),
    st.builds("percentage::{}".format, st.sampled_from(["text", EVIL, f"text {EVIL}", "int4"])),
    st.builds("{}:organizations({}:name)".format, WORDS, WORDS),
    st.builds("...organizations({}:id)".format, WORDS),
    st.builds("{}:organizations!inner(sites(id))".format, WORDS),
    st.builds("organizations!{}(id)".format, WORDS),
    st.builds("{}(id)".format, WORDS),
    FIELDS,
    WORDS,
)
FILTERS = st.one_of(
    st.builds("label->>{}=eq.{}".format, WORDS, WORDS),
    st.builds("percentage=eq.{}".format, WORDS),
    st.builds("id=in.({},{})".format, WORDS, WORDS),
    st.builds("fts=fts({}).{}".format, st.just(EVIL), WORDS),
    st.builds("or=(label->{}.eq.{},id.in.({}))".format, WORDS, WORDS, WORDS),
    st.builds("order=label->>{}.desc".format, WORDS),
    st.builds("{}=eq.1".format, WORDS),
    st.builds("order={}".format, WORDS),
    st.builds("limit={}&order=id".format, st.sampled_from(["1", EVIL, "-1"])),
    st.builds("on_conflict={}".format, WORDS),
    st.builds("columns={},percentage".format, WORDS),
)
QUERIES = st.builds(
    lambda items, filters: "&".join([f"select={quote(','.join(items))}", *map(quoted, filters)]),
    st.lists(ITEMS, min_size=1, max_size=4),
    st.lists(FILTERS, max_size=3),
)


def quoted(pair: str) -> str:
    return "&".join(quote(one, safe="=&") for one in pair.split("&"))


def statements(query_text: str) -> list[Statement]:
    """Write every statement that a query can lead to; a refused one leads to none."""
    table, found = load_tables()["taxes"], []
    try:
        query = read_query(query_text)
        read = plan_read(table, query, window=ALL)
        check_read(read)
        for shape in ("list", "object", "csv", "text"):
            found.append(read_statement(read, shape, count=True))
        found.append(count_statement(read))
        back = plan_read(table, query, window=None, written=True)
        wanted = Preferences("representation", "merge-duplicates", missing="default")
        body = Payload(f'{{"percentage": "{EVIL}"}}', frozenset({"percentage"}))
        for method in ("POST", "PATCH", "DELETE"):
            write = plan_write(method, back, query, body, wanted, query.windows.get((), ALL))
            check_conditions(write)
            check_returned(write)
            check_read(back, write.returned)
            if method == "POST":
                found.append(insert_statement(write, back, "list", locate=True))
            elif write.window == ALL or write.order:
                make = update_statement if method == "PATCH" else delete_statement
                found.append(make(write, back, "csv"))
    except Refusal:
        pass
    return found


@settings(max_examples=examples(150))
@given(QUERIES)
def test_no_word_of_a_query_is_in_a_statement(query: str) -> None:
    for statement in statements(query):
        assert EVIL not in statement.text.lower()


def test_the_statements_are_really_written() -> None:
    query = f'select={EVIL}:percentage,x:organizations("a\\"{EVIL}":id)&label->>{EVIL}=eq.{EVIL}'
    found = statements(query)
    assert len(found) == 8
    assert all(any(EVIL in value for value in one.values) for one in found)


ATTACKS = [
    "GET /taxes?select=percentage::text) from pg_user--",
    'GET /taxes?select=x":percentage',
    "GET /taxes?select=percentage,(select 1)",
    'GET /taxes?select="a\\";drop table taxes;--":percentage',
    "GET /taxes?order=id;drop table taxes",
    "GET /taxes?order=(select 1)",
    "GET /taxes?id=eq.1' or '1'='1",
    "GET /taxes?label->>'x' or 1=1--=eq.1",
    "GET /taxes?limit=1;drop table taxes",
    "GET /taxes?or=(id.eq.1);drop table taxes;--)",
    "GET /taxes; drop table taxes",
    'GET /taxes";drop table taxes;--',
    "GET /pg_user",
    "GET /information_schema.tables",
    "GET /sandbox.api_keys",
    "GET /org_22222222222242228222222222222222.taxes",
    "DELETE /taxes?id=in.(1)) or (1=1",
    "POST /taxes?on_conflict=id) do nothing; drop table taxes;--",
    "POST /taxes?columns=id) select 1--",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_and_changes_nothing(http: httpx.Client, attack: str) -> None:
    row = {"organization_id": ONE, "percentage": 1}
    full = {"Prefer": "return=representation"}
    [stored] = http.post("/taxes", json=row, headers=full).json()
    method, url = attack.split(" ", 1)
    path, _, query = url.partition("?")
    answer = http.request(method, quote(path), params=query, json=row)
    assert answer.status_code < 500
    assert stored in http.get("/taxes").json()
    http.delete("/taxes")


@pytest.mark.parametrize("key", ['x"); drop table taxes; --', "percentage) select 1--", "a\x00"])
def test_a_key_of_a_body_is_a_name_or_nothing(http: httpx.Client, key: str) -> None:
    answer = http.post("/taxes", json={key: 1})
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST204")


@pytest.mark.parametrize(
    ("begin", "middle", "end"),
    [
        ("/taxes?or=(", "and(", "id.is.null"),
        ("/services?select=", "parent_id(", "id"),
        ("/taxes?select=", "x:foo(", "id"),
    ],
)
def test_what_is_nested_too_deeply_is_refused(
    http: httpx.Client, begin: str, middle: str, end: str
) -> None:
    answer = http.get(f"{begin}{middle * 1000}{end}{')' * 1001}")
    assert (answer.status_code, answer.json()["code"]) == (413, "54001")


def test_a_nul_ends_a_value_or_is_refused(http: httpx.Client) -> None:
    assert http.get("/contacts?email=eq.nobody%00x").json() == []
    answer = http.post("/contacts", content=b'{"email":"\\u0000"}')
    assert answer.status_code == 400
