"""How two texts differ, for people: words, lines, and what nobody would see."""

from .clips import clips, cut_off, shortened
from .lines import line_diff
from .parts import quoted
from .unseen import unlike

__all__ = ["clips", "cut_off", "line_diff", "quoted", "shortened", "unlike"]
