"""Which Dask scheduler is asked, and how: over TLS, or on this machine.

Whoever reaches a scheduler runs programs as its workers do. So plain TCP is for this machine alone,
and a cluster that is begun here takes certificates that nobody else has.
"""

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..client.connection import is_loopback
from ..diagnostics import UsageError
from ..diagnostics.installing import how_to_install

LOCAL = "local"
PATIENCE = 10.0
"""Seconds to reach a scheduler."""
WORKERS = 60.0
"""Seconds until a first worker has to be there."""
_HINT = "give tls://HOST:PORT, or `local` for a cluster of this machine"


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Where tasks are given to: ``local``, or an address, with the files for TLS."""

    address: str
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what others could listen to, or reach; raises UsageError."""
        if self.is_local:
            return
        try:
            parts = urlsplit(self.address)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host or port is None or parts.scheme not in {"tls", "tcp"}:
            raise UsageError(f"{self.address!r} is no address of a scheduler", hint=_HINT)
        if parts.scheme == "tcp" and not is_loopback(host):
            raise UsageError(
                f"{self.address} is plain TCP to another machine: whoever is between could run"
                " programs on every worker, and read its keys",
                hint="give the scheduler certificates, and its address as tls://HOST:PORT",
            )

    @property
    def is_local(self) -> bool:
        """Tell whether a cluster is begun for the run, on this machine."""
        return self.address == LOCAL

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether workers may be on other machines."""
        return self.address.startswith("tls:")

    def check_workers(self, addresses: Iterable[str]) -> None:
        """Refuse workers of other machines where nothing is encrypted; raises UsageError."""
        for address in addresses if not self.is_elsewhere else ():
            if not is_loopback(urlsplit(address).hostname or ""):
                raise UsageError(
                    f"the worker {address} is on another machine, and the scheduler has no TLS",
                    hint="give the cluster certificates, and its address as tls://HOST:PORT",
                )

    def security(self) -> Any:
        """Give what Dask takes for TLS; what is not given is in Dask's own configuration."""
        from distributed import Security

        if not self.is_elsewhere:
            return Security()
        given = {
            "tls_ca_file": self.ca,
            "tls_client_cert": self.certificate,
            "tls_client_key": self.key,
        }
        files = {name: str(path) for name, path in given.items() if path}
        return Security(require_encryption=True, **files)


@asynccontextmanager
async def connected(scheduler: Scheduler, *, jobs: int, threads: int) -> AsyncIterator[Any]:
    """Give a client of the cluster while the block lasts; raises UsageError."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask, which is not installed",
            hint=how_to_install("fleet"),
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if scheduler.is_local:
        async with _local(jobs, threads) as cluster, Client(cluster, asynchronous=True) as client:
            yield client
        return
    try:
        client = await Client(
            scheduler.address, security=scheduler.security(), asynchronous=True, timeout=PATIENCE
        )
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise UsageError(
            f"no scheduler answers at {scheduler.address}: {type(error).__name__}",
            hint="look at the address, the certificates, and whether `dask scheduler` runs there",
        ) from error
    async with client:
        try:
            await client.wait_for_workers(1, timeout=WORKERS)
        except TimeoutError:
            raise UsageError(
                f"{scheduler.address} has no worker",
                hint="begin some: `dask worker ADDRESS --nthreads 8`",
            ) from None
        yield client


def _local(jobs: int, threads: int) -> Any:
    """Begin a cluster of this machine; nothing of it answers others, or those without its keys."""
    import dask
    from distributed import LocalCluster, Security

    dask.config.set({f"distributed.{one}.http.routes": [] for one in _SERVE_PAGES})
    return LocalCluster(
        n_workers=jobs,
        threads_per_worker=threads,
        processes=True,
        asynchronous=True,
        host="127.0.0.1",
        protocol="tls://",
        security=Security.temporary(),
        # without an address its pages are on port 8787, or on the next one, all the same
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=logging.CRITICAL,
        preload=[f"{__package__}.desk"],
    )


_SERVE_PAGES = ("scheduler", "worker", "nanny")
