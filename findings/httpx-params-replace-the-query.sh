#!/bin/sh
# In httpx 0.28.1 `params` is not added to the query of an address, it takes its place. So the filter
# in /bookings?id=eq.5 is gone as soon as params are given with the request, an empty {} included, or
# once for the whole client. On an API where the query says which rows are meant, that is a DELETE of
# all of them. requests 2.34.2 adds.
# Prints what is seen; exits 1 when that has changed. Nothing is sent.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 requests==2.34.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import httpx
import requests

URL = "http://localhost/bookings?id=eq.5"
print("httpx", httpx.__version__, "requests", requests.__version__)
print("expected: id=eq.5 in each")
seen = {
    "requests, params of the request": requests.Request(
        "DELETE", URL, params={"limit": 1}
    ).prepare().url,
    "params of the request": httpx.Request("DELETE", URL, params={"limit": 1}).url,
    "empty params": httpx.Request("DELETE", URL, params={}).url,
    "params of the client": httpx.Client(params={"limit": 1}).build_request("DELETE", URL).url,
}
for what, url in seen.items():
    print(f"seen: {what}: {url}")
kept = ["id=eq.5" in str(url) for url in seen.values()]
sys.exit(kept != [True, False, False, False])
PYTHON
