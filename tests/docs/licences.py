"""The page of licences: every library that the tool can load, and under which licence it comes.

``python -m tests.docs.licences`` writes the list anew, of what is installed here.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distribution
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.sandbox_server import ROOT

OURS = "bookingmood-reconciler"
PAGE = ROOT / "docs" / "licences.md"
LIST = re.compile(r"(?<=<!-- list -->\n).*(?=<!-- end -->)", re.DOTALL)
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "PostgreSQL",
        "Unlicense",
    }
)
LESSER = frozenset({"psycopg", "psycopg-binary", "psycopg-pool"})
"""What may be under the LGPL: only the sandbox loads it, unchanged, as a library of its own."""
PARTS = ("sandbox", "policies", "fleet", "lsp", "telemetry")
_OLD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "apache 2.0": "Apache-2.0",
        "apache license 2.0": "Apache-2.0",
        "apache software license": "Apache-2.0",
        "3-clause bsd license": "BSD-3-Clause",
        "bsd": "BSD-3-Clause",
        "bsd license": "BSD-3-Clause",
        "isc license": "ISC",
        "mit license": "MIT",
    }
)
"""How metadata says what SPDX has a name for."""


def required() -> list[str]:
    """Name what the tool requires with everything that can be added, but for development."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(one for part in PARTS for one in extras[part])]


def libraries() -> Iterator[Distribution]:
    """Find what is installed of it, with what that requires in turn, by name."""
    found = dict[str, Distribution]()
    seen, ahead = set[str](), required()
    while ahead:
        text = ahead.pop()
        if text in seen:
            continue
        seen.add(text)
        one = Requirement(text)
        here = found.setdefault(canonicalize_name(one.name), distribution(one.name))
        ahead += (more for more in here.requires or () if _wanted(more, one.extras or {""}))
    return iter(sorted(found.values(), key=lambda here: canonicalize_name(here.name)))


def _wanted(text: str, extras: set[str]) -> bool:
    marker = Requirement(text).marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def fault(name: str, licence: str) -> str | None:
    """Say what is wrong with a licence, by the rule that stands on the page."""
    allowed = ALLOWED | ({"LGPL-3.0-only"} if name in LESSER else set())
    others = set(re.split(r" (?:AND|OR|WITH) |[()]+", licence)) - allowed - {""}
    return f"{name}: {licence} is not in the list" if others else None


def written() -> str:
    """Write the list."""
    lines = (f"| {canonicalize_name(one.name)} | {licence_of(one)} |\n" for one in libraries())
    return "| library | licence |\n|---|---|\n" + "".join(lines)


def licence_of(library: Distribution) -> str:
    """Read the licence as SPDX writes it, or as the metadata says it."""
    told = library.metadata.json
    if told.get("license_expression"):
        return str(told["license_expression"])
    classified = [
        one.rpartition(" :: ")[2]
        for one in told.get("classifier", ())
        if one.startswith("License :: OSI")
    ]
    said = (str(told.get("license") or "").strip().partition("\n")[0], *classified)
    names = [_OLD_NAMES.get(re.sub(r"^the ", "", one.lower()), one) for one in said if one]
    return names[0] if names else "none"


if __name__ == "__main__":
    PAGE.write_text(LIST.sub(written(), PAGE.read_text("utf-8")), "utf-8")
