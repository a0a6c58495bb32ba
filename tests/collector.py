"""A collector of OpenTelemetry for tests: an HTTP server that decodes OTLP, as any other would."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Received

Value = str | int


@dataclass(frozen=True, slots=True)
class Collected:
    """A span that arrived."""

    name: str
    id: str
    parent: str
    trace: str
    is_request: bool
    failed: bool
    facts: Mapping[str, Value]
    resource: Mapping[str, Value]

    @classmethod
    def of(cls, span: Received, resource: Mapping[str, Value]) -> "Collected":
        """Take a span apart."""
        return cls(
            span.name,
            span.span_id.hex(),
            span.parent_span_id.hex(),
            span.trace_id.hex(),
            span.kind == Received.SPAN_KIND_CLIENT,
            span.status.code == 2,
            _facts(span.attributes),
            resource,
        )


@dataclass(slots=True)
class Collector:
    """What arrived: the bodies as they were, and the spans in them, in the order of their ends."""

    url: str = ""
    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def environment(self) -> dict[str, str]:
        """The settings that send traces here."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url}

    def spans(self) -> list[Collected]:
        """Decode everything that arrived."""
        return [span for body in self.bodies for span in _spans(body)]

    def one(self, name: str) -> Collected:
        """Find the only span of a name."""
        [span] = [span for span in self.spans() if span.name == name]
        return span

    def children(self, parent: Collected) -> list[Collected]:
        """Find what is right below a span."""
        return [span for span in self.spans() if span.parent == parent.id]


@contextmanager
def collecting(*, status: int = 200, silent: bool = False) -> Iterator[Collector]:
    """Run one while the block lasts; it answers with ``status``, or not before the end."""
    collector = Collector(status=status)
    if not silent:
        collector.released.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            collector.released.wait()
            body = ExportTraceServiceResponse().SerializeToString()
            self.send_response(collector.status)
            if 300 <= collector.status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        collector.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield collector
        finally:
            collector.released.set()
            server.shutdown()
            thread.join()


def _spans(body: bytes) -> Iterator[Collected]:
    for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = _facts(of_resource.resource.attributes)
        for scope in of_resource.scope_spans:
            for span in scope.spans:
                yield Collected.of(span, resource)


def _facts(attributes: object) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for pair in cast("list[KeyValue]", attributes):
        which = pair.value.WhichOneof("value")
        found[pair.key] = getattr(pair.value, which) if which else ""
    return found
