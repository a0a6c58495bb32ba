"""``reconciler graph``: what refers to what, drawn from the YAML."""

from collections.abc import Mapping
from pathlib import Path

import click

from ..catalogue.names import split_names
from ..configuration.grown import kinds_of
from ..configuration.validate.suggest import check_addresses
from ..render.drawing import FORMATS, drawn
from ..render.graph import By, around_node, graph_of, only_kinds
from ..render.out import hand_over
from ..support.candidates import complete_addresses
from .options import gathered, kinds_option, paths_argument, variable_options, variables_of
from .reading import read_loosely


@click.command("graph")
@paths_argument
@variable_options
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="mermaid",
    show_default=True,
    help="mermaid: GitHub draws it in Markdown. dot: for Graphviz. svg, html: drawn already.",
)
@click.option(
    "--by",
    type=click.Choice([one.value for one in By]),
    help="What a box is: a resource, a group (a product with what belongs to it), or a kind. "
    "Without it, a resource where they are few enough to be looked at.",
)
@kinds_option
@click.option(
    "--target",
    metavar="ADDRESS",
    shell_complete=complete_addresses,
    help="Only what this resource refers to, and what refers to it, directly or not.",
)
@gathered(variables=variables_of)
def command(
    paths: tuple[Path, ...],
    variables: Mapping[str, str],
    form: str,
    by: str | None,
    kind_names: tuple[str, ...],
    target: str | None,
) -> None:
    """Draw the resources at PATH and their references; needs no API key and no network.

    \b
    Examples:
      reconciler graph villa/ --by kind
      reconciler graph villa/ --target products.loft --format svg > loft.svg
      reconciler graph villa/ --format html > villa.html
    """
    kinds = kinds_of(paths)
    configuration = read_loosely(paths, kinds, variables)
    graph = graph_of(configuration)
    if kind_names:
        graph = only_kinds(graph, split_names(kind_names, kinds))
    if target:
        check_addresses("resource", [target], graph.nodes)
        graph = around_node(graph, target)
    hand_over(drawn(graph, form, By(by) if by else None, configuration.stack))
