"""Read ``fleet.yaml``: every problem at once, each with its place.

The file comes from pull requests. It names no key, and no path out of its own folder.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ..configuration.load.files import FileReader, absolute, is_folder
from ..configuration.load.nodes import Entry, MappingNode, Node, Origin, Scalar, SequenceNode
from ..configuration.load.problems import ProblemReport
from ..diagnostics import ConfigurationError, Position
from ..diagnostics.words import shortened
from .listing import MOST_MEMBERS, listed
from .members import EVERYBODY, REST, Fleet, Member, StopAfter, Wave
from .words import FILE, ORGANIZATIONS, Words, what_name_takes

_KEYS = ("base", ORGANIZATIONS, "waves", "stop_after")
_OF_MEMBER = ("organization", "overlays", "var_file", "wave", "tags")
_SHARE = re.compile(r"(\d{1,3}) ?%\Z")
_MOST_WAVES = 100


def read_fleet(path: Path) -> Fleet:
    """Read the file, or the one in a folder; raises ConfigurationError with every problem."""
    file = absolute(path)
    file = file / FILE if is_folder(file) else file
    report = ProblemReport()
    source = FileReader(report).read(file)
    if source.root is None:
        if not report.problems:
            report.error("bad-fleet", f"{source.file} says nothing", hint=f"see {_DOCS}")
        raise ConfigurationError(report.problems)
    reading = _Reading(file, Words(file.parent, report), report)
    fleet = reading.fleet(source.root, Origin(source.file, source.text))
    if any(problem.is_error for problem in report.problems) or fleet is None:
        raise ConfigurationError(report.problems)
    return fleet


_DOCS = "`reconciler explain bad-fleet`"


class _Reading:
    """Reads one file; what is wrong goes to the report, and reading goes on."""

    def __init__(self, file: Path, words: Words, report: ProblemReport) -> None:
        self._file = file
        self._words = words
        self._report = report

    def fleet(self, root: MappingNode, origin: Origin) -> Fleet | None:
        """Read the one block that the file holds."""
        for name, entry in root.entries.items():
            if name != "fleet":
                message = f"{shortened(name)} has no place here"
                self._wrong(entry, message, "the file holds `fleet:` alone")
        block = root.entries.get("fleet")
        if block is None or not isinstance(block.value, MappingNode):
            place = block.position if block else origin.at(0)
            hint = "write fleet: {base: FOLDER, organizations: {NAME: {organization: UUID}}}"
            self._report.error("bad-fleet", "there is no mapping `fleet:`", place, hint=hint)
            return None
        entries = self._words.entries(block, _KEYS)
        place = origin.position(block.key)
        base = self._base(entries.get("base"), place)
        waves = self._waves(entries.get("waves"))
        members = self._members(entries.get(ORGANIZATIONS), place)
        self._check_together(members, waves, entries.get("waves"))
        stop = self._stop_after(entries.get("stop_after"))
        return Fleet(self._file, base, members, waves, stop) if base else None

    def _wrong(self, entry: Entry, message: str, hint: str) -> None:
        self._report.error("bad-fleet", message, entry.position, hint=hint)

    def _base(self, entry: Entry | None, place: Position) -> Path | None:
        if entry is None:
            hint = "write base: FOLDER, the folder that holds the `reconciler:` block"
            self._report.error("bad-fleet", "there is no `base`", place, hint=hint)
            return None
        path = self._words.path(entry.value, entry)
        if path is None:
            return None
        if path == self._file.parent or not is_folder(path):
            self._wrong(entry, "`base` is no folder beside this file", "name a folder below it")
            return None
        return path

    def _members(self, entry: Entry | None, place: Position) -> tuple[Member, ...]:
        if entry is None or not isinstance(entry.value, MappingNode):
            where = entry.position if entry else place
            hint = "write organizations: {NAME: {organization: UUID}}, or {from: FILE.csv}"
            self._report.error("bad-fleet", "there is no mapping `organizations`", where, hint=hint)
            return ()
        entries = entry.value.entries
        if not entries:
            self._wrong(entry, "there is no organization", "give at least one")
        if len(entries) > MOST_MEMBERS:
            message = f"there are {len(entries):,} organizations, more than {MOST_MEMBERS:,}"
            self._wrong(entry, message, "split the fleet into several files")
            return ()
        source = entries.get("from")
        if source and isinstance(source.value, Scalar):
            for name, more in entries.items():
                if name != "from":
                    message = f"{shortened(name)} stands beside `from`"
                    self._wrong(more, message, "put it into the file")
            path = self._words.path(source.value, source)
            return tuple(listed(path, self._words, self._report)) if path else ()
        made = (self._member(name, one) for name, one in entries.items())
        return tuple(one for one in made if one)

    def _member(self, name: str, entry: Entry) -> Member | None:
        wrong = what_name_takes(name)
        if wrong:
            where = entry.origin.position(entry.key)
            message = f"{shortened(name)!r} is no name: {wrong}"
            self._report.error("bad-fleet", message, where, hint=_NAME)
        short = shortened(name)
        if not isinstance(entry.value, MappingNode):
            self._wrong(entry, f"{short} is no mapping", "write {organization: UUID}")
            return None
        given = self._words.entries(entry, _OF_MEMBER)
        words = self._words
        identity = given.get("organization")
        if identity is None:
            self._wrong(entry, f"{short} has no `organization`", "write its id, a UUID")
            return None
        organization = words.organization(words.text(identity), identity.position)
        var_file, wave = given.get("var_file"), given.get("wave")
        overlays = [words.path(node, e) for node, e in _items(given.get("overlays"))]
        tags = [words.tag(node, e) for node, e in _items(given.get("tags"))]
        return Member(
            name,
            organization or "",
            entry.origin.position(entry.key),
            tuple(path for path in overlays if path),
            words.path(var_file.value, var_file) if var_file else None,
            words.text(wave) if wave else None,
            frozenset(tag for tag in tags if tag),
        )

    def _waves(self, entry: Entry | None) -> tuple[Wave, ...]:
        if entry is None:
            return EVERYBODY
        if not isinstance(entry.value, SequenceNode) or len(entry.value.items) > _MOST_WAVES:
            self._wrong(entry, "`waves` is no short list", _WAVES)
            return EVERYBODY
        found = [self._wave(node, entry) for node in entry.value.items]
        waves = [wave for wave in found if wave]
        names = [wave.name for wave in waves]
        if len(set(names)) < len(names):
            self._wrong(entry, "a wave is named twice", _WAVES)
        return tuple(waves) if None in names else (*waves, *EVERYBODY)

    def _wave(self, node: Node, entry: Entry) -> Wave | None:
        if isinstance(node, Scalar):
            if node.text == REST:
                return Wave(None, 100)
            if what_name_takes(node.text) is None:
                return Wave(node.text)
        elif isinstance(node, MappingNode) and [*node.entries] == [REST]:
            value = node.entries[REST].value
            share = _SHARE.match(value.text) if isinstance(value, Scalar) else None
            if share and 1 <= int(share[1]) <= 100:
                return Wave(None, int(share[1]))
        place = entry.origin.position(node)
        self._report.error("bad-fleet", "this is no wave", place, hint=_WAVES)
        return None

    def _stop_after(self, entry: Entry | None) -> StopAfter:
        if entry is None:
            return StopAfter()
        given = self._words.entries(entry, StopAfter._fields)
        numbers = {name: self._number(one) for name, one in given.items()}
        return StopAfter(numbers.get("failed") or 1, numbers.get("not_started"))

    def _number(self, entry: Entry) -> int | None:
        node = entry.value
        if isinstance(node, Scalar) and re.fullmatch(r"[1-9]\d{0,5}", node.text):
            return int(node.text)
        self._wrong(entry, "this is no number of organizations", "write a number from 1 on")
        return None

    def _check_together(
        self, members: tuple[Member, ...], waves: tuple[Wave, ...], at: Entry | None
    ) -> None:
        """Check what one entry alone cannot say: doubles, and waves that are none."""
        seen: dict[str, Member] = {}
        known = {wave.name for wave in waves}
        for one in members:
            first = seen.setdefault(one.organization, one)
            if first is not one and one.organization:
                message = f"{one.name} is the organization of {first.name} ({first.position})"
                hint = "take one out: two entries would write to one organization"
                self._report.error("bad-fleet", message, one.position, hint=hint)
            if one.wave is not None and one.wave not in known:
                wave = shortened(one.wave)
                message = f"{one.name} is in the wave {wave}, which `waves` does not name"
                hint = f"write waves: [{wave}, {{rest: 25 %}}], or correct the name"
                if one.wave == REST:
                    hint = "leave `wave` out: the rest are those without one"
                self._report.error("bad-fleet", message, one.position, hint=hint)
        used = {one.wave for one in members}
        for name in sorted(name for name in known if name and name not in used):
            if at:
                self._wrong(at, f"no organization is in the wave {name}", "correct the name")


_NAME = "write small letters, digits and -, such as villa-amalfi"
_WAVES = "write waves: [canary, {rest: 25 %}]"


def _items(entry: Entry | None) -> Iterator[tuple[Node, Entry]]:
    """Iterate over a list; one value alone is a list of one."""
    if entry is not None:
        nodes = entry.value.items if isinstance(entry.value, SequenceNode) else [entry.value]
        yield from ((node, entry) for node in nodes)
