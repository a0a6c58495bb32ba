"""Looks at the live organization for an editor, in a process of its own: one plan, nothing written.

It reads a request as JSON from its input, and writes the changes of the plan as JSON to its output.
It says nothing else: what goes wrong is an exit code.
"""

import os
import sys
from pathlib import Path
from typing import Any

from ..values.jsontext import dumps, loads

OK, FAILED = 0, 3


def main() -> int:
    """Answer one request; gives the exit code."""
    from ..diagnostics import ReconcilerError

    with os.fdopen(os.dup(0), "rb") as given, os.fdopen(os.dup(1), "wb") as answer:
        request: Any = loads(given.read())
        try:
            found = _changes(request)
        except ReconcilerError:
            return FAILED
        answer.write(dumps(found))
    return OK


def _changes(request: dict[str, Any]) -> list[dict[str, Any]]:
    from ..api.configurations import load_configuration
    from ..api.plans import make_plan
    from ..client.connection import Connection
    from ..plan.document import document_of

    configuration = load_configuration(
        *map(Path, request["paths"]), variables=request["variables"], environment=os.environ
    )
    connection = Connection.checked(request["url"], request["key"])
    planned = make_plan(configuration, connection)
    document = document_of(planned.plan, planned.kinds, reveal=request["reveal"])
    return [
        {name: change[name] for name in ("address", "action", "columns")}
        for change in document["changes"]
    ]


if __name__ == "__main__":
    sys.exit(main())
