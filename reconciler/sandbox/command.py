"""``reconciler sandbox``: its options. What it needs to run is imported when it runs."""

from pathlib import Path

import click

from ..diagnostics import UsageError
from ..diagnostics.installing import how_to_install
from .settings import (
    KeySpec,
    SandboxSettings,
    growth_of,
    organization_pair,
    organizations_in,
)


@click.command("sandbox")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8787,
    show_default=True,
    help="Port on 127.0.0.1 to listen on; 0 takes any spare one.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the database, its organizations and keys in this folder between runs. "
    "Without it everything is gone at the end.",
)
@click.option(
    "--database-url",
    metavar="URL",
    help="Use a PostgreSQL of your own (14 or later) instead of the embedded one.",
)
@click.option(
    "--request-log",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Append one JSON line per request: method, path, query, status, rows, ms.",
)
@click.option(
    "--organization",
    "organizations",
    multiple=True,
    metavar="ID=KEY",
    help="Serve an organization with this id (a UUID) and this key; repeatable. "
    "Without it there is one, with a random id and key.",
)
@click.option(
    "--organizations",
    "organizations_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Serve the organizations of a file, too: one ID=KEY on each line.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY=ID:RIGHTS",
    help="Add a key with fewer rights to an organization; repeatable. RIGHTS is `read` (reads "
    "every kind, writes none), `none=KIND,KIND` (everything but these kinds) or, as in the "
    "dashboard, `Bookings=read,Reviews=none` (an area that is not named may be written).",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="SPEC",
    help="Misbehave on purpose; repeatable. SPEC is words with commas between, such as "
    "`latency=20ms` or `status=503,retry-after=1,rate=0.3,method=PATCH`. What goes wrong: "
    "latency=TIME, status=CODE (with retry-after=SECONDS, after-commit), reset-before, "
    "reset-after-commit, cut, html, bad-json, drip=TIME, short-list[=ROWS], edit[=ROWS] (with "
    "column=NAME). For which requests: method=A|B, path=/kind|/kind, nth=N, first=N, every=N, "
    "rate=0..1 (with seed=N).",
)
@click.option(
    "--strict-verbs",
    is_flag=True,
    help="Refuse writes that the API's documents of today do not show, such as POST bookings.",
)
@click.option(
    "--admin",
    is_flag=True,
    help="Serve /admin/faults: PUT a JSON list of SPECs replaces all faults, DELETE clears them, "
    "GET tells how often each struck. It asks for the `admin_token` of the first line.",
)
@click.option(
    "--allow-rollback", is_flag=True, help="Obey `Prefer: tx=rollback`: do, answer, and undo."
)
@click.option(
    "--unique",
    multiple=True,
    metavar="KIND.COLUMN",
    help="Keep a column unique within each organization, such as coupons.code; repeatable.",
)
@click.option(
    "--stores",
    multiple=True,
    metavar="KIND.COLUMN=FORM",
    help="Store another form of a value than was sent, such as contacts.email=lower; repeatable. "
    "FORM is lower, trim or round:N.",
)
@click.option(
    "--seed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help='Rows that the first --organization begins with: JSON lines {"kind": …, "rows": […]}.',
)
@click.option(
    "--catalogue",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Schema files of your own: their kinds and columns are served, too.",
)
@click.option(
    "--tenant",
    metavar="KIND",
    help="With --catalogue: serve only its kinds. KIND is the one of the organizations, or `none`.",
)
def sandbox_command(
    port: int,
    data: Path | None,
    database_url: str | None,
    request_log: Path | None,
    organizations: tuple[str, ...],
    organizations_file: Path | None,
    keys: tuple[str, ...],
    faults: tuple[str, ...],
    *,
    strict_verbs: bool,
    admin: bool,
    allow_rollback: bool,
    unique: tuple[str, ...],
    stores: tuple[str, ...],
    seed: Path | None,
    catalogue: Path | None,
    tenant: str | None,
) -> None:
    """Serve the whole API on this machine, to try things without touching an organization.

    The first line on stdout is JSON: the address, each organization's id and key, and with
    --admin its token. Ctrl-C stops it, and the PostgreSQL that it started.

    \b
    Examples:
      reconciler sandbox
      reconciler sandbox --data .sandbox --request-log requests.jsonl
      reconciler sandbox --fault status=503,retry-after=1,rate=0.3,method=PATCH
    """  # noqa: D301 (click's mark for a paragraph that is not re-wrapped)
    from . import serve

    pairs = map(organization_pair, organizations)
    listed = organizations_in(organizations_file) if organizations_file else ()
    try:
        serve(
            SandboxSettings(
                port=port,
                data=data,
                database_url=database_url,
                request_log=request_log,
                organizations=(*pairs, *listed),
                keys=tuple(map(KeySpec.parse, keys)),
                faults=faults,
                strict_verbs=strict_verbs,
                admin=admin,
                allow_rollback=allow_rollback,
                unique=unique,
                stores=stores,
                seed=seed,
                growth=growth_of(catalogue, tenant),
            )
        )
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the sandbox needs {error.name}, which is not installed",
            hint=how_to_install("sandbox"),
        ) from error
