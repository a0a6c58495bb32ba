"""Whether the environment asks for traces, as OpenTelemetry specifies it."""

from collections.abc import Mapping

PREFIX = "OTEL_"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL = "http/protobuf"


class UnsupportedError(Exception):
    """The environment asks for traces in a way that we have not; says what there is."""


def asks_for_traces(environment: Mapping[str, str]) -> bool:
    """Tell whether traces are to be sent; raises UnsupportedError where they cannot be.

    An exporter or an address asks for them. What is empty counts as not set.
    """
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    chosen = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    names = {name.strip() for name in chosen.split(",") if name.strip()}
    if names == {"none"} or not (names or any(environment.get(name) for name in _ENDPOINTS)):
        return False
    if names and names != {"otlp"}:
        raise UnsupportedError("OTEL_TRACES_EXPORTER can be otlp or none")
    protocol = next((environment[name] for name in _PROTOCOLS if environment.get(name)), _PROTOCOL)
    if protocol.strip().lower() != _PROTOCOL:
        raise UnsupportedError(f"OTEL_EXPORTER_OTLP_PROTOCOL can be {_PROTOCOL}")
    return True
