"""The catalogue of codes: what each one means, and what to do. The texts are in ``codes.toml``."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import NotRequired, TypedDict, cast

OF_NO_PROBLEM = frozenset({"server", "exit"})
"""Areas whose codes no problem has: what servers answer, and how commands end."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code; ``wrong`` is YAML that has the problem, and ``right`` the same without it.

    ``severity`` is empty where there is none: of exit codes, and of what a server answers.
    """

    code: str
    cause: str
    cure: str
    severity: str = "error"
    wrong: str | None = None
    right: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """Codes that belong together, in the order in which they are best read."""

    name: str
    title: str
    intro: str | None
    codes: tuple[Explanation, ...]


class _Texts(TypedDict):
    cause: str
    cure: str
    severity: NotRequired[str]
    wrong: NotRequired[str]
    right: NotRequired[str]


class _Section(TypedDict):
    title: str
    intro: NotRequired[str]
    codes: dict[str, _Texts]


@cache
def areas() -> tuple[Area, ...]:
    """Read the whole catalogue."""
    text = resources.files(__package__).joinpath("codes.toml").read_text("utf-8")
    return tuple(_areas(cast("dict[str, _Section]", tomllib.loads(text))))


@cache
def explanations() -> Mapping[str, Explanation]:
    """Give every code with its explanation."""
    return MappingProxyType({one.code: one for area in areas() for one in area.codes})


def most_like(code: str, known: Iterable[str]) -> str | None:
    """Find the code that is probably meant; people type capitals, brackets and underscores, too."""
    wanted = code.strip("[]").lower().replace("_", "-")
    near = get_close_matches(wanted, known, 1)
    return near[0] if near else None


def _areas(sections: Mapping[str, _Section]) -> Iterator[Area]:
    for name, section in sections.items():
        usual = "" if name in OF_NO_PROBLEM else "error"
        codes = tuple(_explanation(code, texts, usual) for code, texts in section["codes"].items())
        yield Area(name, section["title"], section.get("intro"), codes)


def _explanation(code: str, texts: _Texts, usual: str) -> Explanation:
    return Explanation(
        code,
        texts["cause"],
        texts["cure"],
        texts.get("severity", usual),
        texts.get("wrong"),
        texts.get("right"),
    )
