"""Check the YAML offline, and turn it into the desired state.

Every value gets the type of its column, every reference a target, every problem its place.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple, cast

from ...catalogue import Kind
from ...diagnostics import Problem
from ...values.address import Address
from ..expand import Expanded, expand
from ..load import BELOW, Loaded, ProblemReport, paused_collector
from ..places import Places
from ..resource import Configuration, Resource
from .cycles import report_cycles
from .declaration import Declared
from .declared import Declarations, declare
from .doubles import report_doubles
from .memory import Memory
from .references import References
from .resources import ResourceReader, missing_on_create
from .secrets import secret_names
from .settings import Settings, SettingsReader
from .suggest import Suggester
from .values import ValueReader

__all__ = ["Examined", "Memory", "examine", "missing_on_create", "validate"]


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of checking: the configuration where it is one, and what was found on the way.

    ``expanded`` and ``declared`` are None where nothing can be said of what was read;
    ``resources`` are those that were read, without the columns that are wrong.
    """

    configuration: Configuration | None
    problems: tuple[Problem, ...]
    expanded: Expanded | None = None
    declared: Declarations | None = None
    resources: Mapping[Address, Resource] = field(default_factory=dict)


def validate(
    loaded: Loaded,
    kinds: Mapping[str, Kind],
    *,
    unset_is_error: bool,
    known: Mapping[Address, Resource] | None = None,
) -> tuple[Configuration | None, tuple[Problem, ...]]:
    """Check what was read; the configuration is None where any problem is an error.

    The problems, those of reading included, are in the order of the files. Unset variables are
    errors only where ``unset_is_error``; else their values are ``Unknown``. ``known`` are the
    resources as they were valid before, with the same variables: what stands in the same block is
    not checked again, as long as there are the same ones.
    """
    examined = examine(loaded, kinds, unset_is_error=unset_is_error, known=known)
    return examined.configuration, examined.problems


def examine(
    loaded: Loaded,
    kinds: Mapping[str, Kind],
    *,
    unset_is_error: bool,
    known: Mapping[Address, Resource] | None = None,
    memory: Memory | None = None,
) -> Examined:
    """Do what :func:`validate` does, and give all that was found on the way.

    ``memory`` is what was right before; it takes what is right now.
    """
    below = tuple(problem for problem in loaded.problems if problem.code == BELOW)
    if below:
        return Examined(None, below)
    report = ProblemReport()
    report.extend(loaded.problems)
    suggest = Suggester()
    with paused_collector():
        made_before = memory.made if memory else None
        expanded = expand(loaded, kinds, report, suggest.hint, made_before)
        loaded = expanded.loaded
        secrets = secret_names(expanded, kinds)
        loaded = replace(loaded, variables=loaded.variables.with_secrets(secrets))
        if memory:
            memory.begin(kinds, loaded.variables, unset_is_error=unset_is_error)
        declared = declare(replace(expanded, loaded=loaded), kinds, report, suggest, memory)
        settings = None
        if loaded.settings is not None:
            reader = SettingsReader(kinds, loaded.variables, report, suggest, unset_is_error)
            settings = reader.read(loaded.settings)
            if loaded.complete:
                reader.warn_of_strangers(loaded.settings, declared.by_address)
        absent = declared.absent
        references = References(
            kinds, declared.by_address, absent, suggest, complete=loaded.complete
        )
        values = ValueReader(
            kinds, references, loaded.variables, suggest, unset_is_error=unset_is_error
        )
        resource_reader = ResourceReader(kinds, declared.by_address, values, report, suggest)
        same = known if known is not None and _are_the_same(known, declared) else {}
        reading = _Reading(declared, resource_reader, kinds, report, suggest, same, absent, memory)
        resources, missing = reading.read()
        if memory:
            memory.forget_others(declared.by_address)
        if not report.only_counts:
            report_cycles(resources, kinds, report)
        report.extend(missing)
        if not report.only_counts:
            report_doubles(resources, kinds, report, memory)
    problems = tuple(sorted(report.problems, key=_by_place))
    if expanded.templates:
        from ..expand.once import told_once  # most folders have none

        problems = tuple(told_once(problems))
    configuration = None
    if settings is not None and not any(problem.is_error for problem in problems):
        configuration = _configuration(loaded, settings, declared, resources, kinds)
    return Examined(configuration, problems, expanded, declared, resources)


