"""What every view says of policies: how many are kept, which are broken, and by what."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..diagnostics.words import few
from ..plan.shape import BrokenDocument, PlanDocument, PolicyDocument
from ..plan.verdicts import PREFIX

MOST_NAMED = 5


class BrokenPolicy(NamedTuple):
    """A policy that is broken; ``mark`` tells what apply does: refuse (x), ask (!), go on (i).

    ``names`` are the first of ``total`` that break it; ``consent`` is the name that lets it pass.
    """

    mark: str
    title: str
    message: str
    names: tuple[str, ...]
    total: int
    consent: str = ""

    @property
    def text(self) -> str:
        """Say it in one line."""
        return f"{self.title}: {self.message}: {self.broken(lambda name: name)}"

    def broken(self, written: Callable[[str], str]) -> str:
        """Name the first of what breaks it, each as it is written in a view."""
        return few([written(name) for name in self.names], MOST_NAMED, self.total)


def broken_policies(document: PlanDocument) -> Iterator[BrokenPolicy]:
    """List the policies that a plan breaks; what is refused first."""
    found = [_broken(one) for one in document.get("policies", []) if one["total"]]
    yield from sorted(found, key=lambda one: "x!i".index(one.mark))


def policies_line(document: PlanDocument) -> str | None:
    """Count the policies that are kept and those that are broken; None where there are none."""
    judged = document.get("policies", [])
    if not judged:
        return None
    broken = sum(1 for one in judged if one["total"])
    return f"Policies: {len(judged) - broken:,} kept, {broken:,} broken."


def _broken(policy: PolicyDocument) -> BrokenPolicy:
    name, error, consent = policy["name"], policy["severity"] == "error", ""
    if not error:
        mark, title = "i", f"Policy {name} (warning)"
    elif policy["may_allow"]:
        consent = f"{PREFIX}{name}"
        mark, title = "!", f"Policy {name}, apply needs --allow {consent}"
    else:
        mark, title = "x", f"Policy {name}, apply will refuse"
    names = tuple(_named(one) for one in policy["broken"][:MOST_NAMED])
    return BrokenPolicy(mark, title, policy["message"], names, policy["total"], consent)


def _named(broken: BrokenDocument) -> str:
    place = f" ({broken['file']}:{broken['line']})" if broken["file"] else ""
    return broken["name"] + place + (f": {broken['why']}" if "why" in broken else "")
