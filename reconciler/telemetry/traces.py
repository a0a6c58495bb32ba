"""What a trace holds, and its way to a collector; loads the libraries of OpenTelemetry."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .. import __version__
from ..spans import Fact, Span

LONGEST_CLOSE = 2.0
"""Seconds that the end of a run may wait for a collector."""
SCHEDULE = 1000
"""Milliseconds after which ended spans are sent: so much is lost of a run that is killed."""
_ATTRIBUTES: Mapping[str, str] = {
    "method": "http.request.method",
    "path": "url.path",
    "status": "http.response.status_code",
    "retries": "http.request.resend_count",
    "sent": "http.request.body.size",
    "received": "http.response.body.size",
}
"""Facts of requests, as the conventions of OpenTelemetry call them."""
_REFUSED = 400
_W3C = TraceContextTextMapPropagator()


class Traces:
    """Hears of the parts of a run, and makes spans of them."""

    def __init__(self, above: Mapping[str, str]) -> None:
        """Begin below what ``above`` says in the words of W3C, if it says anything.

        What a wrong setting makes the libraries raise is raised.
        """
        _silence()
        self._exporter = _Watched(OTLPSpanExporter(session=_session()))
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(self._exporter, schedule_delay_millis=SCHEDULE)
        )
        self._tracer = self._provider.get_tracer("reconciler", __version__)
        self._above = _W3C.extract(above, context=Context())
        self._open: dict[Span, OtelSpan] = {}
        self._closed = False

    def begun(self, span: Span) -> None:
        """Begin a span, inside the one that its part is in."""
        inside = self._open.get(span.parent) if span.parent else None
        self._open[span] = self._tracer.start_span(
            span.name,
            context=set_span_in_context(inside, Context()) if inside else self._above,
            kind=SpanKind.CLIENT if span.is_request else SpanKind.INTERNAL,
        )

    def context_of(self, span: Span) -> dict[str, str]:
        """Say for other processes, in the words of W3C, what is below an open span."""
        said: dict[str, str] = {}
        _W3C.inject(said, set_span_in_context(self._open[span], Context()))
        return said

    def ended(self, span: Span) -> None:
        """End its span, with what is known of it; no text of an error, which may hold values."""
        if open_one := self._open.pop(span, None):
            self._end(open_one, span, span.error)

    def _end(self, open_one: OtelSpan, span: Span, error: str | None) -> None:
        for name, fact in span.facts.items():
            if fact is not None:
                open_one.set_attribute(_attribute(span, name), fact)
        if error:
            open_one.set_attribute("error.type", error)
        status: Fact = span.facts.get("status")
        if error or (isinstance(status, int) and status >= _REFUSED):
            open_one.set_status(Status(StatusCode.ERROR))
        open_one.end()

    def close(self, tell: Callable[[str], None]) -> None:
        """End what is open, and wait for the collector for a while, but no longer."""
        if self._closed:
            return
        self._closed = True
        sending = threading.Thread(target=self._send_rest, daemon=True)
        sending.start()
        with suppress(KeyboardInterrupt):  # somebody has no patience for it
            sending.join(LONGEST_CLOSE)
        if sending.is_alive() or self._exporter.lost:
            tell(
                "warning: traces were not sent, or not all of them;"
                " look at OTEL_EXPORTER_OTLP_ENDPOINT"
            )

    def _send_rest(self) -> None:
        """In a thread, since a signal may come while the libraries hold a lock."""
        for span, open_one in reversed(self._open.copy().items()):
            self._end(open_one, span, "interrupted")
        self._provider.shutdown()


class _Watched(SpanExporter):
    """Counts the spans that did not arrive: the libraries only log that."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self.lost = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans."""
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self.lost += len(spans)
        return result

    def shutdown(self) -> None:
        """Send no more."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Do nothing: nothing is kept here."""
        return True


def _session() -> requests.Session:
    """Make what sends; it takes a redirect for a failure, where the exporter takes it for success.

    It does not follow one, so the spans would be gone.
    """
    session = requests.Session()
    session.hooks["response"].append(_refuse_redirect)
    return session


def _refuse_redirect(response: requests.Response, *_: object, **__: object) -> None:
    if 300 <= response.status_code < _REFUSED:
        raise requests.RequestException("the collector redirects")


def _resource() -> Resource:
    """Say what sends: the environment may call it otherwise, and add to it."""
    own = {"service.name": "reconciler", "service.version": __version__}
    return Resource.create({**own, **OTELResourceDetector().detect().attributes})


def _attribute(span: Span, fact: str) -> str:
    return _ATTRIBUTES.get(fact, fact) if span.is_request else f"reconciler.{fact}"


def _silence() -> None:
    """Let the libraries log nothing: what people have to know is one line at the end."""
    logger = logging.getLogger("opentelemetry")
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
