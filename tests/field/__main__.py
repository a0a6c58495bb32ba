"""The clients of others on rows that the product made; and what the product sees of their work.

``python -m tests.field`` installs them, pinned, in a temporary folder (``--folder`` keeps it). Each
plays the same scenario: read with filters and pages, create, update, delete, be refused. What they
got must be what the YAML says, and the next plan must see what they changed, and nothing else.
"""

import argparse
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import orjson

from reconciler.values.column import JSON
from tests.commandline import Document, Workspace
from tests.field.document import document_of
from tests.field.installing import (
    OPENAPI_PYTHON_CLIENT,
    OPENAPI_TYPESCRIPT,
    POSTGREST_JS,
    POSTGREST_PY,
    SWAGGER_TYPESCRIPT_API,
    TYPESCRIPT,
    node_with,
    place_for,
    python_with,
)
from tests.organization import Organization
from tests.server import FIRST, Server, running_server, workspace_for
from tests.undoing import EVERYTHING

HERE = Path(__file__).parent
NAMES = (
    "Plain", 'Zoë, "the" (1)', "a&b=c", "50%+", "back\\slash", "dot.ted:colon", "", " spaced ",
    "*", "null",
)  # fmt: skip
"""First names of guests; each means something in an address or in a filter."""
PERCENTAGES = (4, 9, 10.5, 21)
SEEN = ("plan", "unmanaged", "second plan")
"""What the product sees of a client's work."""
NEW = "made+by(client)@example.test"
NOBODY = "11111111-2222-4333-8444-555555555555"
Said = Mapping[str, JSON]
Client = Callable[[Path, Organization, str], list[str]]


def yaml() -> str:
    """Write the rows that the product makes."""
    contacts = {f"g{n}": {"email": _guest(n), "first_name": one} for n, one in enumerate(NAMES)}
    taxes = {
        f"t{n}": {"label": {"default": f"T{n}"}, "percentage": one}
        for n, one in enumerate(PERCENTAGES)
    }
    return f"contacts: {orjson.dumps(contacts).decode()}\ntaxes: {orjson.dumps(taxes).decode()}\n"


def expected() -> Said:
    """Say what every client must get."""
    guests = sorted((_guest(number), name) for number, name in enumerate(NAMES))
    every = [email for email, _ in guests]
    own: list[JSON] = [[_guest(number)] for number in range(len(NAMES))]
    return {
        "count": len(NAMES),
        "list": [[email, name] for email, name in guests],
        "eq": own,
        "in": own,
        "neq": [email for email, name in guests if name != NAMES[0]],
        "like": [*every],
        "ilike": [_guest(1)],
        "null": [],
        "between": [9, 10.5],
        "pages": [[*every[n : n + 4]] for n in (0, 4, 8)],
        "create": [NEW],
        "update": ["Changed"],
        "delete": [21],
        "missing value": "23502",
        "bad value": "22P02",
        "no column": "42703",
        "no table": "42P01",
        "no reference": "23503",
        "none of one": "PGRST116",
    }


def known(client: str, name: str, value: JSON) -> JSON:
    """Say what a client gets instead, for a reason that `findings/` shows."""
    if name != "in":
        return value
    unfound = {POSTGREST_PY: (7,), POSTGREST_JS: (1, 7)}.get(client, ())
    return [
        [] if number in unfound else found for number, found in enumerate(cast("list[JSON]", value))
    ]


def task(organization: Organization) -> str:
    """Say what a client needs to know."""
    given = {
        "organization": organization.id,
        "names": NAMES,
        "between": [9, 21],
        "new": NEW,
        "changed": _guest(0),
        "deleted": 21,
        "tax": {"organization_id": organization.id, "percentage": 1},
        "nobody": NOBODY,
    }
    return orjson.dumps(given).decode()


def _guest(number: int) -> str:
    return f"guest-{number}@example.test"


# --- the clients ----------------------------------------------------------------------------


def postgrest_py(folder: Path, organization: Organization, url: str) -> list[str]:
    """Give the command that plays the scenario with postgrest-py."""
    programs = python_with(folder, POSTGREST_PY)
    return [str(programs / "python"), str(HERE / "story.py"), url, organization.key]


def postgrest_js(folder: Path, organization: Organization, url: str) -> list[str]:
    """Give the command that plays the scenario with postgrest-js."""
    modules = node_with(folder, POSTGREST_JS)
    return ["node", str(HERE / "story.mjs"), str(modules.parent), url, organization.key]


