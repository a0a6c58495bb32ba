"""What the options of fleet commands say, as frozen values."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
from click.core import ParameterSource

from ...catalogue.names import listed
from ...client.defaults import DEFAULT_URL
from ...client.listening import Exchange
from ...configuration.load import read_variables
from ...configuration.load.files import absolute
from ...diagnostics import UsageError
from ...fleet.cluster import Scheduler
from ...fleet.document import read_fleet
from ...fleet.hearing import Hear, nobody_hears
from ...fleet.keys import root_of, sources_of
from ...fleet.members import Fleet, Member, Turn, turns_of
from ...fleet.running import AT_ONCE, MOST_REQUESTS
from ...fleet.selecting import select
from ...fleet.tasks import Access, Task, Verb, Writing, Yaml
from ...journal.records import DEFAULT_FOLDER
from ...plan.verdicts import PREFIX
from ...planning.consent import parse_allowed
from ...support.diagnosis import diagnosis_of
from ...telemetry.traced import below_the_run
from ..options import (
    diagnosis_options,
    gathered,
    limit_options,
    made_option,
    parallelism_option,
    policies_option,
    together,
    variable_options,
    waiting_options,
)
from ..stopped import finish_in
from ..types import PathType


@dataclass(frozen=True, slots=True)
class Selection:
    """Which fleet, and which of its members; ``jobs`` is in how many processes.

    ``scheduler`` is that of Dask, where its workers do it.
    """

    fleet: Fleet
    members: tuple[Member, ...]
    jobs: int | None = None
    scheduler: Scheduler | None = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The members, wave by wave."""
        return turns_of(self.fleet, self.members)

    @property
    def together(self) -> tuple[Turn, ...]:
        """All members in one turn: to read, nobody waits for others."""
        return (Turn("", self.members),)

    def only(self, members: Sequence[Member]) -> "Selection":
        """Give the same fleet with some of its members."""
        return replace(self, members=tuple(members))


