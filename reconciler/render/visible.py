r"""Texts of others for people: what nobody sees is shown, what would steer a log has no power.

=====================================================  ==========================================
line ends, controls, lone surrogates                   always ``\n``, ``\u001b``
marks of direction, what is drawn as nothing           ``\u202e``, ``\u3164``
joiners, soft hyphens, variation selectors             stay where Unicode has a use for them
``##[…]``, ``##vso[…]``; a line that begins with ::     one sign escaped: CI would execute it
=====================================================  ==========================================

JSON documents and files keep every text as it is; only what people read comes through here.
"""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Match, Pattern

_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MARKER = re.compile(r"#(?=#(?:\[|vso\[|teamcity\[))")
"""What GitHub, Azure and TeamCity take for a command wherever it stands in a line."""
_COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")
_ACTING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]|##|^\s*::", re.MULTILINE)
"""What may act in ASCII; a text of ours without it is left as it is."""
_MARKS = re.compile(r"##|::")
_SEEN = bytes(range(0x20, 0x7F)) + b"\n"
"""What stands in nearly all texts, and acts only in a mark."""
_COMMAND = re.compile(r"((?:\s|\x1b\[[0-9;]*m)*):(?=:)")

_NOT_DRAWN = r"\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFF9-\uFFFB"
_UNSEEN = rf"[\p{{Cc}}\p{{Cs}}\p{{Zl}}\p{{Zp}}{_NOT_DRAWN}]"
_AT_HOME = r"""
    (?<=\p{L}\p{M}*) \u00AD (?=\p{L})                              # where a word may be divided
  | (?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?) \u200D (?=\p{Extended_Pictographic})
  | (?<=\p{Canonical_Combining_Class=Virama}) [\u200C\u200D]        # Indic conjuncts
  | (?<=[\p{Joining_Type=D}\p{Joining_Type=L}]\p{Joining_Type=T}*) \u200C
    (?=\p{Joining_Type=T}*[\p{Joining_Type=D}\p{Joining_Type=R}])  # Persian and others
  | (?<=[0-9\#*]) \uFE0F (?=\u20E3)                                # keycaps
  | (?<=(?![0-9\#*])\p{Emoji}) [\uFE0E\uFE0F]
  | (?<=[\p{Sm}\p{Han}\p{Myanmar}\p{Phags_Pa}]) [\uFE00-\uFE02]    # standardized variants
  | (?<=\p{Unified_Ideograph}) [\U000E0100-\U000E01EF]
  | (?<=\p{Mongolian}) [\u180B-\u180D\u180F]
"""
_MISTAKEN = r"[\p{M}\p{Zs}--[\x20]]"


def is_visible(text: str) -> bool:
    """Tell at first sight whether a text, and so each part of it, is written as it is."""
    return text.isascii() and text.isprintable() and "##" not in text


def visible(text: str) -> str:
    r"""Write what nobody sees, or what would steer a terminal or a log, as ``\n`` or ``\u202e``."""
    if text.isascii():
        if text.isprintable() and "##" not in text:
            return text  # nearly all
        text = _CONTROL.sub(_escaped, text)
    else:
        text = _patterns()[0].sub(_unless_at_home, text)
    return _MARKER.sub(_escaped, text)


def spelled(text: str) -> str:
    """Escape whatever may look like something else: marks, odd spaces, a space at the end, too."""
    text = _patterns()[1].sub(_escaped, text)
    return re.sub(r" (?=\Z|\\[nr])", _escaped, _MARKER.sub(_escaped, text))


def harmless(text: str) -> str:
    r"""Write a text of ours for people: its line ends and colours stay, nothing else acts.

    What others wrote inside it went through :func:`visible`; here the rest is caught, and a line
    that begins with ``::``, which CI systems would take for a command.
    """
    plain = _COLOUR.sub("", text)
    if not (plain.encode("utf-8", "surrogatepass").translate(None, _SEEN) or _MARKS.search(plain)):
        return text  # nearly all
    if text.isascii() and not _ACTING.search(plain):
        return text
    return "\n".join(map(_harmless_line, text.split("\n")))


def looks_like(text: str) -> str:
    """Reduce a text to what people see of it: two that are reduced to one look the same."""
    text = unicodedata.normalize("NFKC", _patterns()[2].sub("", text.replace("\r\n", "\n")))
    lines = (" ".join(line.split(" ")).rstrip() for line in text.split("\n"))
    return "\n".join(lines).rstrip("\n").replace("\u2010", "-")


def _harmless_line(line: str) -> str:
    parts = _COLOUR.split(line)
    line = "".join(part if at % 2 else visible(part) for at, part in enumerate(parts))
    command = _COMMAND.match(line)
    return f"{command[1]}\\u003a{line[command.end() :]}" if command else line


@cache
def _patterns() -> "tuple[Pattern[str], Pattern[str], Pattern[str]]":
    """Compile what needs a library: only texts that are not ASCII need it, so it is loaded late."""
    import regex

    flags = regex.VERBOSE | regex.VERSION1
    return (
        regex.compile(f"(?={_UNSEEN})(?:(?P<home>{_AT_HOME})|[\\s\\S])", flags),
        regex.compile(f"{_UNSEEN}|{_MISTAKEN}", flags),
        regex.compile(f"[{_NOT_DRAWN}\r]", flags),
    )


def _unless_at_home(found: "Match[str]") -> str:
    return found[0] if found["home"] else _escaped(found)


def _escaped(found: "re.Match[str] | Match[str]") -> str:
    character = found[0]
    number = ord(character)
    return _SHORT.get(character) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")
