"""Workflow commands: GitHub shows them as annotations on the lines of the YAML."""

import os
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..diagnostics import Problem
from ..plan.change import Action
from ..plan.consents import ADVISORY, MEANINGS
from ..plan.shape import BrokenDocument, ChangeDocument, PlanDocument, name_of
from .facts import asked, needs_of, sanitized, summary_line
from .unmanaged import strangers, unmanaged_head
from .visible import visible


def problems_github(problems: Iterable[Problem], *, below: str = "") -> str:
    """Write problems of the configuration as errors and warnings.

    ``below`` is the folder, in the repository, that the names of the files are relative to.
    """
    return "".join(f"{_problem(problem, below)}\n" for problem in problems)


def plan_github(document: PlanDocument, *, below: str = "") -> str:
    """Write what needs attention in a plan, then its counts as a notice.

    GitHub shows ten of a sort for each step, so what is refused in any case comes first.
    """
    return "".join(f"{line}\n" for line in _lines(sanitized(document), below))


def below_workspace() -> str:
    """Say where in the repository that GitHub checked out we are, which its annotations need."""
    workspace, here = os.environ.get("GITHUB_WORKSPACE"), Path.cwd()
    if not workspace or not here.is_relative_to(workspace):
        return ""
    return here.relative_to(workspace).as_posix()


def _problem(problem: Problem, below: str) -> str:
    text = visible(problem.message) + (f"\nhint: {visible(problem.hint)}" if problem.hint else "")
    if problem.position is None:
        return _command(problem.severity, text, title=problem.code)
    file, line, column = problem.position.file, problem.position.line, problem.position.column
    return _command(
        problem.severity, text, file=_join(below, file), line=line, col=column, title=problem.code
    )


def _lines(document: PlanDocument, below: str) -> Iterator[str]:
    changes = document["changes"]
    for change in changes:
        if change["protected"]:
            text = f"{name_of(change)} would be deleted; it is protected, so apply will refuse"
            yield _at(change, below, "error", "Protected", text)
    for policy in document.get("policies", []):
        for one in policy["broken"]:
            why = f": {one['why']}" if "why" in one else ""
            text = f"{one['name']}: {policy['message']}{why}"
            yield _at(one, below, policy["severity"], f"Policy {policy['name']}", text)
    for change in changes:
        names = [name for name in change["consents"] if name not in ADVISORY]
        if names:
            what = "; ".join(MEANINGS[name] for name in names if name in MEANINGS)
            text = f"to {change['action']} {name_of(change)}: {what}"
            yield _at(change, below, "warning", f"Needs --allow {','.join(names)}", text)
        elif change["action"] == Action.DELETE and not change["protected"]:
            text = f"{name_of(change)} will be deleted"
            yield _at(change, below, "warning", "Delete", text)
    flag = asked(needs_of(changes))
    text = f"{summary_line(document)}\n" + (f"Apply needs {flag}\n" if flag else "")
    head = unmanaged_head(document.get("unmanaged"))
    text += "".join(
        f"{line}\n"
        for line in (head, *(one.text for one in strangers(document.get("unmanaged"))))
        if line
    )
    yield _command("notice", f"{text}Digest: {document['digest']}", title="Plan")


def _at(
    where: ChangeDocument | BrokenDocument, below: str, name: str, title: str, text: str
) -> str:
    if where["file"] is None or where["line"] is None:
        return _command(name, text, title=title)
    file = _join(below, where["file"])
    return _command(name, text, file=file, line=where["line"], title=title)


def _join(folder: str, file: str) -> str:
    return posixpath.normpath(posixpath.join(folder, file.replace("\\", "/")))


def _command(name: str, text: str, **properties: str | int) -> str:
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
