"""A plan for a pull request: a table on top, each change folded, never over 65,536 characters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ...diagnostics.words import count
from ...plan.change import Action
from ...plan.shape import ChangeDocument, PlanDocument, name_of
from ..facts import Need, asked, by_kind, counted, names_of, needs_of, sanitized, unmet
from ..policies import BrokenPolicy, broken_policies, policies_line
from ..unmanaged import strangers, unmanaged_head
from .budget import fitted, size
from .changes import cut
from .text import code

MOST_CHARACTERS = 65_536
MOST_ITEMS = 20
LONGEST_NOTE = 400

_ACTIONS = tuple(action for action in Action if action is not Action.NO_OP)


def plan_markdown(document: PlanDocument, *, most: int = MOST_CHARACTERS) -> str:
    """Write a plan as GitHub's Markdown; ``most`` is kept in bytes, and so in characters, too."""
    document = sanitized(document)
    head = "\n".join(_head(document)) + "\n"
    foot = f"\nDigest: {code(document['digest'])}\n"
    room = most - size(head) - size(foot)
    return head + "".join(fitted(document["changes"], names_of(document), room)) + foot


def _head(document: PlanDocument) -> Iterator[str]:
    changes = document["changes"]
    yield f"### Plan: {counted(changes) or 'no changes'}"
    yield ""
    yield (
        f"Stack {code(document['stack'])} in organization {code(document['organization'])}, "
        f"{count(document['summary']['no-op'], 'resource')} unchanged"
        + (f", {unmet(document)}." if document["unmet"] else ".")
    )
    if changes:
        yield ""
        yield from _table(changes)
    line = policies_line(document)
    if line:
        yield ""
        yield line
    yield from _alerts(document)
    yield from _calendar(document)
    yield from _unmanaged(document)


def _calendar(document: PlanDocument) -> Iterator[str]:
    if "calendar" in document:
        from ..calendar.markdown import calendar_markdown

        yield ""
        yield from calendar_markdown(document["calendar"])


def _unmanaged(document: PlanDocument) -> Iterator[str]:
    head = unmanaged_head(document.get("unmanaged"))
    if head:
        yield ""
        yield f"#### {head}"
    found = [code(cut(one.text, LONGEST_NOTE)) for one in strangers(document.get("unmanaged"))]
    if found:
        yield ""
        yield from _listed(found)


def _table(changes: Sequence[ChangeDocument]) -> Iterator[str]:
    counts = Counter((change["kind"], change["action"]) for change in changes)
    used = [action for action in _ACTIONS if any(a == action for _, a in counts)]
    yield f"| kind | {' | '.join(used)} |"
    yield f"|---|{'--:|' * len(used)}"
    for kind in by_kind(changes):
        numbers = [counts[kind, action] for action in used]
        yield f"| {code(kind)} | {' | '.join(f'{n:,}' if n else '' for n in numbers)} |"


def _alerts(document: PlanDocument) -> Iterator[str]:
    changes = document["changes"]
    kept = [code(name_of(change)) for change in changes if change["protected"]]
    if kept:
        yield from _alert("CAUTION", ["Protected, apply will refuse to delete:", *_listed(kept)])
    broken = list(broken_policies(document))
    for mark, name in (("x", "CAUTION"), ("!", "WARNING"), ("i", "NOTE")):
        items = [_policy(one) for one in broken if one.mark == mark]
        if items:
            yield from _alert(name, _listed(items))
    needs = needs_of(changes)
    flag = asked(needs)
    if flag:
        items = [_meaning(need) for need in needs if not need.advisory]
        yield from _alert("WARNING", [f"Apply needs {code(flag)}:", *_listed(items)])
    notes = [_meaning(need) for need in needs if need.advisory]
    notes += [code(cut(note, LONGEST_NOTE)) for note in document["notes"]]
    if notes:
        yield from _alert("NOTE", _listed(notes))


def _policy(one: BrokenPolicy) -> str:
    broken = one.broken(lambda name: code(cut(name, LONGEST_NOTE)))
    return f"**{one.title}**: {code(one.message)}: {broken}"


def _meaning(need: Need) -> str:
    kinds = ", ".join(map(code, need.kinds))
    return f"**{need.name}**, {count(need.changes, 'change')} of {kinds}: {need.meaning}"


def _alert(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"> [!{name}]"
    yield from (f"> {line}" for line in lines)


def _listed(items: Sequence[str]) -> Iterator[str]:
    yield from (f"- {item}" for item in items[:MOST_ITEMS])
    if len(items) > MOST_ITEMS:
        yield f"- … and {len(items) - MOST_ITEMS:,} more"
