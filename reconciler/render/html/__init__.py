"""Pages that are one file each, and reach no network: a plan to look through, and a graph."""

from .graph_page import graph_html
from .plan_page import plan_html

__all__ = ["graph_html", "plan_html"]
