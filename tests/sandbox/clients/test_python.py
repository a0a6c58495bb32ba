"""The official Python client, `postgrest`, works against the sandbox."""

from collections.abc import Iterator
from typing import cast

import pytest
from postgrest import APIError, APIResponse, CountMethod, SyncPostgrestClient
from postgrest.types import ReturnMethod

from tests.sandbox_server import RunningSandbox

from ..conftest import CLIENTS


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[SyncPostgrestClient]:
    headers = {"Authorization": "Bearer clients"}
    with SyncPostgrestClient(sandbox.url, headers=headers) as client:
        yield client
        for kind in ("contact_bookings", "bookings", "contacts", "taxes"):
            client.table(kind).delete().not_.is_("id", "null").execute()


def rows(answer: APIResponse) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", answer.data)


def tax(percentage: int, **more: object) -> dict[str, object]:
    return {"organization_id": CLIENTS, "percentage": percentage, **more}


def test_insert_list_and_filter(client: SyncPostgrestClient) -> None:
    made = client.table("taxes").insert([tax(1), tax(2), tax(3)]).execute()
    assert [row["percentage"] for row in rows(made)] == [1, 2, 3]
    query = client.table("taxes").select("percentage", count=CountMethod.exact)
    found = query.gte("percentage", 2).order("percentage", desc=True).limit(1).execute()
    assert (found.data, found.count) == ([{"percentage": 3}], 2)
    either = client.table("taxes").select("percentage").or_("percentage.eq.1,percentage.eq.3")
    assert either.order("percentage").execute().data == [{"percentage": 1}, {"percentage": 3}]
    some = client.table("taxes").select("percentage").in_("percentage", [1, 9])
    assert some.execute().data == [{"percentage": 1}]
    page = client.table("taxes").select("percentage").order("percentage").range(1, 1)
    assert page.execute().data == [{"percentage": 2}]


def test_one_row_or_none(client: SyncPostgrestClient) -> None:
    client.table("taxes").insert(tax(1), returning=ReturnMethod.minimal).execute()
    one = client.table("taxes").select("p:percentage").single().execute()
    assert one.data == {"p": 1}
    none = client.table("taxes").select("id").eq("percentage", 9).maybe_single().execute()
    assert none is None
    with pytest.raises(APIError) as raised:
        client.table("taxes").select("id").eq("percentage", 9).single().execute()
    assert raised.value.code == "PGRST116"
    csv = client.table("taxes").select("percentage").csv().execute()
    assert csv.data == "percentage\n1"


def test_embed(client: SyncPostgrestClient) -> None:
    mine = {"organization_id": CLIENTS}
    money = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
    [guest] = rows(client.table("contacts").insert({**mine, "email": "a@b.c"}).execute())
    given = {**mine, **money, "reference": "R"}
    [booking] = rows(client.table("bookings").insert(given).execute())
    link = {"booking_id": booking["id"], "contact_id": guest["id"]}
    client.table("contact_bookings").insert(link).execute()
    query = client.table("bookings").select(
        "reference, contact_bookings(contact:contacts!inner(email))"
    )
    found = query.eq("contact_bookings.contact.email", "a@b.c").execute()
    assert found.data == [{"reference": "R", "contact_bookings": [{"contact": {"email": "a@b.c"}}]}]


def test_upsert_update_and_delete(client: SyncPostgrestClient) -> None:
    table = client.table("taxes")
    [row] = rows(table.insert(tax(1)).execute())
    key = row["id"]
    [merged] = rows(table.upsert(tax(2, id=key)).execute())
    assert (merged["id"], merged["percentage"]) == (key, 2)
    assert rows(table.upsert(tax(3, id=key), ignore_duplicates=True).execute()) == []
    [changed] = rows(table.update({"percentage": 4}).eq("id", key).execute())
    assert changed["percentage"] == 4
    gone = table.delete(count=CountMethod.exact).eq("id", key).execute()
    assert ([one["id"] for one in rows(gone)], gone.count) == ([key], 1)


def test_a_refusal_is_understood(client: SyncPostgrestClient) -> None:
    with pytest.raises(APIError) as raised:
        client.table("taxes").insert({"percentage": 1}).execute()
    assert raised.value.code == "23502"
