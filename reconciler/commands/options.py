"""Options and settings that several commands share."""

import math
import os
import shlex
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from ..client.connection import DEFAULT_URL, MAX_WAIT, RETRY_FOR, Connection
from ..configuration.load import read_variable_file
from ..configuration.load.variables import API_KEYS, NAME, PREFIX, is_text
from ..diagnostics import UsageError
from ..journal.records import DEFAULT_FOLDER
from ..locking import locked
from ..render.out import say
from ..support.candidates import complete_addresses, complete_consents, complete_kinds
from ..support.diagnosis import diagnosis_of

Command = TypeVar("Command", bound=Callable[..., Any])
MAX_KEY_FILE = 4096


class PathType(click.Path):
    """A path, and never an empty one: a variable that is not set would mean the working folder."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True):
        super().__init__(exists, file_okay, dir_okay, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """Refuse an empty path; else do what click does."""
        if not os.fspath(value):
            self.fail("the path is empty; write . for the working folder.", param, ctx)
        return super().convert(value, param, ctx)


paths_argument = click.argument(
    "paths", nargs=-1, required=True, type=PathType(), metavar="PATH..."
)


def variable_options(command: Command) -> Command:
    """Add ``--var`` and ``--var-file``."""
    command = click.option(
        "--var-file",
        "var_files",
        multiple=True,
        type=PathType(),
        help="Take values for ${NAME} from a YAML mapping or a .env file. Repeatable.",
    )(command)
    return click.option(
        "--var",
        "var_texts",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set the value of ${NAME}. Repeatable; goes before --var-file, and that before"
        f" {PREFIX}NAME in the environment.",
    )(command)


def connection_options(command: Command) -> Command:
    """Add ``--api-url``, ``--api-key-file``, and what every command that asks the API takes."""
    command = timeout_option(diagnosis_options(command))
    command = click.option(
        "--api-key-file",
        type=PathType(),
        help="Read the API key from this file instead of BOOKINGMOOD_API_KEY.",
    )(command)
    return click.option(
        "--api-url",
        metavar="URL",
        help=f"Where the API is; else BOOKINGMOOD_API_URL, else {DEFAULT_URL}.",
    )(command)


def diagnosis_options(command: Command) -> Command:
    """Add ``-v`` and ``--log-file``; :func:`read_connection` finds their values."""
    command = click.option(
        "--log-file",
        type=PathType(),
        expose_value=False,
        callback=_keep,
        help="Write requests and stages to this file as JSON lines; no key, no values.",
    )(command)
    return click.option(
        "-v",
        "--verbose",
        count=True,
        expose_value=False,
        callback=_keep,
        help="Tell each request on stderr; -vv: each stage, too.",
    )(command)


def limit_options(command: Command) -> Command:
    """Add ``--target`` and ``--kinds``."""
    command = click.option(
        "--kinds",
        "kind_names",
        multiple=True,
        metavar="KIND,...",
        shell_complete=complete_kinds,
        help="Only resources of these kinds, and what they refer to. Deletes nothing.",
    )(command)
    return click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=complete_addresses,
        help="Only this resource, and what it refers to. Repeatable. Deletes nothing.",
    )(command)


auto_approve_option = click.option(
    "--auto-approve", is_flag=True, help="Do not ask; needed where there is no terminal."
)
allow_option = click.option(
    "--allow",
    "allow",
    multiple=True,
    metavar="NAME,...",
    shell_complete=complete_consents,
    help="Give consents that the plan says it needs. Repeatable.",
)
kinds_option = click.option(
    "--kinds",
    "kind_names",
    multiple=True,
    metavar="KIND,...",
    shell_complete=complete_kinds,
    help="Only these kinds.",
)
journal_option = click.option(
    "--journal",
    type=PathType(file_okay=False),
    help="Keep the journal in this folder instead of .reconciler/journal beside the YAML.",
)
parallelism_option = click.option(
    "--parallelism",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="The most requests in flight; the limit in force adapts to the server.",
)


class Seconds(click.ParamType[float]):
    """A number of seconds within bounds; ``nan`` compares with nothing, and is none."""

    name = "seconds"

    def __init__(self, least: float, most: float) -> None:
        self._least = least
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number."""
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = math.nan
        if not self._least <= seconds <= self._most:
            bounds = f"from {self._least:g} to {self._most:g}"
            self.fail(f"{value!r} is no number of seconds {bounds}.", param, ctx)
        return seconds