class _Reading(NamedTuple):
    """What it takes to read all resources; what is the ``same`` as before, or right, is not."""

    declared: Declarations
    reader: ResourceReader
    kinds: Mapping[str, Kind]
    report: ProblemReport
    suggest: Suggester
    same: Mapping[Address, Resource]
    absent: frozenset[Address]
    memory: Memory | None

    def read(self) -> tuple[Mapping[Address, Resource], list[Problem]]:
        """Read every resource; gives what creates would need, too, to be told after other things.

        Those that come after too many problems are not kept. No configuration comes of them any
        more, and a file may have a million.
        """
        kept: dict[Address, Resource] = {}
        missing: list[Problem] = []
        rights = self.memory.rights if self.memory else {}
        all_of_them: Set[Address] = self.declared.by_address.keys()
        live = all_of_them - self.absent if self.absent else all_of_them
        for address, item in self.declared.by_address.items():
            if item.misshapen:
                continue
            was, right = self.same.get(address), rights.get(address)
            if was is not None and was.places is cast("Places", item.columns):
                kept[address] = was
                continue
            if right is not None and right.columns is item.columns and right.uses <= live:
                resource, lacks = right.resource, right.missing
            else:
                resource, lacks = self._new(item)
            if self.report.only_counts:
                self.report.extend([lacks] if lacks else ())
                continue
            kept[address] = resource
            if lacks:
                missing.append(lacks)
        return kept, missing

    def _new(self, item: Declared) -> tuple[Resource, Problem | None]:
        before = self.report.count, self.suggest.left
        resource = self.reader.read(item)
        missing = _missing(resource, self.kinds)
        if self.memory and before == (self.report.count, self.suggest.left):
            self.memory.keep_right(item, resource, missing)
        return resource, missing


def _are_the_same(known: Mapping[Address, Resource], declared: Declarations) -> bool:
    """Tell whether everything that may be referred to is as it was."""
    absent = {address for address, resource in known.items() if resource.absent}
    return known.keys() == declared.by_address.keys() and absent == declared.absent


def _missing(resource: Resource, kinds: Mapping[str, Kind]) -> Problem | None:
    """Say what a create would need, and the resource lacks."""
    address = resource.address
    missing = missing_on_create(kinds[address.kind], resource)
    # A column that is given but wrong has a problem of its own.
    missing = tuple(name for name in missing if resource.places.of(name) is None)
    if not missing:
        return None
    return Problem(
        "missing-column",
        f"{', '.join(missing)} would be needed to create {address}",
        resource.position,
        address=str(address),
        hint="fine if the row exists; otherwise give it",
        severity="warning",
    )


def _configuration(
    loaded: Loaded,
    settings: Settings,
    declared: Declarations,
    resources: Mapping[Address, Resource],
    kinds: Mapping[str, Kind],
) -> Configuration:
    return Configuration(
        stack=settings.stack,
        organization=settings.organization,
        forbidden_organizations=settings.forbidden_organizations,
        protect=settings.protect,
        resources=resources,
        folder=loaded.folder,
        limited=declared.limited,
        files=tuple(source.file for source in loaded.sources if not source.made),
        secrets=frozenset(loaded.variables.secret_texts()),
        timezone=settings.timezone,
        kinds=kinds,
        only_above=declared.only_above,
    )


def _by_place(problem: Problem) -> tuple[bool, str, int, int]:
    place, rest = problem.position, problem.stands_for > 1
    return (rest, place.file, place.line, place.column) if place else (rest, "", 0, 0)
