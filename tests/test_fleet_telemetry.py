"""Traces of fleets: one for a run, in which each organization has a span, from whichever worker."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import cast

import orjson
import pytest

from reconciler.spans import Span, stage
from reconciler.telemetry.worker import WorkerTraces
from tests.collector import Collected, Collector, collecting
from tests.commandline import Document, Finished, run_alone
from tests.fleets import NAMES, PAIRS, FleetFolder, ends
from tests.test_telemetry import ABOVE, WARNING

pytestmark = pytest.mark.slow
pytest.importorskip("distributed")

RUNNERS: Mapping[str, Sequence[str]] = {
    "processes": ("--jobs", "2"),
    "dask": ("--scheduler", "local", "--jobs", "2"),
}
BELOW = {"traceparent": ABOVE}


def traced(fleet: FleetFolder, command: str, *options: str, **more: str) -> Finished:
    """Run a command of a fleet in a process of its own."""
    environment = {**fleet.environment, **more}
    return run_alone("fleet", command, fleet.path, *options, environment=environment)


def below(collector: Collector, parent: Collected) -> list[Collected]:
    """Find all that is below a span, however deep."""
    children = collector.children(parent)
    return children + [span for child in children for span in below(collector, child)]


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_run_is_one_trace_with_a_span_for_each_organization(
    runner: str, fleet: FleetFolder
) -> None:
    with collecting() as collector:
        words = ("--auto-approve", "--format", "json", *RUNNERS[runner])
        done = traced(fleet, "apply", *words, **collector.environment)
        assert done.code == 0, done.all
        assert "warning" not in done.err
        spans, root = collector.spans(), collector.one("reconciler fleet apply")
        assert {span.trace for span in spans} == {root.trace}
        assert len({span.id for span in spans}) == len(spans)
        organizations = collector.children(root)
        assert {span.name for span in organizations} == {"apply organization"}
        assert {
            str(span.facts["reconciler.organization"]): span.facts for span in organizations
        } == {
            name: {
                "reconciler.organization": name,
                "reconciler.organization_id": fleet.organization(name).id,
                "reconciler.exit_code": 0,
            }
            for name in NAMES
        }
        report = cast("Document", orjson.loads(done.out))
        asked = {one["name"]: one["requests"] for one in ends(report)}
        for one in organizations:
            inside = below(collector, one)
            assert {"plan", "apply"} <= {span.name for span in inside}
            assert "POST /contacts" in {span.name for span in inside}
            number = sum(span.is_request for span in inside)
            assert number == asked[one.facts["reconciler.organization"]]


def test_no_value_and_no_key_is_in_a_trace(fleet: FleetFolder) -> None:
    fleet.write("reconciler: {stack: a-1}\ncontacts:\n  jo: {email: zq.jo@example.com}\n")
    (fleet.path / "orgs" / "bergen.yaml").write_text("contacts:\n  jo: {notes: Zq-Notes}\n")
    with collecting() as collector:
        done = traced(fleet, "apply", "--auto-approve", **collector.environment)
        assert done.code == 0, done.all
        text = b"".join(collector.bodies).lower()
        assert b"amalfi" in text
        keys = [pair.partition("=")[2].encode() for pair in PAIRS]
        for secret in (b"zq.jo", b"zq-notes", b"=eq.", b"example.com", b"contacts.jo", *keys):
            assert secret not in text
        assert str(fleet.path).encode().lower() not in text


def test_what_went_wrong_is_told_by_its_class(fleet: FleetFolder) -> None:
    with collecting() as collector:
        more = {**collector.environment, "BM_KEY_CORK": "wrong"}
        assert traced(fleet, "plan", **more).code == 1
        failed = [s for s in collector.spans() if s.name == "plan organization" and s.failed]
        named = [(s.facts["reconciler.organization"], s.facts["error.type"]) for s in failed]
        assert named == [("cork", "AuthorizationError")]


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_collector_that_is_silent_holds_nobody_up(runner: str, fleet: FleetFolder) -> None:
    quiet = traced(fleet, "plan")
    with collecting(silent=True) as collector:  # it answers when the run is over, and not before
        done = traced(fleet, "plan", *RUNNERS[runner], **collector.environment)
        assert collector.bodies
        assert not collector.released.is_set()
    assert (done.code, done.out, done.err) == (quiet.code, quiet.out, quiet.err + WARNING)


@pytest.mark.parametrize("above", [BELOW, {}], ids=["traced", "not traced"])
@pytest.mark.parametrize("asks", [True, False], ids=["asks", "asks not"])
@pytest.mark.parametrize("installed", [True, False], ids=["extra", "no extra"])
def test_a_worker_sends_where_command_and_environment_ask_for_it(
    above: Mapping[str, str], asks: bool, installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "reconciler.telemetry.traces", None)
    with collecting() as collector:
        for name, value in collector.environment.items() if asks else ():
            monkeypatch.setenv(name, value)
        traces = WorkerTraces(collector.environment if asks else {})
        for _ in range(2):
            with traces.of(Span("organization"), above), stage("inside"):
                pass
        asyncio.run(traces.close())
        sent = [span.name for span in collector.spans()]
    assert sent == (["inside", "organization"] * 2 if above and asks and installed else [])
