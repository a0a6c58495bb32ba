"""One writer's folder for one organization, and what it has live there."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.ci.machine import GIT
from tests.engine_machine import KIND_NAMES
from tests.engine_yaml import LINKS, Written, row_of
from tests.organization import Organization
from tests.server import environment_for
from tests.soak.expected import COLUMNS, Named, live_rows, named, text_of, written

KEYS = ("a", "b", "c", "d")
WORDS = ("one", "two", "three", "seven")
HAND = {"contacts": "first_name", "coupons": "description"}
"""Columns that others edit by hand."""


@dataclass(slots=True)
class Home:
    """The YAML of one writer for one organization; ``live`` is what is there of it."""

    writer: str
    organization: Organization
    folder: Path
    yaml: Written
    live: Named = field(default_factory=dict)
    renamed: set[tuple[str, str]] = field(default_factory=set)
    number: int = 0

    @classmethod
    def made(cls, writer: str, organization: Organization, folder: Path) -> "Home":
        """Make the folder, with git in it."""
        folder.mkdir(parents=True)
        home = cls(writer, organization, folder, Written(folder))
        (folder / ".gitignore").write_text(".reconciler/\n")
        home.write()
        home.git("init", "-q")
        home.commit()
        return home

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings that reach the organization."""
        return environment_for(self.organization)

    def write(self) -> None:
        """Write all blocks into one file."""
        stack = f"reconciler: {{stack: {self.writer}-7f3a}}\n"
        (self.folder / "bookingmood.yaml").write_text(stack + self.yaml.text())

    def commit(self) -> None:
        """Commit what is applied: pull compares with it."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "applied")

    def git(self, *words: str) -> None:
        """Run git in the folder."""
        environment = {"PATH": "/usr/bin:/bin", **GIT}
        subprocess.run(["git", *words], cwd=self.folder, env=environment, check=True)

    def edit(self, chance: Random) -> None:
        """Edit the YAML at random."""
        kind, key = chance.choice(KIND_NAMES), chance.choice(KEYS)
        what = chance.choice(
            ("put", "put", "put", "remove", "rename", "link", "link", "unlink", "swap")
        )
        if what == "put" and (kind, key) not in self.renamed:  # such a key stays free
            self.number += 1
            name = f"{self.writer}-{kind}-{self.number}"
            self.yaml.put(kind, key, name, chance.choice(WORDS))
        elif what == "remove":
            self.yaml.remove(kind, key)
        elif what == "rename":
            self.number += 1
            if self.yaml.rename(kind, key, f"r{self.number}"):
                self.renamed.add((kind, key))
        elif what == "swap":
            self.yaml.swap("coupons", "code", *chance.sample(KEYS, 2))
        elif "link" in what:
            self._link(what, chance)
        self._keep_small(chance)
        self.write()

    def _link(self, what: str, chance: Random) -> None:
        kind = chance.choice(sorted(LINKS))
        if what == "unlink":
            self.yaml.unlink(kind)
            return
        keys = [sorted(self.yaml.rows.get(there, {})) for _, there in LINKS[kind]]
        if all(keys):
            self.yaml.link(kind, *(chance.choice(one) for one in keys))

    def _keep_small(self, chance: Random) -> None:
        """Keep the rows about as many as they are: an hour must not be what makes them more."""
        for kind, rows in self.yaml.rows.items():
            if len(rows) > 2 * len(KEYS):
                self.yaml.remove(kind, chance.choice(sorted(rows)))

    def edit_by_hand(self, chance: Random) -> bool:
        """Change one of our rows as somebody else would; false where there is none."""
        kind = chance.choice(sorted(HAND))
        name, value = COLUMNS[kind][0], HAND[kind]
        rows = [r for r in self.organization.rows(kind) if text_of(r[name]).startswith(self.writer)]
        if not rows:
            return False
        row, word = chance.choice(rows), f"by hand {chance.randrange(1000)}"
        self.organization.change(kind, row["id"], **{value: word})
        self.live = {**self.live, (kind, text_of(row[name])): word}
        return True

    def wanted(self) -> Named:
        """Say what will be live when the YAML is applied."""
        return written(self.yaml)

    def found(self) -> list[tuple[tuple[str, str], str]]:
        """Read our rows by SQL."""
        return list(named(live_rows(self.organization), f"{self.writer}-"))


def foreign_row(organization: Organization, number: int, chance: Random) -> tuple[str, str]:
    """Make a row that no YAML names; gives its kind and id."""
    kind = chance.choice(KIND_NAMES)
    values = row_of(kind, f"foreign-{kind}-{number}", chance.choice(WORDS))
    values.pop("cooldown_time", None)
    return kind, str(organization.insert(kind, **values)["id"])
