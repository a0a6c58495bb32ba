"""The scenario with postgrest-py; it prints what it got as JSON. Usage: URL KEY TASK"""

import json
import sys
from typing import Protocol, cast

from postgrest import APIError, APIResponse, CountMethod, SyncPostgrestClient
from postgrest import SyncSelectRequestBuilder as Select

url, key, task = sys.argv[1:]
given = json.loads(task)
said: dict[str, object] = {}
client = SyncPostgrestClient(url, headers={"Authorization": f"Bearer {key}"})
contacts, taxes = client.table("contacts"), client.table("taxes")


class Query(Protocol):
    def execute(self) -> object: ...


def rows(answer: APIResponse) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", answer.data)


def emails(query: Select) -> list[object]:
    return [row["email"] for row in rows(query.order("email").execute())]


def code(query: Query) -> str | None:
    try:
        query.execute()
    except APIError as error:
        return error.code
    return "none"


everything = contacts.select("*", count=CountMethod.exact).order("email").execute()
said["count"] = everything.count
said["list"] = [[row["email"], row["first_name"]] for row in rows(everything)]
names = given["names"]
said["eq"] = [emails(contacts.select("email").eq("first_name", name)) for name in names]
said["in"] = [emails(contacts.select("email").in_("first_name", [name, "no"])) for name in names]
said["neq"] = emails(contacts.select("email").neq("first_name", names[0]))
said["like"] = emails(contacts.select("email").like("email", "guest-%@example.test"))
said["ilike"] = emails(contacts.select("email").ilike("email", "GUEST-1@%"))
said["null"] = emails(contacts.select("email").is_("last_name", "null"))
low, high = given["between"]
found = taxes.select("percentage").gte("percentage", low).lt("percentage", high)
said["between"] = [row["percentage"] for row in rows(found.order("percentage").execute())]
pages = [contacts.select("email").order("email").range(n, n + 3).execute() for n in (0, 4, 8)]
said["pages"] = [[row["email"] for row in rows(page)] for page in pages]
made = contacts.insert({"organization_id": given["organization"], "email": given["new"]})
said["create"] = [row["email"] for row in rows(made.execute())]
changed = contacts.update({"first_name": "Changed"}).eq("email", given["changed"])
said["update"] = [row["first_name"] for row in rows(changed.execute())]
gone = taxes.delete().eq("percentage", given["deleted"]).execute()
said["delete"] = [row["percentage"] for row in rows(gone)]
said["missing value"] = code(taxes.insert({"percentage": 1}))
said["bad value"] = code(taxes.insert({**given["tax"], "percentage": "much"}))
said["no column"] = code(taxes.select("nothing"))
said["no table"] = code(client.table("nothing").select("*"))
said["no reference"] = code(taxes.insert({**given["tax"], "organization_id": given["nobody"]}))
said["none of one"] = code(contacts.select("*").eq("email", "no").single())
print(json.dumps(said))
