"""Traces of a run: what arrives at a collector, what never does, and what a bad collector costs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.telemetry.settings import UnsupportedError, asks_for_traces
from tests.collector import collecting
from tests.commandline import Finished, Workspace, run_alone
from tests.front import Forward, Reply, Request, front
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.test_startup import imported

pytestmark = pytest.mark.slow

PLAIN = "contacts:\n  jane:\n    first_name: Zq-Jane\n    email: zq.jane@example.com\n"
NOWHERE = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
WARNING = "warning: traces were not sent, or not all of them; look at OTEL_EXPORTER_OTLP_ENDPOINT\n"
ABOVE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def traced(workspace: Workspace, command: str, *options: str, **more: str) -> Finished:
    """Run a command in a process of its own."""
    return run_alone(
        command, workspace.folder, *options, environment={**workspace.environment, **more}
    )


def test_a_run_is_a_trace_of_stages_and_requests(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(PLAIN)
    with collecting() as collector:
        done = traced(workspace, "apply", "--auto-approve", **collector.environment)
        assert (done.code, done.err) == (0, "contacts.jane: created\n")
        root = collector.one("reconciler apply")
        stages = [span.name for span in collector.children(root) if not span.is_request]
        assert stages == ["load", "validate", "plan", "approve", "apply"]
        plan, apply = collector.one("plan"), collector.one("apply")
        parts = [span.name for span in collector.children(plan) if not span.is_request]
        assert parts == ["read", "match", "read", "match", "diff", "order"]
        assert apply.facts["reconciler.done"] == 1
        [post] = [span for span in collector.children(apply) if span.name == "POST /contacts"]
        assert post.is_request
        assert post.facts["http.request.method"] == "POST"
        assert post.facts["url.path"] == "/contacts"
        assert post.facts["http.response.status_code"] == 201
        assert post.facts["http.request.resend_count"] == 0
        assert int(post.facts["http.request.body.size"]) > 0
        assert {span.trace for span in collector.spans()} == {root.trace}
        assert (root.parent, root.facts) == ("", {"reconciler.exit_code": 0})


def test_no_value_no_key_and_no_address_is_in_a_trace(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(PLAIN)
    with collecting() as collector:
        traced(workspace, "apply", "--auto-approve", **collector.environment)
        text = b"".join(collector.bodies).lower()
        known = {span.name for span in collector.spans()}
        assert "GET /contacts" in known  # the natural key was asked for
        for secret in (b"jane", organization.key.encode(), organization.id.encode()):
            assert secret not in text
        assert str(workspace.folder).encode() not in text


def test_what_sends_is_named_and_the_environment_has_the_last_word(workspace: Workspace) -> None:
    workspace.write(PLAIN)
    sdk = {"telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version"}
    own = {"service.name": "reconciler", "service.version": __version__}
    renamed = {
        "OTEL_SERVICE_NAME": "villas",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=ci",
    }
    for more, expected in (
        ({}, own),
        (renamed, {**own, "service.name": "villas", "deployment.environment": "ci"}),
    ):
        with collecting() as collector:
            traced(workspace, "plan", **collector.environment, **more)
            resource = dict(collector.one("plan").resource)
            assert {resource.pop(name) for name in sdk} >= {"opentelemetry", "python"}
            resource.pop("service.instance.id", None)  # made up for each process
            assert resource == expected


def test_what_called_us_is_the_parent(workspace: Workspace) -> None:
    workspace.write(PLAIN)
    with collecting() as collector:
        traced(workspace, "plan", **collector.environment, TRACEPARENT=ABOVE)
        root = collector.one("reconciler plan")
        assert (root.trace, root.parent) == tuple(ABOVE.split("-")[1:3])


@pytest.mark.parametrize("above", ["nonsense", "", f"{ABOVE}-more"])
def test_a_parent_that_is_none_is_left_out(above: str, workspace: Workspace) -> None:
    workspace.write(PLAIN)
    with collecting() as collector:
        traced(workspace, "plan", **collector.environment, TRACEPARENT=above)
        assert collector.one("reconciler plan").parent == ""


def test_retries_and_errors_are_in_a_trace(workspace: Workspace) -> None:
    workspace.write(PLAIN)
    unwell = [Reply(503, b"{}")]

    def refusing(request: Request, forward: Forward) -> Reply:
        if request.kind == "contacts" and unwell:
            return unwell.pop()
        return Reply(403, b"{}") if request.kind == "coupons" else forward(request)

    with (
        front(refusing, workspace.environment["BOOKINGMOOD_API_URL"]) as url,
        collecting() as collector,
    ):
        more = {**collector.environment, "BOOKINGMOOD_API_URL": url}
        traced(workspace, "plan", **more)
        again = [s for s in collector.spans() if s.facts.get("http.request.resend_count") == 1]
        assert [span.name for span in again] == ["GET /contacts"]
        refused = [s for s in collector.spans() if s.facts.get("http.response.status_code") == 403]
        assert {(span.name, span.failed) for span in refused} == {("GET /coupons", True)}


def test_a_stage_that_failed_says_by_which_error(workspace: Workspace) -> None:
    workspace.write("contacts: {jane: {email: [1]}}")
    with collecting() as collector:
        assert traced(workspace, "plan", **collector.environment).code == 1
        validate = collector.one("validate")
        assert validate.failed
        assert validate.facts["error.type"] == "InvalidConfigurationError"
        assert collector.one("reconciler plan").facts == {"reconciler.exit_code": 1}


@pytest.mark.parametrize("status", [500, 302, 400])
def test_a_collector_that_takes_nothing_costs_a_line(status: int, workspace: Workspace) -> None:
    workspace.write(PLAIN)
    quiet = traced(workspace, "plan")
    with collecting(status=status) as collector:
        done = traced(workspace, "plan", **collector.environment)
    assert (done.code, done.out, done.err) == (quiet.code, quiet.out, quiet.err + WARNING)


def test_a_collector_that_is_not_there_costs_a_line(workspace: Workspace) -> None:
    workspace.write(PLAIN)
    done = traced(workspace, "plan", **NOWHERE)
    assert (done.code, done.err) == (0, WARNING)


def test_a_collector_that_is_silent_holds_nobody_up(workspace: Workspace) -> None:
    workspace.write(PLAIN)
    with collecting(silent=True) as collector:  # it answers when the run is over, and not before
        done = traced(workspace, "plan", **collector.environment)
        assert collector.bodies
        assert not collector.released.is_set()
    assert (done.code, done.err) == (0, WARNING)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_interrupted_is_told(number: signal.Signals, workspace: Workspace) -> None:
    workspace.write(PLAIN)
    ended: list[int] = []
    with collecting() as collector:

        def interrupting(request: Request, forward: Forward) -> Reply:
            if request.kind == "coupons" and not ended:
                ended.append(process.pid)
                os.kill(process.pid, number)
                process.wait(60)
            return forward(request)

        with front(interrupting, workspace.environment["BOOKINGMOOD_API_URL"]) as url:
            environment = {**workspace.environment, **collector.environment}
            process = subprocess.Popen(
                [sys.executable, "-m", "reconciler", "plan", workspace.folder],
                env={**os.environ, **environment, "BOOKINGMOOD_API_URL": url},
                cwd=ROOT,
                stderr=subprocess.PIPE,
            )
            process.communicate(timeout=60)
        assert ended
        assert process.returncode == (130 if number is signal.SIGINT else -number)
        read = collector.one("read")
        assert read.failed
        assert collector.one("reconciler plan").id == collector.one("plan").parent


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "x"}, False),
        ({ENDPOINT: ""}, False),
        ({ENDPOINT: "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://x"}, False),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://x"}, False),
        ({"OTEL_SDK_DISABLED": "true", ENDPOINT: "http://x"}, False),
        ({"OTEL_SDK_DISABLED": "TRUE ", ENDPOINT: "http://x"}, False),
        ({"OTEL_SDK_DISABLED": "no", ENDPOINT: "http://x"}, True),
        ({ENDPOINT: "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
    ],
    ids=str,
)
def test_the_environment_asks_for_traces(environment: dict[str, str], asked: bool) -> None:
    assert asks_for_traces(environment) is asked


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"OTEL_TRACES_EXPORTER": "console"}, "OTEL_TRACES_EXPORTER can be otlp or none"),
        ({"OTEL_TRACES_EXPORTER": "otlp,zipkin"}, "OTEL_TRACES_EXPORTER can be otlp or none"),
        (
            {ENDPOINT: "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL can be http/protobuf",
        ),
    ],
    ids=["console", "zipkin", "grpc"],
)
def test_what_we_have_not_is_said(environment: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=words):
        asks_for_traces(environment)
    done = run_alone("validate", tmp_path, environment=environment)
    assert f"warning: no traces: {words}\n" in done.err


@pytest.mark.parametrize(
    ("environment", "loaded"),
    [({}, False), ({"OTEL_SERVICE_NAME": "x"}, False), (NOWHERE, True)],
    ids=["nothing", "a name", "an address"],
)
def test_the_libraries_are_loaded_only_where_they_are_asked_for(
    environment: dict[str, str], loaded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    modules = imported("-m", "reconciler", "validate", str(ROOT / "examples" / "links"))
    assert ("opentelemetry" in modules) is loaded
    assert ("reconciler.telemetry" in modules) is bool(environment)


def test_nothing_is_sent_where_nobody_asked(workspace: Workspace) -> None:
    workspace.write(PLAIN)
    with collecting() as collector:
        off = {**collector.environment, "OTEL_SDK_DISABLED": "true"}
        assert traced(workspace, "plan", **off).err == ""
        assert collector.bodies == []
