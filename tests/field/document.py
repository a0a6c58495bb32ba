"""The sandbox's OpenAPI document, with what PostgREST's documents leave out.

PostgREST names one answer for each verb: no refusal, and no rows for a write that asks for them.
Whoever checks answers against the document has to know these, too. And it says of a filter only
that it is a text: whoever makes up texts is refused each time, and sees no rows.
"""

from typing import cast

import httpx
import orjson

from reconciler.values.column import JSON
from tests.sandbox_server import RunningSandbox

ERROR: JSON = {
    "type": "object",
    "required": ["code", "details", "hint", "message"],
    "properties": {name: {"type": "string"} for name in ("code", "message")},
}
"""What a refusal holds; details and hint may be null, for which OpenAPI 2.0 has no word."""
REFUSALS = ("400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "416")
WITH_ROWS = {"patch": "200", "delete": "200", "post": "200"}
"""What is answered with rows where ``Prefer`` asks for them, or where nothing was inserted."""
WORDS = {
    "select": ("*",),
    "order": ("id.desc",),
    "on_conflict": ("id",),
    "offset": ("1",),
    "limit": ("9",),
    "Range": ("0-4",),
    "Range-Unit": ("items",),
}
"""What a parameter may say; texts that are none of these are made up, too."""
FILTERS = ("not.is.null", "is.null")
"""What a filter of a column of any type may say."""
Document = dict[str, JSON]


def document_of(sandbox: RunningSandbox) -> Document:
    """Read the document as it is."""
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    answer = httpx.get(f"{sandbox.url}/", headers=headers, trust_env=False, timeout=60)
    return cast("Document", orjson.loads(answer.raise_for_status().content))


def completed(document: Document) -> Document:
    """Add what PostgREST leaves out: refusals, rows, what may be null, what filters say."""
    media = document.pop("produces")
    for definition in cast("dict[str, Document]", document["definitions"]).values():
        needed = cast("list[str]", definition["required"])
        for name, column in cast("dict[str, Document]", definition["properties"]).items():
            column["x-nullable"] = name not in needed
    for name, parameter in cast("dict[str, Document]", document["parameters"]).items():
        words = FILTERS if name.startswith("rowFilter.") else WORDS.get(str(parameter["name"]))
        if words:
            parameter.pop("format", None)
            parameter["enum"] = [*words]
    paths = cast("dict[str, dict[str, Document]]", document["paths"])
    for path, operations in paths.items():
        for verb, operation in operations.items():
            responses = cast("dict[str, JSON]", operation["responses"])
            for status in REFUSALS:
                responses[status] = {"description": "Refused", "schema": ERROR}
            if verb in WITH_ROWS:
                rows: JSON = {"type": "array", "items": {"$ref": f"#/definitions{path}"}}
                responses[WITH_ROWS[verb]] = {"description": "OK", "schema": rows}
            if verb == "get":  # else an answer without a body must have a type
                operation.setdefault("produces", media)
    return document
