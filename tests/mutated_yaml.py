"""YAML that nobody would write: files of a bad day with characters put in, out and twice."""

from random import Random

from .messy_yaml import Messy

PIECES = (
    " ", "  ", "    ", "\n", "\n\n", "\n   \n", " \n", "\n        \n", "\t", "#", " #", "# c",
    "|", "|+", "|-", ">", ">+", "|2", ">-", "-", "- ", "+", "'", "''", '"', '""', ":", ": ", ",",
    "{", "}", "[", "]", "{}", "[]", "&a ", "*a0", "!x ", "2", "a", "é", "\r\n", "\\", "\\n", "? ",
    "...", "---\n", "${A}", "null", "~", "~\n", "\u00a0", "\u2028", "\ufeff",
)  # fmt: skip


def mutated(dice: Random) -> str:
    """Write a file and change it in some places; it may be no YAML any more."""
    text = Messy(dice).file()
    for _ in range(dice.randint(1, 6)):
        begin = dice.randint(0, len(text))
        end = min(len(text), begin + dice.choice([0, 0, 0, 1, 2, dice.randint(0, 30)]))
        new = dice.choice([*PIECES, text[begin:end] * 2, ""])
        text = text[:begin] + new + text[end:]
    return text
