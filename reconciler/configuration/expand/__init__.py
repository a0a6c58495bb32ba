"""Templates and defaults: from what is written for many to what is written for each.

It is a step between load and validate, from nodes to nodes. A folder without ``templates:`` and
``defaults:`` passes through as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ...catalogue import Kind
from ..load import Loaded, ProblemReport
from .defaults import Defaults
from .made import MadeBefore
from .names import DEFAULTS, TEMPLATES
from .tell import Hint

__all__ = ["DEFAULTS", "TEMPLATES", "Defaults", "Expanded", "Hint", "MadeBefore", "expand"]


@dataclass(frozen=True, slots=True)
class Expanded:
    """What was read, without templates: ``loaded``; ``templates`` are the names there are."""

    loaded: Loaded
    defaults: Defaults
    templates: tuple[str, ...]


def expand(
    loaded: Loaded,
    kinds: Mapping[str, Kind],
    report: ProblemReport,
    hint: Hint,
    before: MadeBefore | None = None,
) -> Expanded:
    """Make what the instances of templates say, and find the defaults; problems are reported.

    ``before`` is what was made before, of what is the same; it takes what is made now.
    """
    roots = [source.root.entries for source in loaded.sources if source.root]
    if not any(TEMPLATES in root or DEFAULTS in root for root in roots):
        return Expanded(loaded, Defaults({}, {}), ())
    from .expansion import expanded  # most folders have none

    return Expanded(*expanded(loaded, kinds, report, hint, before))
