"""Calendars of prices for people: as text, as a table, as a drawing."""

from .markdown import calendar_markdown
from .svg import calendar_svg
from .text import calendar_lines, changed_lines

__all__ = ["calendar_lines", "calendar_markdown", "calendar_svg", "changed_lines"]
