"""From policy files to policies; whatever is wrong is collected, with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

from ..catalogue import Kind
from ..configuration.load.files import (
    FileReader,
    absolute,
    is_folder,
    is_yaml,
    shown,
    stays_inside,
)
from ..configuration.load.nodes import Entry, Scalar
from ..configuration.load.problems import ProblemReport
from ..configuration.validate.suggest import Suggester, listed
from ..diagnostics import Position, Problem, UsageError
from ..values.address import KEY_PATTERN
from .cases import CaseReader
from .folders import PolicyFolder, folders_in, policy_folders
from .meant import names_personal, report_names
from .policy import MAX_SOURCE, NAMES, About, Case, Policy
from .words import Words

FIELDS = ("name", "message", "severity", "about", "expression", "may_allow", "cases")
NEEDED = ("name", "message", "about", "expression")
SEVERITIES = ("error", "warning")
LONGEST_MESSAGE = 300


class Policies(NamedTuple):
    """Every policy that holds, and what is wrong with the files."""

    all: tuple[Policy, ...]
    problems: tuple[Problem, ...]

    @property
    def are_wrong(self) -> bool:
        """Tell whether any of them cannot be relied on."""
        return any(problem.is_error for problem in self.problems)


def read_policies(
    folder: Path,
    given: Sequence[Path],
    kinds: Mapping[str, Kind],
    instead: Mapping[Path, bytes] | None = None,
) -> Policies:
    """Read the policies that hold for the configuration in a folder; ``given`` by ``--policies``.

    Where two have one name, that of ``--policies`` counts. ``instead`` holds files that count as
    they are given there, not as they are on the disk.
    """
    folders = policy_folders(folder, [absolute(path) for path in given])
    return read_folders(folders, kinds, instead)


def read_folders(
    folders: Sequence[PolicyFolder],
    kinds: Mapping[str, Kind],
    instead: Mapping[Path, bytes] | None = None,
) -> Policies:
    """Read the policies of folders."""
    report = ProblemReport()
    reader, suggest = FileReader(report, instead), Suggester()
    found: dict[str, Policy] = {}
    for folder in folders:
        for path in _files(folder, report):
            parts = _Parts.of(reader, path, folder.trusted, kinds, suggest)
            policy = parts.policy() if parts else None
            first = found.get(policy.name) if policy else None
            if policy and first and first.trusted == policy.trusted:
                report.error(
                    "bad-policy",
                    f"there are two policies called {policy.name!r}, the first at {first.position}",
                    policy.position,
                    hint="give one of them another name",
                )
            elif policy and not first:
                found[policy.name] = policy
    return Policies(tuple(found.values()), report.problems)


def folders_to_try(paths: Sequence[Path], given: Sequence[Path]) -> tuple[PolicyFolder, ...]:
    """Find the policies of configurations, or folders of policies; raises UsageError for a file.

    Those in a folder of policies see all columns: cases are made up. Without any path, it is the
    working folder.
    """
    found = [PolicyFolder(absolute(path), trusted=True) for path in given]
    for path in map(absolute, paths or (() if given else (Path(),))):
        if not is_folder(path):
            raise UsageError(f"{shown(path)} is no folder", hint="check the path")
        of_policies = folders_of_policies(path)
        of_configuration = () if path in of_policies else policy_folders(path, [])
        found += of_configuration or [PolicyFolder(one, trusted=True) for one in of_policies]
    return tuple(dict.fromkeys(found))


def folders_of_policies(path: Path) -> list[Path]:
    """Find a folder, and those in it, that hold policies, not the configuration for them."""
    inside = [folder for folder in sorted(path.iterdir()) if folder.is_dir()]
    return [folder for folder in (path, *inside) if _holds_policies(folder)]


def _holds_policies(folder: Path) -> bool:
    reader = FileReader(ProblemReport())
    files = [file for file in sorted(folder.iterdir()) if is_yaml(file)]
    roots = [root for root in (reader.read(file).root for file in files) if root is not None]
    return any("expression" in root.entries for root in roots)


def _files(folder: PolicyFolder, report: ProblemReport) -> list[Path]:
    """Find the files of a folder, not of those in it; a folder that was named must hold some."""
    try:
        found = [path for path in sorted(folder.path.iterdir()) if is_yaml(path)]
    except OSError as error:
        message = f"the folder of policies {shown(folder.path)} cannot be read: {error.strerror}"
        report.error("unreadable", message, hint="check the path and its permissions")
        return []
    if folder.trusted and not found:
        message = f"{shown(folder.path)} holds no policy"
        report.error("no-files", message, hint="name the folder of the policies")
    if folder.trusted:
        return found
    if folder.path.is_symlink() and not stays_inside(folder.path, folder.path.parent, report):
        return []
    for lost in (p for below in folders_in(folder.path) for p in below.iterdir() if is_yaml(p)):
        message = f"{shown(lost)} is neither a policy nor configuration"
        hint = f"policies lie right in {folder.path.name}/; move configuration out of there"
        report.error("bad-policy", message, Position(shown(lost), 1, 1), hint=hint)
    return [p for p in found if not p.is_symlink() or stays_inside(p, folder.path, report)]


class _Parts(NamedTuple):
    """The entries of one file, as they are turned into a policy."""

    entries: Mapping[str, Entry]
    top: Position
    trusted: bool
    kinds: Mapping[str, Kind]
    suggest: Suggester
    report: ProblemReport

    @classmethod
    def of(
        cls,
        reader: FileReader,
        path: Path,
        trusted: bool,
        kinds: Mapping[str, Kind],
        suggest: Suggester,
    ) -> "_Parts | None":
        """Read a file; None where it holds nothing that can be looked at."""
        source = reader.read(path)
        if source.root is None:
            if not source.broken:
                place = Position(source.file, 1, 1)
                reader.report.error("bad-policy", "the file is empty", place, hint=_SUCH_AS)
            return None
        top = Position(source.file, 1, 1)
        return cls(source.root.entries, top, trusted, kinds, suggest, reader.report)

    def policy(self) -> Policy | None:
        """Make the policy; None where it is wrong, which is reported."""
        before = self.report.count
        self._refuse_unknown()
        name, message = self._name(), self._message()
        severity = self._choice("severity", SEVERITIES, "error")
        about = cast("About", self._choice("about", tuple(NAMES), "resource"))
        expression, may_allow = self._expression(), self._may_allow()
        if self.report.count > before:
            return None
        words = Words.of(expression)
        place = self.entries["expression"].position
        quiet = self.trusted or names_personal(words, self.kinds)
        policy = Policy(
            name, message, severity, about, expression, place, words,
            trusted=self.trusted, may_allow=may_allow, quiet=quiet,
        )  # fmt: skip
        report_names(policy, self.kinds, self.suggest, self.report)
        return replace(policy, cases=tuple(self._cases(policy)))

    def _refuse_unknown(self) -> None:
        for field, entry in self.entries.items():
            if field not in FIELDS:
                place = entry.origin.position(entry.key)
                hint = self.suggest.hint(field, FIELDS, f"a policy has {', '.join(FIELDS)}")
                if field in self.kinds:
                    hint = "files in policies/ are no configuration: move it out of there"
                self._wrong(f"a policy has no {field!r}", place, hint)
        for field in NEEDED:
            if field not in self.entries:
                self._wrong(f"the policy has no `{field}`", self.top, _SUCH_AS)

    def _name(self) -> str:
        text = self._text("name")
        if text and not KEY_PATTERN.match(text):
            self._wrong(
                "name takes a-z, 0-9, '_' and single '-'",
                self.entries["name"].position,
                "such as no-price-under-floor",
            )
        return text

    def _message(self) -> str:
        text = self._text("message")
        if len(text) > LONGEST_MESSAGE or not text.isprintable():
            message = f"message takes one line of at most {LONGEST_MESSAGE} characters"
            self._wrong(message, self.entries["message"].position, "say it shorter")
        return text

    def _expression(self) -> str:
        text = self._text("expression")
        if len(text.encode("utf-8", "surrogatepass")) > MAX_SOURCE:
            message = f"the expression has more than {MAX_SOURCE:,} bytes"
            self._wrong(message, self.entries["expression"].position, "make it two policies")
        return text

    def _choice(self, field: str, choices: Sequence[str], otherwise: str) -> str:
        if field not in self.entries:
            return otherwise
        text = self._text(field)
        if text and text not in choices:
            place = self.entries[field].position
            hint = self.suggest.hint(text, choices)
            self._wrong(f"{field} takes {listed(choices)}, not {text!r}", place, hint)
        return text

    def _may_allow(self) -> bool:
        if "may_allow" not in self.entries:
            return False
        text, place = self._text("may_allow"), self.entries["may_allow"].position
        if text and text not in {"true", "false"}:
            self._wrong("may_allow takes true or false", place)
        elif text == "true" and not self.trusted:
            hint = "take it out; it is read of a policy that --policies gives"
            self._wrong("no policy of the repository can say that it may be let pass", place, hint)
        return text == "true"

    def _text(self, field: str) -> str:
        entry = self.entries.get(field)
        if entry is None:
            return ""
        if isinstance(entry.value, Scalar) and entry.value.text.strip():
            return entry.value.text.strip()
        self._wrong(f"{field} takes a text", entry.position)
        return ""

    def _cases(self, policy: Policy) -> Iterator[Case]:
        entry = self.entries.get("cases")
        if entry is not None:
            yield from CaseReader(policy, self.kinds, self.suggest, self.report).read(entry)

    def _wrong(self, message: str, place: Position, hint: str | None = None) -> None:
        self.report.error("bad-policy", message, place, hint=hint)


_SUCH_AS = "docs/policies.md shows a whole one: name, message, about and expression"
