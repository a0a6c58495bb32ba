"""What people hear while they wait: bars where somebody watches, lines elsewhere."""

import io
from collections.abc import Callable

import pytest

from reconciler.diagnostics import ApiError, Problem
from reconciler.execution import Outcome, Report
from reconciler.execution.outcome import done, failed, skipped
from reconciler.render.errors import error_text
from reconciler.render.problems import problems_text
from reconciler.render.progress.bars import ChangesBar, ReadingBar
from reconciler.render.progress.changes import ChangesProgress
from reconciler.render.progress.reading import ReadingProgress
from reconciler.render.progress.watched import watched
from reconciler.render.report_text import outcome_line, progress_line
from tests.builders import change

ONE = change("create taxes.vat")


class Clock:
    """A clock that goes on by itself, a second with every look."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def watch(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Let somebody watch stderr, 80 columns wide; not as a fixture, pytest has its own stderr."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    for name in ("CI", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    return stream


@pytest.mark.parametrize(
    ("settled", "total", "seconds", "line"),
    [
        (1200, 5000, 3.5, "1,200 of 5,000 changes, 343/s, about 11 s left"),
        (10, 5000, 1, "10 of 5,000 changes, 10/s, about 8 min 19 s left"),
        (10, 50_000, 1, "10 of 50,000 changes, 10/s, about 1 h 23 min left"),
        (5000, 5000, 10, "5,000 of 5,000 changes, 500/s, about 0 s left"),
        (0, 1, 1, "0 of 1 change"),
        (3, 5, 0, "3 of 5 changes"),
    ],
)
def test_how_far_it_is(settled: int, total: int, seconds: float, line: str) -> None:
    assert progress_line(settled, total, seconds) == line


def settle(total: int, outcome: Callable[[int], Outcome]) -> ChangesProgress:
    found = ChangesProgress(total)
    for number in range(total):
        found.started(ONE)
        found.settled(outcome(number))
    return found


def test_a_small_run_is_told_change_by_change(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [done(ONE), failed(ONE, "no", "do it"), skipped(ONE, "because")]
    settle(3, outcomes.__getitem__).report(Report(tuple(outcomes), stopped=False))
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "taxes.vat: created",
        "taxes.vat: failed: no",
        "  hint: do it",
        "taxes.vat: skipped: because",
        "  hint: apply again once that is mended",
    ]
    assert out.startswith("Applied: 1 done, 1 failed, 1 skipped.")


def test_what_ended_alike_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    taken = 'duplicate key value violates unique constraint "{0}". Key (code)=({1}) already exists'
    outcomes = [
        *(failed(change(f"create taxes.t{n}"), taken.format("a", n), "do it") for n in range(200)),
        failed(ONE, taken.format("b", 1)),
        failed(change("create seasons.s"), taken.format("a", 1)),
        *(skipped(change(f"create tasks.t{n}"), f"taxes.t{n} was not done") for n in range(3)),
    ]
    settle(len(outcomes), outcomes.__getitem__).report(Report(tuple(outcomes), stopped=False))
    said = [
        line for line in capsys.readouterr().err.splitlines()
        if not line.startswith(("  hint: ", "0 of"))
    ]  # fmt: skip
    assert said == [
        f"taxes.t0: failed: {taken.format('a', 0)}",
        f"taxes.vat: failed: {taken.format('b', 1)}",
        f"seasons.s: failed: {taken.format('a', 1)}",
        "tasks.t0: skipped: taxes.t0 was not done",
        "199 more failed like taxes.t0: taxes.t1, taxes.t2, taxes.t3, taxes.t4, taxes.t5"
        " and 194 more",
        "2 more skipped like tasks.t0: tasks.t1, tasks.t2",
    ]


def test_a_large_run_is_told_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.monotonic", Clock())
    settle(201, lambda n: failed(ONE, "no") if n == 7 else done(ONE))
    lines = capsys.readouterr().err.splitlines()
    assert "taxes.vat: failed: no" in lines
    assert 50 < len(lines) < 110
    assert lines[0].startswith("3 of 201 changes, 1/s, about 3 min ")


def test_a_bar_is_drawn_where_somebody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = watch(monkeypatch)
    outcomes = [done(ONE) for _ in range(300)]
    running = settle(299, outcomes.__getitem__)
    assert "applying" in terminal.getvalue()
    running.report(Report(tuple(outcomes), stopped=False))
    assert terminal.getvalue().endswith("\x1b[2K")  # the bar is gone
    assert terminal.getvalue().count("\x1b[?25h") == 1  # and the cursor is back
    assert capsys.readouterr().out == "Applied: 300 done.\n"


def test_texts_stand_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)
    settle(2, lambda n: failed(ONE, "[bold]as it is[/bold] " + "x" * 100))
    shown = terminal.getvalue()
    assert "[bold]as it is[/bold] " + "x" * 100 in shown


@pytest.mark.parametrize(("variable", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_who_watches(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not watched()
    watch(monkeypatch)
    assert watched()
    monkeypatch.setenv(variable, value)
    assert not watched()


def test_reading_is_told_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.monotonic", Clock())
    reading = ReadingProgress()
    for _ in range(4):
        reading.arrived("contacts", 500)
    with reading:
        reading.tell("bookings", 1)
    reading.tell("bookings", 2)  # it is over, so nothing is said
    assert capsys.readouterr().err.splitlines() == [
        "reading contacts: 1,500 rows, 500/s",
    ]


def test_reading_moves_where_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)
    monkeypatch.setattr("reconciler.render.progress.reading.SECONDS_UNTOLD", -1)
    with ReadingProgress() as reading:
        reading.arrived("contacts", 1000)
        reading.arrived("bookings", 200)
    shown = terminal.getvalue()
    assert "reading" in shown
    assert "1,200 rows" in shown
    assert shown.endswith("\x1b[2K")


def test_a_short_read_is_not_worth_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)
    with ReadingProgress() as reading:
        reading.arrived("contacts", 1000)
    assert terminal.getvalue() == ""


def test_bars_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watch(monkeypatch)
    monkeypatch.setenv("NO_COLOR", "1")
    bar = ChangesBar(2)
    bar.advance()
    bar.stop()
    line = ReadingBar()
    line.tell("contacts", {"contacts": 3})
    line.stop()
    assert "1/2" in terminal.getvalue()
    assert "[38;5" not in terminal.getvalue()


def test_what_servers_say_steers_no_terminal() -> None:
    said = outcome_line(failed(ONE, "no\x1b[2J\u202e", "a\nb"))
    assert said == "taxes.vat: failed: no\\u001b[2J\\u202e\n  hint: a\\nb"
    error = ApiError("no\x07", method="GET", path="/taxes", status=500, code="x", details="\x1b")
    assert error_text(error).splitlines() == [
        "error: no\\u0007",
        "  GET /taxes: status 500, code x",
        "  details: \\u001b",
    ]
    problem = Problem("odd-row", "a\x9b1m", severity="warning")
    assert problems_text([problem]) == "warning: a\\u009b1m [odd-row]\n"
