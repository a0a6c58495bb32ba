"""What must hold of a fleet whatever happens: its keys, and who is written to after a mistake.

Each command begins a process of its own, so all of it is done in one. The rest is in
``test_fleet.py``.
"""

from pathlib import Path

import orjson

from tests.fleets import CHANGED, ONE, OTHERS, FleetFolder, all_of, ends
from tests.front import Forward, Reply, Request, Rule, front

QUICK = ("--retry-for", "0.5", "--timeout", "5")


# -- keys -----------------------------------------------------------------------------------------


def test_no_key_is_shown_anywhere(fleet: FleetFolder, tmp_path: Path) -> None:
    said = [
        fleet.run("plan", *ONE, "--format", "json", "--out", tmp_path / "plan.json").all,
        fleet.run("apply", *ONE, "--auto-approve", BM_KEY_CORK="not-a-key").all,
        fleet.run("undo", *ONE, "--auto-approve", "--format", "json").all,
    ]
    files = [path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    for text in (*said, *files):
        assert not any(secret in text for secret in ("secret-key", "not-a-key"))


def test_a_key_of_another_organization_is_asked_one_thing(fleet: FleetFolder) -> None:
    seen: list[tuple[str, str]] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append((request.headers["authorization"], request.kind))
        return forward(request)

    with front(rule, fleet.server.sandbox.url) as url:
        options = (*ONE, "--api-url", url, "--select", "delft")
        done = fleet.run("apply", "--auto-approve", *options, BM_KEY_DELFT="secret-key-0")
    assert done.code == 1
    assert "the API key is of organization" in done.out
    assert seen == [("Bearer secret-key-0", "organizations")]


def test_one_source_for_two_is_refused_before_any_request(
    fleet: FleetFolder, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.yaml"
    keys.write_text("cork: {env: SHARED}\ndelft: {env: SHARED}\n")
    done = fleet.run("plan", "--keys", keys, "--api-url", "http://127.0.0.1:9")
    assert done.code == 1
    assert "cork and delft have one source of keys, the variable SHARED" in done.err


def test_keys_come_from_files_and_commands(fleet: FleetFolder, tmp_path: Path) -> None:
    (tmp_path / "delft").write_text("secret-key-3\n")
    keys = tmp_path / "keys.yaml"
    keys.write_text(
        "cork: {command: [printf, '%s', secret-key-2]}\n"
        f"delft: {{file: {tmp_path / 'delft'}}}\nevora: {{env: OF_EVORA}}\n"
    )
    gone = {f"BM_KEY_{name}": "" for name in ("CORK", "DELFT", "EVORA")}
    states = fleet.states("plan", *ONE, "--keys", keys, OF_EVORA="secret-key-4", **gone)
    assert states == all_of("pending")


# -- who is written to --------------------------------------------------------------------------


def refusing(key: str) -> Rule:
    """A rule that refuses the second of two creates of one organization."""
    made: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        ours = request.headers["authorization"].endswith(key)
        if ours and request.method in {"POST", "PATCH"}:
            made.append(request.target)
            if len(made) > 1:
                body = {"code": "23514", "message": "it breaks a rule", "details": None}
                return Reply(400, orjson.dumps(body), {"Content-Type": "application/json"})
        return forward(request)

    return rule


def test_what_fails_while_writing_in_the_canary_reaches_nobody_else(applied: FleetFolder) -> None:
    applied.write(CHANGED)
    before = applied.notes()
    with front(refusing("secret-key-0"), applied.server.sandbox.url) as url:
        states = applied.states("apply", *ONE, "--auto-approve", "--api-url", url)
    assert states == {"amalfi": "failed", **dict.fromkeys(OTHERS, "skipped")}
    after = applied.notes()
    assert {name: after[name] for name in OTHERS} == {name: before[name] for name in OTHERS}
    assert after["amalfi"] == "n1,n2"

    done = applied.run("apply", *ONE, "--auto-approve")  # the cure came: it goes on where it was
    assert done.code == 0, done.all
    assert applied.notes() == all_of("n2,n2", bergen="bergen,n2")


def test_what_went_wrong_before_writing_stops_nothing(fleet: FleetFolder) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        if request.headers["authorization"].endswith("secret-key-4"):
            return Reply(503)
        return forward(request)

    with front(rule, fleet.server.sandbox.url) as url:
        options = (*ONE, "--auto-approve", "--api-url", url, *QUICK)
        report = fleet.report("apply", *options, BM_KEY_AMALFI="bad")
    states = {str(one["name"]): one["state"] for one in ends(report)}
    assert states == all_of("done", amalfi="not started", evora="not started")
    assert report["exit_code"] == 5
    assert {one["name"] for one in ends(report) if one["error"]} == {"amalfi", "evora"}


def test_so_many_that_did_not_start_stop_the_rest(fleet: FleetFolder) -> None:
    text = (fleet.path / "fleet.yaml").read_text()
    (fleet.path / "fleet.yaml").write_text(text + "  stop_after: {not_started: 1}\n")
    states = fleet.states("apply", *ONE, "--auto-approve", BM_KEY_AMALFI="bad")
    assert states == {"amalfi": "not started", **dict.fromkeys(OTHERS, "skipped")}
