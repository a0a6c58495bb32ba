"""Check the YAML offline, and turn it into the desired state.

Every value gets the type of its column, every reference a target, every problem its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from ...catalogue import Kind
from ...diagnostics import Problem
from ...values.address import Address
from ..expand import Expanded, expand
from ..load import BELOW, Loaded, ProblemReport, paused_collector
from ..places import Places
from ..resource import Configuration, Resource
from .cycles import report_cycles
from .declared import Declarations, declare
from .doubles import report_doubles
from .references import References
from .resources import ResourceReader, missing_on_create
from .secrets import secret_names
from .settings import Settings, SettingsReader
from .suggest import Suggester
from .values import ValueReader

__all__ = ["Examined", "examine", "missing_on_create", "validate"]


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
) -> Examined:
    """Do what :func:`validate` does, and give all that was found on the way."""
    below = tuple(problem for problem in loaded.problems if problem.code == BELOW)
    if below:
        return Examined(None, below)
    report = ProblemReport()
    report.extend(loaded.problems)
    suggest = Suggester()
    with paused_collector():
        expanded = expand(loaded, kinds, report, suggest.hint)
        loaded = expanded.loaded
        secrets = secret_names(expanded, kinds)
        loaded = replace(loaded, variables=loaded.variables.with_secrets(secrets))
        declared = declare(replace(expanded, loaded=loaded), kinds, report, suggest)
        settings = None
        if loaded.settings is not None:
            reader = SettingsReader(kinds, loaded.variables, report, suggest, unset_is_error)
            settings = reader.read(loaded.settings)
            if loaded.complete:
                reader.warn_of_strangers(loaded.settings, declared.by_address)
        references = References(
            kinds, declared.by_address, declared.absent, suggest, complete=loaded.complete
        )
        values = ValueReader(
            kinds, references, loaded.variables, suggest, unset_is_error=unset_is_error
        )
        resource_reader = ResourceReader(kinds, declared.by_address, values, report, suggest)
        same = known if known is not None and _are_the_same(known, declared) else {}
        resources = _resources(declared, resource_reader, kinds, report, same)
        if not report.only_counts:
            report_cycles(resources, kinds, report)
        for address, resource in resources.items():
            if resource is not same.get(address):
                _warn_of_missing(resource, kinds, report)
        if not report.only_counts:
            report_doubles(resources, kinds, report)
    problems = tuple(sorted(report.problems, key=_by_place))
    if expanded.templates:
        from ..expand.once import told_once  # most folders have none

        problems = tuple(told_once(problems))
    configuration = None
    if settings is not None and not any(problem.is_error for problem in problems):
        configuration = _configuration(loaded, settings, declared, resources, kinds)
    return Examined(configuration, problems, expanded, declared, resources)


def _resources(
    declared: Declarations,
    reader: ResourceReader,
    kinds: Mapping[str, Kind],
    report: ProblemReport,
    same: Mapping[Address, Resource],
) -> Mapping[Address, Resource]:
    """Read every resource; those that come after too many problems are not kept.

    No configuration comes of them any more, and a file may have a million.
    """
    kept: dict[Address, Resource] = {}
    for address, item in declared.by_address.items():
        if item.misshapen:
            continue
        was, block = same.get(address), cast("Places", item.columns)
        if was is not None and was.places is block:
            kept[address] = was
            continue
        resource = reader.read(item)
        if report.only_counts:
            _warn_of_missing(resource, kinds, report)
        else:
            kept[address] = resource
    return kept


def _are_the_same(known: Mapping[Address, Resource], declared: Declarations) -> bool:
    """Tell whether everything that may be referred to is as it was."""
    absent = {address for address, resource in known.items() if resource.absent}
    return known.keys() == declared.by_address.keys() and absent == declared.absent


def _warn_of_missing(resource: Resource, kinds: Mapping[str, Kind], report: ProblemReport) -> None:
    address = resource.address
    missing = missing_on_create(kinds[address.kind], resource)
    # A column that is given but wrong has a problem of its own.
    missing = tuple(name for name in missing if resource.places.of(name) is None)
    if missing:
        report.warning(
            "missing-column",
            f"{', '.join(missing)} would be needed to create {address}",
            resource.position,
            address=str(address),
            hint="fine if the row exists; otherwise give it",
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
