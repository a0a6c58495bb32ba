"""An organization and an edited folder that nothing may change, and what is said instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.commandline import Finished, Workspace
from tests.organization import Organization
from tests.server import environment_for

SECRET = "third-key"
YAML = """
contacts:
  jane: {first_name: Jane, email: jane@example.com}
  john: {first_name: John, email: john@example.com}
taxes:
  vat: {percentage: 21, label: {default: VAT}}
"""
EDITED = """
contacts:
  jane: {first_name: Janet, email: jane@example.com}
  jill: {first_name: Jill, email: jill@example.com}
taxes:
  vat: {percentage: 9, label: {default: VAT}}
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An organization that was applied to, and a folder that was edited since."""

    organization: Organization
    folder: Path
    before: Mapping[str, str]

    def workspace(self) -> Workspace:
        return Workspace(self.folder, environment_for(self.organization))


Refused = Callable[..., dict[str, Finished]]


def says(done: dict[str, Finished], *words: str) -> None:
    for one in done.values():
        for word in words:
            assert word in one.err, one.err