@dataclass(frozen=True, slots=True)
class Files:
    """With which values the YAML is read, and what of it is looked at."""

    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    made: int = 0
    policies: tuple[Path, ...] = ()
    unmanaged: bool = False

    def yaml(self, fleet: Fleet, member: Member) -> Yaml:
        """Say which files are read for a member."""
        own = (member.var_file,) if member.var_file else ()
        return Yaml(
            str(fleet.base),
            tuple(map(str, member.overlays)),
            tuple(str(absolute(path)) for path in (*self.var_files, *own)),
            self.variables,
            self.targets,
            self.kinds,
            self.made,
            tuple(str(absolute(path)) for path in self.policies),
            self.unmanaged,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How the API is reached, with which keys."""

    access: Access
    keys: Path | None = None
    most_requests: int = MOST_REQUESTS
    hear: Hear = nobody_hears

    def check(self, fleet: Fleet) -> None:
        """Check the sources of all keys, before any request."""
        sources_of(fleet.members, self.keys, fleet.folder)


@dataclass(frozen=True, slots=True)
class FleetInputs:
    """All that the tasks of a command have in common.

    ``at_once`` is how many organizations are in flight in one process.
    """

    selection: Selection
    files: Files
    reach: Reach
    at_once: int = AT_ONCE

    def one_by_one(self) -> "FleetInputs":
        """Give the same for tasks that write into files that they share."""
        return replace(self, selection=replace(self.selection, jobs=1), at_once=1)

    def task_of(
        self, verb: Verb, writing: Callable[[Member], Writing] = lambda member: Writing()
    ) -> Callable[[Member, str], Task]:
        """Give what makes the task of a member in a wave."""
        fleet, keys = self.selection.fleet, self.reach.keys

        def make(member: Member, wave: str) -> Task:
            return Task(
                verb,
                member.name,
                member.organization,
                wave,
                self.files.yaml(fleet, member),
                self.reach.access,
                str(root_of(fleet.folder)),
                str(absolute(keys)) if keys else None,
                writing(member),
                above=below_the_run(),
            )

        return make


@dataclass(frozen=True, slots=True)
class Consents:
    """Consents for all, and those for one member alone."""

    for_all: frozenset[str]
    own: Mapping[str, frozenset[str]]

    @classmethod
    def given(cls, allow: Sequence[str], fleet: Fleet) -> "Consents":
        """Read ``--allow NAME`` and ``--allow MEMBER:NAME``; raises UsageError."""
        names = {one.name for one in fleet.members}
        shared: list[str] = []
        own: dict[str, list[str]] = {}
        for word in listed(allow):
            member, colon, consent = word.partition(":")
            if not colon or word.startswith(PREFIX):
                shared.append(word)
            elif member in names:
                own.setdefault(member, []).append(consent)
            else:
                hint = "write --allow NAME for all, or --allow ORGANIZATION:NAME"
                raise UsageError(f"the fleet has no organization {member}", hint=hint)
        return cls(parse_allowed(shared), {name: parse_allowed(own[name]) for name in own})

    def of(self, member: Member) -> tuple[str, ...]:
        """List the consents of a member."""
        return tuple(sorted(self.for_all | self.own.get(member.name, frozenset())))


@dataclass(frozen=True, slots=True)
class FleetWorkplace:
    """Where a run of a fleet writes on this machine."""

    lock_timeout: float
    journal: Path | None = None

    def folder(self, fleet: Fleet) -> Path:
        """The folder of all journals."""
        return absolute(self.journal) if self.journal else fleet.base / DEFAULT_FOLDER

    def check(self, scheduler: Scheduler | None) -> None:
        """Insist on storage that workers of other machines share; raises UsageError."""
        if scheduler and scheduler.is_elsewhere and self.journal is None:
            raise UsageError(
                "workers of other machines write only where all share storage for journals",
                hint="give --journal DIR on it; without it --scheduler is for validate, plan,"
                " drift and doctor",
            )

    def of(self, fleet: Fleet, member: Member) -> Path:
        """The folder of the journals of one organization."""
        return self.folder(fleet) / member.organization


def _scheduler(
    scheduler_address: str | None,
    tls_ca: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
) -> Scheduler | None:
    if scheduler_address is None:
        return None
    return Scheduler(scheduler_address, tls_ca, tls_cert, tls_key)


def _selection(
    file: Path,
    select_words: str | None,
    wave: str | None,
    parts: tuple[str, ...],
    jobs: int | None,
    scheduler: Scheduler | None,
) -> Selection:
    fleet = read_fleet(file)
    finish_in([fleet.base])
    if parts and select_words is not None:
        raise UsageError("--part and --select both name organizations", hint="give one of them")
    words = ",".join(parts) if parts else select_words
    return Selection(fleet, select(fleet, words, wave), jobs, scheduler)


def _files(
    var_texts: tuple[str, ...],
    var_files: tuple[Path, ...],
    max_made: int,
    targets: tuple[str, ...] = (),
    kind_names: tuple[str, ...] = (),
    policies: tuple[Path, ...] = (),
    unmanaged: bool = False,
) -> Files:
    given = read_variables(var_texts, ())
    read_variables((), var_files)  # what is wrong with them is told before anything is begun
    return Files(given, var_files, targets, kind_names, max_made, policies, unmanaged)


def _reach(
    api_url: str | None,
    timeout: float,
    retry_for: float,
    max_wait: float,
    keys: Path | None,
    max_requests: int,
    parallelism: int,
    verbose: int,
    log_file: Path | None,
) -> Reach:
    url = (api_url or os.environ.get("BOOKINGMOOD_API_URL") or DEFAULT_URL).rstrip("/")
    ctx = click.get_current_context()
    insists = ctx.get_parameter_source("retry_for") is not ParameterSource.DEFAULT
    diagnosis = diagnosis_of(ctx, verbose, log_file)
    listened = bool(verbose or log_file)
    access = Access(url, timeout, retry_for, max_wait, insists, parallelism, listened)

    def hear(name: str, exchange: Exchange) -> None:
        diagnosis.exchanged(exchange, of=name)

    return Reach(access, keys, max_requests, hear)


def _inputs(selection: Selection, files: Files, reach: Reach) -> FleetInputs:
    reach.check(selection.fleet)
    return FleetInputs(selection, files, reach)


report_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="json: each organization, and its plan. markdown: for a pull request. html: a page to look"
    " through, one file. None of them holds personal data.",
)
_FILE = click.argument("file", type=PathType(), default=Path(), metavar="[FILE]")
_SELECT = together(
    click.option(
        "--select",
        "select_words",
        metavar="WORD,...",
        help="Only these: names, and tag:NAME; !WORD leaves out. Such as 'tag:it,!bergen'.",
    ),
    click.option("--wave", metavar="NAME", help="Only the organizations of this wave."),
    click.option(
        "--part",
        "parts",
        multiple=True,
        metavar="NAME",
        help="Only this organization's part, where its key is apart from others. Repeatable.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1, 64),
        metavar="N",
        help="In how many processes; else as many as there are processors.",
    ),
    click.option(
        "--scheduler",
        "scheduler_address",
        metavar="ADDRESS",
        help="Use Dask: `local` for a cluster of this machine, else tls://HOST:PORT.",
    ),
    click.option("--tls-ca", type=PathType(), help="With --scheduler: who signs certificates."),
    click.option("--tls-cert", type=PathType(), help="With --scheduler: the own certificate."),
    click.option("--tls-key", type=PathType(), help="With --scheduler: its private key."),
)
_REACH = together(
    click.option(
        "--api-url",
        metavar="URL",
        help=f"Where the API is; else BOOKINGMOOD_API_URL, else {DEFAULT_URL}.",
    ),
    click.option(
        "--keys",
        type=PathType(),
        metavar="FILE",
        help="Where the keys are: a file outside the repository. Else in BM_KEY_NAME each.",
    ),
    waiting_options,
    diagnosis_options,
    parallelism_option,
    click.option(
        "--max-requests",
        type=click.IntRange(1, 1024),
        default=MOST_REQUESTS,
        show_default=True,
        metavar="N",
        help="The most requests in flight of all organizations together.",
    ),
)
unmanaged_option = click.option(
    "--unmanaged",
    is_flag=True,
    help="Also count the rows that are in no YAML, by kind; they count as a difference.",
)
offline_options = together(
    _FILE,
    _SELECT,
    variable_options,
    made_option,
    policies_option,
    gathered(scheduler=_scheduler, selection=_selection, files=_files),
)
"""The options of a command that asks nobody; it gets ``selection`` and ``files``."""
fleet_options = together(
    _FILE,
    _SELECT,
    variable_options,
    limit_options,
    policies_option,
    _REACH,
    gathered(
        scheduler=_scheduler, selection=_selection, files=_files, reach=_reach, inputs=_inputs
    ),
)
"""The options of a command that plans; it gets them as ``inputs``."""
plain_options = together(
    _FILE,
    _SELECT,
    variable_options,
    made_option,
    policies_option,
    _REACH,
    gathered(
        scheduler=_scheduler, selection=_selection, files=_files, reach=_reach, inputs=_inputs
    ),
)
"""The same, of a command that looks at all of the YAML."""
