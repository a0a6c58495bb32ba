#!/bin/sh
# A collector that answers with a redirect, from http to https for example, has taken no spans: the
# exporter of opentelemetry-exporter-otlp-proto-http 1.45.2 does not follow it, and says SUCCESS. Nothing
# is logged, and nothing is sent again. OTLP counts 2xx as success.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  opentelemetry-sdk==1.45.2 opentelemetry-exporter-otlp-proto-http==1.45.2
"$folder/venv/bin/python" - <<'PYTHON'
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider

asked = []


class Redirecting(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        asked.append(self.path)
        self.send_response(301)
        self.send_header("Location", "/elsewhere/v1/traces")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        asked.append(f"GET {self.path}")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


logged = []
handler = logging.Handler()
handler.emit = lambda record: logged.append(record.getMessage())
logging.getLogger().addHandler(handler)
server = HTTPServer(("127.0.0.1", 0), Redirecting)
threading.Thread(target=server.serve_forever, daemon=True).start()
span = TracerProvider(shutdown_on_exit=False).get_tracer("x").start_span("x")
span.end()
exporter = OTLPSpanExporter(endpoint=f"http://127.0.0.1:{server.server_port}/v1/traces")
result = exporter.export([span])
server.shutdown()
print("expected: the redirect is followed with a POST, or FAILURE")
print(f"seen: {result}; asked for {asked}; logged {logged}")
sys.exit((result.name, asked, logged) != ("SUCCESS", ["/v1/traces"], []))
PYTHON
