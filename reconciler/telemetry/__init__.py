"""Traces of a run for OpenTelemetry: switched on by ``OTEL_*``, the extra ``telemetry``."""
