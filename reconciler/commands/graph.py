"""``reconciler graph``: what refers to what, drawn from the YAML."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from ..catalogue import Kind, load_kinds
from ..catalogue.names import check_known, split_names
from ..configuration.load import load
from ..configuration.resource import Configuration
from ..configuration.validate import Excerpts, validate
from ..render.graph import (
    Graph,
    around_node,
    bounded,
    graph_dot,
    graph_mermaid,
    graph_of,
    graph_svg,
    of_kinds,
    only_kinds,
)
from ..render.hiding import hide
from ..render.out import hand_over, say, show
from ..render.problems import problems_text
from ..support.candidates import complete_addresses
from .options import (
    kinds_option,
    paths_argument,
    read_variables,
    variable_options,
)


@click.command("graph")
@paths_argument
@variable_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "svg", "html"]),
    default="mermaid",
    show_default=True,
    help="mermaid: GitHub draws it in Markdown. dot: for Graphviz. svg, html: drawn already.",
)
@click.option(
    "--by",
    type=click.Choice(["resource", "kind"]),
    help="What a box is; else resources where they are few enough to be looked at.",
)
@kinds_option
@click.option(
    "--target",
    metavar="ADDRESS",
    shell_complete=complete_addresses,
    help="Only what this resource refers to, and what refers to it, directly or not.",
)
def command(
    paths: tuple[Path, ...],
    var_texts: tuple[str, ...],
    var_files: tuple[Path, ...],
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
    kinds = load_kinds()
    configuration = _read(paths, read_variables(var_texts, var_files), kinds)
    graph = graph_of(configuration)
    if kind_names:
        graph = only_kinds(graph, split_names(kind_names, kinds))
    if target:
        check_known("resource", [target], graph.nodes)
        graph = around_node(graph, target)
    hand_over(_written(graph, form, by, configuration.stack))


def _written(graph: Graph, form: str, by: str | None, title: str) -> str:
    if by is None:
        graph, whole_kinds = bounded(graph)
        if whole_kinds:
            say("Too many resources to look at: each box is a kind (--by resource).", err=True)
    else:
        whole_kinds = by == "kind"
        graph = of_kinds(graph) if whole_kinds else graph
    if form == "html":
        from ..render.html import graph_html

        return graph_html(graph, title, whole_kinds=whole_kinds)
    return {"mermaid": graph_mermaid, "dot": graph_dot, "svg": graph_svg}[form](graph)


def _read(
    paths: tuple[Path, ...], variables: Mapping[str, str], kinds: Mapping[str, Kind]
) -> Configuration:
    loaded = load(paths, variables=variables, environment=os.environ)
    configuration, problems = validate(loaded, kinds, unset_is_error=False)
    if configuration is None:
        show(problems_text(problems, Excerpts(loaded, kinds).of), err=True)
        raise click.exceptions.Exit(1)
    hide(configuration.secrets)
    return configuration
