"""``reconciler calendar``: what each day costs, drawn from the YAML."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import click

from ..calendar.folder import one_calendar
from ..configuration.grown import kinds_of
from ..render.calendar.window import MONTHS, MOST_MONTHS, window_from, window_of
from ..render.out import hand_over, show_lines
from ..support.candidates import complete_addresses
from .options import gathered, paths_argument, variable_options, variables_of
from .reading import read_loosely


@click.command("calendar")
@paths_argument
@variable_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "svg"]),
    default="text",
    show_default=True,
    help="text: a sign for each day. html: a page in which days can be pointed at. svg: a drawing.",
)
@click.option(
    "--from",
    "since",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m"]),
    help="A day of the first month; else this month, if the YAML says anything of the year.",
)
@click.option(
    "--months",
    type=click.IntRange(1, MOST_MONTHS),
    default=MONTHS,
    show_default=True,
    help="How many months.",
)
@click.option(
    "--target",
    metavar="ADDRESS",
    shell_complete=complete_addresses,
    help="Only the calendar of this resource.",
)
@gathered(variables=variables_of)
def command(
    paths: tuple[Path, ...],
    variables: Mapping[str, str],
    form: str,
    since: dt.datetime | None,
    months: int,
    target: str | None,
) -> None:
    """Show the prices of each day at PATH, and which days are taken; needs no API key.

    Each day names the resource that decides it. Rows that are in no YAML, such as bookings of
    guests, are not there.

    \b
    Examples:
      reconciler calendar villa/
      reconciler calendar villa/ --from 2027-06 --months 4 --target products.loft
      reconciler calendar villa/ --format html > prices.html
    """
    configuration = read_loosely(paths, kinds_of(paths), variables)
    document = one_calendar(configuration, target)
    window = window_from(since.date(), months) if since else window_of(document, None, months)
    if form == "text":
        from ..render.calendar import calendar_lines
        from ..render.plan_text import terminal_width

        show_lines(calendar_lines(document, window, terminal_width()))
    elif form == "html":
        from ..render.html.calendar_page import calendar_html

        hand_over(calendar_html(document, window, configuration.stack))
    else:
        from ..render.calendar import calendar_svg

        hand_over(calendar_svg(document, window))
