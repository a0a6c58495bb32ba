"""What an apply did, and what it did not."""

from collections.abc import Iterator

from ..diagnostics.words import count
from ..execution import Outcome, Report, State, StoredOtherwise
from .visible import visible
from .words import PAST


def outcome_line(outcome: Outcome) -> str:
    """Write one outcome in one line, with its place and what to do where it was not done."""
    change = outcome.change
    if outcome.state is State.DONE:
        note = f" ({outcome.message})" if outcome.message else ""
        return visible(f"{change.name}: {PAST[change.action]}{note}")
    place = f"{change.position}: " if change.position else ""
    hint = f"\n  hint: {visible(outcome.hint)}" if outcome.hint else ""
    return visible(f"{place}{change.name}: {outcome.state}: {outcome.message}") + hint


def report_text(report: Report, again: str) -> str:
    """Write the counts of a run; ``again`` is what to do to finish it."""
    return "\n".join(_lines(report, again)) + "\n"


def progress_line(done: int, total: int, seconds: float) -> str:
    """Write how far a run is, how fast, and about how long it will still take."""
    line = f"{done:,} of {count(total, 'change')}"
    if seconds <= 0 or not done:
        return line
    left = (total - done) * seconds / done
    return f"{line}, {done / seconds:,.0f}/s, about {_duration(left)} left"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def _stored_line(stored: StoredOtherwise) -> str:
    """Say which column the server stores otherwise, and what that means for later plans."""
    what = f"note: {stored.column} is stored as another value than was sent"
    if stored.form:
        rule = "the bindings remember it, and later plans take both as the same"
        return f"{what}, by the form {stored.form} (as in {stored.first}): {rule}"
    cure = "later plans show it again until YAML has what is stored"
    return f"{what}, by no form that is known (as in {stored.first}): {cure}"


def _lines(report: Report, again: str) -> Iterator[str]:
    words = [
        f"{number:,} {state.value}"
        for state in State
        if (number := report.count(state)) or state is State.DONE
    ]
    if report.in_vain and not report.stopped:
        yield f"Nothing was changed: {', '.join(words)}."
        return
    yield f"{'Stopped' if report.stopped else 'Applied'}: {', '.join(words)}."
    yield from map(_stored_line, report.stored)
    if not report.complete:
        left = sum(outcome.state is not State.DONE for outcome in report.outcomes)
        yield f"{count(left, 'change')} not done; {again} to finish, it only does what is left."