def generated(folder: Path, organization: Organization, url: str) -> list[str]:
    """Generate a client, and give the command that plays the scenario with it."""
    modules = node_with(folder, SWAGGER_TYPESCRIPT_API, TYPESCRIPT)
    program = modules / "swagger-typescript-api" / "dist" / "cli.mjs"
    words = ("generate", "-p", "openapi.json", "-o", "client", "-n", "client.ts")
    _run(["node", str(program), *words], folder)
    target = ("--target", "es2022", "--module", "esnext", "--noCheck")
    compiler = modules / "typescript" / "bin" / "tsc"
    _run(["node", str(compiler), *target, "client/client.ts"], folder)
    (folder / "client" / "client.js").replace(folder / "client" / "client.mjs")
    client = str(folder / "client" / "client.mjs")
    return ["node", str(HERE / "generated.mjs"), client, url, organization.key]


CLIENTS: Mapping[str, Client] = {
    POSTGREST_PY: postgrest_py,
    POSTGREST_JS: postgrest_js,
    SWAGGER_TYPESCRIPT_API: generated,
}


def readers(folder: Path) -> Mapping[str, bool]:
    """Tell which other generators read the document."""
    programs, modules = (
        python_with(folder, OPENAPI_PYTHON_CLIENT),
        node_with(folder, OPENAPI_TYPESCRIPT),
    )
    python = [str(programs / "openapi-python-client"), "generate", "--path", "openapi.json"]
    typescript = str(modules / "openapi-typescript" / "bin" / "cli.js")
    commands = {
        OPENAPI_PYTHON_CLIENT: [*python, "--output-path", "other", "--overwrite"],
        OPENAPI_TYPESCRIPT: ["node", typescript, "openapi.json", "-o", "other.ts"],
    }
    return {
        name: subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
        for name, command in commands.items()
    }


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[:3]}: {done.stdout[-900:]} {done.stderr[-900:]}"
    return done.stdout


# --- what must hold -------------------------------------------------------------------------


def play(name: str, folder: Path, workspace: Workspace, organization: Organization) -> list[str]:
    """Let a client play on fresh rows; prints and names what is not as it must be."""
    organization.empty()
    workspace.apply("--allow", EVERYTHING)
    command = CLIENTS[name](folder, organization, organization.url)
    said = cast("Said", orjson.loads(_run([*command, task(organization)], folder)))
    wanted = {what: known(name, what, value) for what, value in expected().items()}
    wrong = [what for what, value in wanted.items() if said.get(what) != value]
    for what in wrong:
        print(f"  {what}: got {said.get(what)}, not {wanted[what]}")
    plan = workspace.plan("--unmanaged")
    seen = sorted(_line(change) for change in cast("list[Document]", plan["changes"]))
    if seen != ["create taxes.t3 label,percentage", "update contacts.g0 first_name"]:
        wrong.append("plan")
        print(f"  the plan sees {seen}")
    others = [str(one["email"]) for one in organization.rows("contacts", "email=like.made*")]
    if others != [NEW] or '"contacts"' not in orjson.dumps(plan["unmanaged"]).decode():
        wrong.append("unmanaged")
        print(f"  the plan says of rows in no YAML: {plan['unmanaged']}")
    workspace.apply("--allow", EVERYTHING)
    if workspace.plan()["changes"]:
        wrong.append("second plan")
    return wrong


def _line(change: Document) -> str:
    columns = ",".join(sorted(cast("Document", change["columns"])))
    return f"{change['action']} {change['address']} {columns}"


def try_all(server: Server, folder: Path, yaml_folder: Path) -> int:
    """Let every client play; gives how much is wrong."""
    organization = server.organization(0)
    workspace = workspace_for(organization, yaml_folder)
    workspace.write(yaml())
    (folder / "openapi.json").write_bytes(orjson.dumps(document_of(server.sandbox)))
    found = 0
    for name in CLIENTS:
        wrong = play(name, folder, workspace, organization)
        many = len(expected()) + len(SEEN)
        print(f"{name}: {many - len(wrong)} of {many} as they must be", flush=True)
        found += len(wrong)
    for name, reads in readers(folder).items():
        print(f"{name}: {'reads' if reads else 'refuses'} the document (OpenAPI 2.0)")
    return found


def main() -> int:
    """Try all that there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="keep what is installed here")
    options = parser.parse_args()
    with (
        place_for(None) as own,
        place_for(options.folder) as folder,
        running_server(own, [f"{FIRST}=field-key"]) as server,
    ):
        return 1 if try_all(server, folder, own / "villa") else 0


if __name__ == "__main__":
    raise SystemExit(main())