def timeout_option(command: Command) -> Command:
    """Add ``--timeout`` and its like; :func:`read_connection` finds their values."""
    command = click.option(
        "--max-wait",
        type=Seconds(0, 86400),
        default=MAX_WAIT,
        show_default=True,
        expose_value=False,
        callback=_keep,
        help="Seconds to wait at most where the server asks to wait (Retry-After).",
    )(command)
    command = click.option(
        "--retry-for",
        type=Seconds(0, 86400),
        default=RETRY_FOR,
        show_default=True,
        expose_value=False,
        callback=_keep,
        help="Seconds to try a request again where the trouble may pass.",
    )(command)
    return click.option(
        "--timeout",
        type=Seconds(0.1, 600),
        default=30.0,
        show_default=True,
        expose_value=False,
        callback=_keep,
        help="Seconds to wait for an answer.",
    )(command)


def lock_option(command: Command) -> Command:
    """Add ``--lock-timeout``; :func:`locked_folder` finds its value."""
    return click.option(
        "--lock-timeout",
        type=Seconds(0, 86_400),
        default=0.0,
        expose_value=False,
        callback=_keep_lock_timeout,
        help="How long to wait while another run writes in this folder; else not at all.",
    )(command)


def _keep_lock_timeout(ctx: click.Context, _: click.Parameter, value: float) -> None:
    ctx.meta["reconciler.lock_timeout"] = value


def locked_folder(folder: Path) -> AbstractContextManager[None]:
    """Let no other run write in a folder while the block lasts; raises UsageError."""
    ctx = click.get_current_context()
    patience = ctx.meta.get("reconciler.lock_timeout", 0.0)
    return locked(folder, ctx.info_name or "", patience=patience, tell=partial(say, err=True))


def journal_folder(folder: Path, chosen: Path | None) -> Path:
    """Say where the journal of a configuration's folder is."""
    return chosen or folder / DEFAULT_FOLDER


def read_variables(texts: tuple[str, ...], files: tuple[Path, ...]) -> dict[str, str]:
    """Read the values given on the command line; raises UsageError."""
    variables: dict[str, str] = {}
    for file in files:
        variables.update(read_variable_file(file))
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not NAME.match(name):
            hint = "write --var NAME=VALUE; a name has letters, digits and _, no digit first"
            raise UsageError(f"--var {name!r} is not NAME=VALUE", hint=hint)
        if name in API_KEYS:
            hint = f"set {name} in the environment, or give --api-key-file FILE"
            raise UsageError(f"--var {name}: an API key is no variable", hint=hint)
        if not is_text(value):
            raise UsageError(f"--var {name}: the value is not UTF-8 text", hint="give it as UTF-8")
        variables[name] = value
    return variables


def _keep(ctx: click.Context, option: click.Parameter, value: object) -> None:
    ctx.meta[f"reconciler.{option.name}"] = value


def read_connection(api_url: str | None, api_key_file: Path | None) -> Connection:
    """Find the API address and key; raises UsageError saying what to set."""
    url = api_url or os.environ.get("BOOKINGMOOD_API_URL") or DEFAULT_URL
    ctx = click.get_current_context()
    return replace(
        Connection.checked(url, _key(api_key_file)),
        timeout=ctx.meta["reconciler.timeout"],
        retry_for=ctx.meta["reconciler.retry_for"],
        max_wait=ctx.meta["reconciler.max_wait"],
        insists=ctx.get_parameter_source("retry_for") is not ParameterSource.DEFAULT,
        tell=partial(say, err=True),
        listener=diagnosis_of(ctx),
    )


def _key(file: Path | None) -> str:
    if file is None:
        key = os.environ.get("BOOKINGMOOD_API_KEY", "")
        if not key.strip():
            raise UsageError(
                "no API key is set",
                hint="set BOOKINGMOOD_API_KEY, or name a file with --api-key-file",
            )
        return key
    try:
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & (stat.S_IRGRP | stat.S_IROTH):
                say(f"warning: others may read the API key file {file}", err=True)
                say(f"  hint: chmod 600 {shlex.quote(str(file))}", err=True)
            return opened.read(MAX_KEY_FILE).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the API key file {file} cannot be read", hint="check the path and its rights"
        ) from error
