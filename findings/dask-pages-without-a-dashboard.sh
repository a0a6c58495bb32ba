#!/bin/sh
# distributed 2026.8.0: LocalCluster() has a web server on all addresses, port 8787. Its documentation
# says "Set to None to disable the dashboard", so dashboard_address=None is taken to close that port.
# The drawings are gone, the server is not: it still has port 8787, now on this machine, and shows
# every user of it the tasks by their keys, the workers and the call stacks. Only a list of routes
# that is empty leaves nothing to see, and only an address with port 0 leaves 8787 to others.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check distributed==2026.8.0
cat > "$folder/look.py" <<'PYTHON'
import sys
import urllib.error
import urllib.request

import dask
import distributed
from distributed import Client, LocalCluster

PATHS = ("/health", "/json/counts.json", "/info/main/workers.html")


def answers(**options: object) -> list[int]:
    """Ask for pages while a cluster is there."""
    with LocalCluster(n_workers=0, processes=True, **options) as cluster, Client(cluster):
        port = cluster.scheduler.http_server.port
        print(f"seen: {options} listens on port {port}")
        return [status(f"http://127.0.0.1:{port}{path}") for path in PATHS]


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


if __name__ == "__main__":
    print("distributed", distributed.__version__)
    print("expected: with dashboard_address=None nothing listens")
    off = answers(dashboard_address=None)
    print(f"seen: {dict(zip(PATHS, off))}")
    dask.config.set({"distributed.scheduler.http.routes": []})
    none = answers(dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False})
    print(f"seen without routes: {dict(zip(PATHS, none))}")
    sys.exit((off, none) != ([200] * 3, [404] * 3))
PYTHON
"$folder/venv/bin/python" "$folder/look.py"
