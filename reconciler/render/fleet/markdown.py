"""A fleet for a pull request: what is alike once, never over 65,536 characters, never cut inside.

What goes wrong comes first, then the changes that nobody must overlook, then what most
organizations have. Where a group does not fit with its details it is one line for each change,
then one line for all of them; what is not there at all is counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ...diagnostics.words import count
from ...fleet.results import FleetReport
from ..facts import counts_text
from ..markdown import MOST_CHARACTERS
from ..markdown.budget import size
from ..markdown.changes import cut, details, in_one_line
from ..markdown.text import code, fenced
from .gather import Alert, Gathered, PlanOf, Shared, gather, organizations, who

LONGEST_ALERT = 400
_ALERTS = {"x": "CAUTION", "!": "WARNING", "i": "NOTE"}
_OF_HEAD = 0.4
"""How much of the room is for what is told above the changes."""
_OF_GROUP = 0.5
"""How much of the room that is left one group may take with its details."""
_FOR_COUNT = 1000
"""Room for a sentence on what is left out."""
_MOST_WAVES = 100


def fleet_markdown(
    report: FleetReport,
    plan_of: PlanOf,
    folder: Path | None = None,
    *,
    digest: str | None = None,
    most: int = MOST_CHARACTERS,
) -> str:
    """Write how a fleet ended; ``most`` is kept in bytes, and so in characters, too."""
    found = gather(report, plan_of, folder)
    head = f"### Fleet {report.verb}: {found.summary}\n\n" + "\n".join(_table(found)) + "\n"
    foot = f"\nDigest: {code(digest)}\n" if digest else ""
    room = most - size(head) - size(foot)
    alerts = "".join(_alerts(found, int(room * _OF_HEAD)))
    return head + alerts + "".join(_groups(found, room - size(alerts))) + foot


def _table(found: Gathered) -> Iterator[str]:
    results = found.report.results
    waves = list(dict.fromkeys(one.wave for one in results))
    states = [state for state, _ in Counter(one.state for one in results).most_common()]
    counts = Counter((one.wave, one.state) for one in results)
    if not results:
        return
    if len(waves) == 1:
        yield "| ended | organizations |\n|---|--:|"
        yield from (f"| {code(state)} | {counts[waves[0], state]:,} |" for state in states)
        return
    yield f"| wave | {' | '.join(map(code, states))} |"
    yield f"|---|{'--:|' * len(states)}"
    for wave in waves[:_MOST_WAVES]:
        numbers = (counts[wave, state] for state in states)
        yield f"| {code(wave)} | {' | '.join(f'{n:,}' if n else '' for n in numbers)} |"
    if len(waves) > _MOST_WAVES:
        yield f"\n… and {count(len(waves) - _MOST_WAVES, 'more wave')}"


def _alerts(found: Gathered, room: int) -> Iterator[str]:
    """Write what is said of organizations, as long as there is room."""
    for mark, name in _ALERTS.items():
        some = [alert for alert in found.alerts if alert.mark == mark]
        if not some:
            continue
        head = f"\n> [!{name}]\n"
        room -= size(head) + _FOR_COUNT
        shown = [*_fitting((_alert(one, found) for one in some), room)]
        room -= sum(map(size, shown))
        lost = some[len(shown) :]
        named = {member for one in lost for member in one.members}
        more = f"> - … and {len(lost):,} more, about {organizations(len(named))}\n" if lost else ""
        yield head + "".join(shown) + more


def _alert(alert: Alert, found: Gathered) -> str:
    text = code(cut(alert.text, LONGEST_ALERT))
    return f"> - {who(alert.members, len(found.report.results))}: {text}\n"


def _fitting(texts: Iterable[str], room: float) -> Iterator[str]:
    for text in texts:
        room -= size(text)
        if room < 0:
            return
        yield text


def _groups(found: Gathered, room: int) -> Iterator[str]:
    """Write as many headings as fit, and below them what fits besides."""
    room -= _FOR_COUNT
    headed = [*_fitting((_heading(shared, found) for shared in found.shared), room)]
    room -= sum(map(size, headed))
    briefly = 0
    for shared, heading in zip(found.shared, headed, strict=False):
        below = _detailed(shared, room * _OF_GROUP)
        if below is None:
            briefly += 1
            below = _brief(shared, room * _OF_GROUP)
        room -= size(below)
        yield heading + below
    lost = found.shared[len(headed) :]
    if lost or briefly:
        yield _left_out(briefly, lost)


def _detailed(shared: Shared, room: float) -> str | None:
    """Write the changes of a group with their details, or nothing where these do not fit."""
    texts = [*_fitting((details(change, names) for change, names in shared.shown()), room)]
    return "".join(texts) if len(texts) == len(shared.changes) else None


def _brief(shared: Shared, room: float) -> str:
    """Write a line for each change of a group, or nothing where they do not fit."""
    lines = [*_fitting((in_one_line(change, names) for change, names in shared.shown()), room)]
    text = f"\n{fenced(lines, 'text')}\n"
    return text if len(lines) == len(shared.changes) and size(text) <= room else ""


def _heading(shared: Shared, found: Gathered) -> str:
    hidden = "\nHidden values may differ.\n" if shared.hides else ""
    names = who(shared.members, len(found.report.results))
    return f"\n#### {names}: {counts_text(shared.counts)}\n{hidden}"


def _left_out(briefly: int, lost: Sequence[Shared]) -> str:
    """Say what is not shown."""
    text = f"the details of {count(briefly, 'group')} of changes"
    if lost:
        members = {member for shared in lost for member in shared.members}
        changes = sum(len(shared.changes) for shared in lost)
        text += (
            f", and all of {count(changes, 'more change')} in {count(len(lost), 'more group')}, "
            f"about {organizations(len(members))}"
        )
    whole = "A page holds everything: `--format html`."
    return f"\n**Left out**, because a comment holds only so much: {text}.\n\n{whole}\n"
