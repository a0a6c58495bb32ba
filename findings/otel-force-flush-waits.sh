#!/bin/sh
# `force_flush(timeout_millis=200)` of opentelemetry-sdk 1.45.2 does not give up after 200 ms: it waits
# until the exporter is done, however long that takes, and says True, also where the exporter failed. A
# program that flushes before it ends is held up by a slow collector.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opentelemetry-sdk==1.45.2
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import time

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult


class Slow(SpanExporter):
    def export(self, spans):
        time.sleep(2)
        return SpanExportResult.FAILURE

    def shutdown(self):
        pass


provider = TracerProvider(shutdown_on_exit=False)
provider.add_span_processor(BatchSpanProcessor(Slow()))
provider.get_tracer("x").start_span("x").end()
began = time.monotonic()
flushed = provider.force_flush(timeout_millis=200)
took = time.monotonic() - began
print("expected: False after 0.2 s")
print(f"seen: {flushed} after {took:.1f} s")
sys.exit(not (flushed is True and took > 1.5))
PYTHON
