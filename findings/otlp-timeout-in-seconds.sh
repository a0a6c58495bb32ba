#!/bin/sh
# OTEL_EXPORTER_OTLP_TIMEOUT is in milliseconds, says OpenTelemetry's specification, and 10000 is its
# default. The exporter for Python, opentelemetry-exporter-otlp-proto-http 1.45.2, takes seconds: with
# 10000 it would wait for nearly three hours. The same value in an environment means something else to
# each program in it.
# Prints what is seen; exits 1 when that has changed. 1 is tried: a millisecond, or a second.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  opentelemetry-sdk==1.45.2 opentelemetry-exporter-otlp-proto-http==1.45.2
OTEL_EXPORTER_OTLP_TIMEOUT=1 "$folder/venv/bin/python" - <<'PYTHON'
import logging
import socket
import sys
import time

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider

logging.disable()
silent = socket.create_server(("127.0.0.1", 0))  # takes connections, and says nothing
port = silent.getsockname()[1]
span = TracerProvider(shutdown_on_exit=False).get_tracer("x").start_span("x")
span.end()
exporter = OTLPSpanExporter(endpoint=f"http://127.0.0.1:{port}/v1/traces")
began = time.monotonic()
result = exporter.export([span])
took = time.monotonic() - began
print("expected: FAILURE after about a millisecond")
print(f"seen: {result.name} after {took:.1f} s")
sys.exit(not (result.name == "FAILURE" and took > 0.9))
PYTHON
