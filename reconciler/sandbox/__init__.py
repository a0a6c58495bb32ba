"""The API on your own machine: all kinds, on a real PostgreSQL, answered as PostgREST 11.1 does.

A request goes through grammar → query → plan → SQL → answer: `parameters` and `grammar` read the
query string, `request` the rest; `plan` looks every name up; `sql` writes one statement, whose
JSON PostgreSQL builds; `respond` is the whole story. Beside it `actions` holds the endpoints that
are more than rows, and `faults` what goes wrong on demand (its docstring has the grammar of
`--fault SPEC`). Everything heavy is imported when a sandbox is started, not when this package is.
"""

from .settings import KeySpec, SandboxSettings

__all__ = ["KeySpec", "SandboxSettings", "serve"]


def serve(settings: SandboxSettings) -> None:
    """Serve until a signal to end, then stop everything; raise ReconcilerError."""
    from .server import run_sandbox

    run_sandbox(settings)
