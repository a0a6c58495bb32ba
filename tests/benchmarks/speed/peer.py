"""octoDNS on PowerDNS: a tool of the same sort, on as many flat records as we have resources.

Both are put into a temporary folder: octoDNS by pip, PowerDNS out of the packages of Debian, unless
it is installed. Nothing of it is left behind.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.benchmarks.speed.process import Launcher, Taken, launcher
from tests.benchmarks.speed.results import Row

LIBRARIES = ("octodns==1.22.0", "octodns-powerdns==1.2.0")
PACKAGES = ("pdns-server", "pdns-backend-sqlite3", "libluajit-5.1-2")
ADVICE = "PowerDNS is needed: apt-get install pdns-server pdns-backend-sqlite3"
KEY = "bench"
ZONE = "example.test."
WHO = "octodns"
NUMBER = 9_999

SERVER = """
launch=gsqlite3
gsqlite3-database={home}/pdns.sqlite
module-dir={modules}
local-address=127.0.0.1
local-port={dns}
api=yes
api-key={key}
webserver=yes
webserver-address=127.0.0.1
webserver-port={http}
webserver-allow-from=127.0.0.1
socket-dir={home}
daemon=no
guardian=no
"""
CONFIG = """
providers:
  config:
    class: octodns.provider.yaml.YamlProvider
    directory: {home}/zones
    default_ttl: 3600
    enforce_order: false
  powerdns:
    class: octodns_powerdns.PowerDnsProvider
    host: 127.0.0.1
    port: {http}
    api_key: {key}
zones:
  {zone}:
    sources: [config]
    targets: [powerdns]
"""


@dataclass(frozen=True, slots=True)
class Program:
    """PowerDNS: its server, the folder of its backends, its tables, and where its libraries are."""

    server: Path
    modules: Path
    schema: Path
    libraries: Path


def peer(number: int) -> Iterator[Row]:
    """Plan so many creates, apply them, and plan again."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="reconciler-peer-")))
        sync = [str(_octodns(home)), "--config-file", str(home / "config.yaml")]
        http = stack.enter_context(_powerdns(home))
        _write(home, number, http)
        start = stack.enter_context(launcher(home, {}))
        creates = f"Creates={number},"
        yield Row("plan-create", number, WHO, _run(start, sync, creates))
        yield Row("create", number, WHO, _run(start, [*sync, "--doit", "--force"], creates))
        yield Row("plan", number, WHO, _run(start, sync, "No changes were planned"))


def _run(start: Launcher, words: list[str], said: str) -> Taken:
    """Run it, and see that it did what is measured."""
    taken = start.run(words)
    output = (start.folder / "output.txt").read_text("utf-8")
    if said not in output:
        raise RuntimeError(f"octoDNS did not say {said!r}:\n{output[-2000:]}")
    return taken


def _write(home: Path, number: int, http: int) -> None:
    records = "".join(f"guest-{n:06}: {{type: A, value: 192.0.2.{n % 250 + 1}}}\n"
                      for n in range(number))  # fmt: skip
    (home / "zones").mkdir()
    (home / "zones" / f"{ZONE}yaml").write_text(f"---\n{records}", "utf-8")
    (home / "config.yaml").write_text(CONFIG.format(home=home, http=http, key=KEY, zone=ZONE))


def _octodns(home: Path) -> Path:
    venv.create(home / "venv", with_pip=True)
    words = [str(home / "venv/bin/python"), "-m", "pip", "install", "-qq"]
    subprocess.run([*words, "--disable-pip-version-check", *LIBRARIES], check=True)
    return home / "venv" / "bin" / "octodns-sync"


@contextmanager
def _powerdns(home: Path) -> Iterator[int]:
    """Run PowerDNS with an empty database while the block lasts; gives the port of its API."""
    program, http = _program(home), _spare_port()
    with sqlite3.connect(home / "pdns.sqlite") as database:
        database.executescript(program.schema.read_text("utf-8"))
    settings = SERVER.format(
        home=home, modules=program.modules, dns=_spare_port(), http=http, key=KEY
    )
    (home / "pdns.conf").write_text(settings, "utf-8")
    words = [str(program.server), f"--config-dir={home}"]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(program.libraries)}
    with (home / "pdns.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
    try:
        _wait(http, process, home / "pdns.log")
        yield http
    finally:
        process.terminate()
        process.wait(30)


def _program(home: Path) -> Program:
    """Find PowerDNS on this machine; else take it out of Debian's packages."""
    installed = shutil.which("pdns_server") or shutil.which("pdns_server", path="/usr/sbin")
    root = Path("/") if installed else _unpacked(home)
    modules = sorted(root.glob("usr/lib/*/pdns/libgsqlite3backend.so"))
    schemas = sorted(root.glob("usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql"))
    if not modules or not schemas:
        raise SystemExit(ADVICE)
    server = Path(installed) if installed else root / "usr/sbin/pdns_server"
    return Program(server, modules[0].parent, schemas[0], modules[0].parent.parent)


def _unpacked(home: Path) -> Path:
    folder = home / "packages"
    folder.mkdir()
    try:
        words = ["apt-get", "download", "-qq", *PACKAGES]
        subprocess.run(words, cwd=folder, check=True, stderr=subprocess.DEVNULL)
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg", "-x", str(package), str(home / "root")], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"{ADVICE} ({error})") from error
    return home / "root"


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(http: int, process: subprocess.Popen[bytes], log: Path) -> None:
    address = f"http://127.0.0.1:{http}/api/v1/servers/localhost"
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urlopen(Request(address, headers={"X-API-Key": KEY}), timeout=2).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"PowerDNS did not start:\n{log.read_text('utf-8', 'replace')}")


if __name__ == "__main__":
    for row in peer(int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER):
        print(row)
