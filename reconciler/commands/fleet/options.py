"""Options that fleet commands share, and what they say as frozen values."""

import os
from pathlib import Path

import click

from ...client.defaults import DEFAULT_URL, url_of
from ...client.listening import Exchange
from ...configuration.load import read_variables
from ...fleet.cluster import Scheduler
from ...fleet.document import read_fleet
from ...fleet.inputs import Files, FleetInputs, Reach, Selection
from ...fleet.running import MOST_REQUESTS
from ...fleet.tasks import Access
from ...support.diagnosis import diagnosis_of
from ..options import (
    diagnosis_options,
    gathered,
    is_given,
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
    return Selection.of(fleet, select_words, wave, parts, jobs, scheduler)


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
    files = Files(given, var_files, targets, kind_names, max_made, policies, unmanaged)
    files.check()
    return files


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
    url, insists = url_of(api_url, os.environ).rstrip("/"), is_given("retry_for")
    diagnosis = diagnosis_of(click.get_current_context(), verbose, log_file)
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
