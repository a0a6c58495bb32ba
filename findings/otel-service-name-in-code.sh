#!/bin/sh
# OTEL_SERVICE_NAME is how an operator names a service without touching its code. Where the code gives a
# name of its own to Resource.create of opentelemetry-sdk 1.45.2, as a default, the code wins. Attributes of
# OTEL_RESOURCE_ATTRIBUTES lose in the same way.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opentelemetry-sdk==1.45.2
OTEL_SERVICE_NAME=operator OTEL_RESOURCE_ATTRIBUTES=service.version=7 \
  "$folder/venv/bin/python" - <<'PYTHON'
import sys

from opentelemetry.sdk.resources import Resource

given = {"service.name": "program", "service.version": "1"}
found = Resource.create(given).attributes
seen = (found["service.name"], found["service.version"])
print("expected: ('operator', '7'), as the environment says")
print(f"seen: {seen}")
sys.exit(seen != ("program", "1"))
PYTHON
