"""How a rehearsal went, for people: as text, or as one page beside a line on stderr."""

from collections.abc import Mapping

from ..catalogue import Kind
from ..rehearsal.result import Rehearsed
from .out import hand_over, say
from .views import show_plan


def show_rehearsal_page(found: Rehearsed, kinds: Mapping[str, Kind]) -> None:
    """Write the page."""
    from .html.rehearsal_page import rehearsal_html

    hand_over(rehearsal_html(found, kinds))


def show_rehearsed(found: Rehearsed, kinds: Mapping[str, Kind], *, page: bool) -> None:
    """Say whether it went well, and what a second plan would still change."""
    if page:
        show_rehearsal_page(found, kinds)
    if found.again is None:
        say("The rehearsal failed; the live organization was not changed.", err=page)
    elif found.went_well:
        well = "The rehearsal went well, and a second plan is empty. Nothing live was changed."
        say(well, err=page)
    else:
        say("A second plan would still change something:", err=page)
        if not page:
            show_plan(found.again, kinds)
