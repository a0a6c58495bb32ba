"""The API on your own machine: all kinds, on a real PostgreSQL, answered as PostgREST 11.1 does.

Everything heavy is imported when a sandbox is started, not when this package is.
"""

from .settings import KeySpec, SandboxSettings

__all__ = ["KeySpec", "SandboxSettings", "serve"]


def serve(settings: SandboxSettings) -> None:
    """Serve until SIGINT or SIGTERM, then stop everything; raise ReconcilerError."""
    from .server import run_sandbox

    run_sandbox(settings)
