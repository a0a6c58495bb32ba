"""Options that several commands share, each declared once; ``inputs`` makes values of them."""

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from ..client.defaults import DEFAULT_URL, MAX_WAIT, RETRY_FOR
from ..configuration.load import MOST_MADE, read_variables
from ..configuration.load.variable_file import Sources, read_given
from ..configuration.load.variables import PREFIX
from ..render.formats import FORMATS
from ..support.candidates import complete_addresses, complete_consents, complete_kinds
from .stopped import finish_first
from .types import PathType, Seconds

Command = TypeVar("Command", bound=Callable[..., Any])


def together(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Make one decorator of several, which help lists in this order."""

    def add(command: Command) -> Command:
        return functools.reduce(lambda to, option: option(to), reversed(options), command)

    return add


def gathered(**makers: Callable[..., object]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command values made of its options, instead of the options themselves.

    A maker takes options, or what makers before it made, by their names.
    """
    names = {name: tuple(inspect.signature(make).parameters) for name, make in makers.items()}

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_values(**values: object) -> object:
            for name, make in makers.items():
                own = {each: values.pop(each) for each in names[name] if each in values}
                values[name] = make(**own)
            return command(**values)

        return with_values

    return add


def is_given(name: str) -> bool:
    """Tell whether somebody set an option of this command."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not ParameterSource.DEFAULT


paths_argument = click.argument(
    "paths", nargs=-1, required=True, type=PathType(), metavar="PATH...", callback=finish_first
)
variable_options = together(
    click.option(
        "--var",
        "var_texts",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set the value of ${NAME}. Repeatable; wins over --var-file, which wins over"
        f" {PREFIX}NAME in the environment.",
    ),
    click.option(
        "--var-file",
        "var_files",
        multiple=True,
        type=PathType(),
        help="Take values for ${NAME} from a YAML mapping or a .env file. Repeatable.",
    ),
)


update_variables_option = click.option(
    "--update-var-file",
    type=PathType(),
    help="Which --var-file gets the live values of variables, each on its own place.",
)


def sources_of(
    var_texts: tuple[str, ...], var_files: tuple[Path, ...], update_var_file: Path | None
) -> Sources:
    """Take what sets variables, and the file in which they may be changed; raises UsageError."""
    return Sources(read_given(var_texts), var_files, update_var_file)


def variables_of(var_texts: tuple[str, ...], var_files: tuple[Path, ...]) -> Mapping[str, str]:
    """Make one mapping of ``--var`` and ``--var-file``; raises UsageError."""
    return read_variables(var_texts, var_files)


waiting_options = together(
    click.option(
        "--timeout",
        type=Seconds(0.1, 600),
        default=30.0,
        show_default=True,
        help="Seconds to wait for an answer.",
    ),
    click.option(
        "--retry-for",
        type=Seconds(0, 86400),
        default=RETRY_FOR,
        show_default=True,
        help="Seconds to try a request again where the trouble may pass.",
    ),
    click.option(
        "--max-wait",
        type=Seconds(0, 86400),
        default=MAX_WAIT,
        show_default=True,
        help="Seconds to wait at most where the server asks to wait (Retry-After).",
    ),
)
diagnosis_options = together(
    click.option(
        "-v", "--verbose", count=True, help="Tell each request on stderr; -vv: each stage, too."
    ),
    click.option(
        "--log-file",
        type=PathType(),
        help="Write requests and stages to this file as JSON lines; no key, no values.",
    ),
)
connection_options = together(
    click.option(
        "--api-url",
        metavar="URL",
        help=f"Where the API is; else BOOKINGMOOD_API_URL, else {DEFAULT_URL}.",
    ),
    click.option(
        "--api-key-file",
        type=PathType(),
        help="Read the API key from this file instead of BOOKINGMOOD_API_KEY.",
    ),
    waiting_options,
    diagnosis_options,
)
made_option = click.option(
    "--max-made",
    type=click.IntRange(1),
    default=MOST_MADE,
    show_default=True,
    metavar="N",
    help="The most resources that templates may make; values and text go with them.",
)
limit_options = together(
    click.option(
        "--target",
        "targets",
        multiple=True,
        metavar="ADDRESS",
        shell_complete=complete_addresses,
        help="Only this resource, and what it refers to. Repeatable. Deletes nothing.",
    ),
    click.option(
        "--kinds",
        "kind_names",
        multiple=True,
        metavar="KIND,...",
        shell_complete=complete_kinds,
        help="Only resources of these kinds, and what they refer to. Deletes nothing.",
    ),
    made_option,
)
kinds_option = click.option(
    "--kinds",
    "kind_names",
    multiple=True,
    metavar="KIND,...",
    shell_complete=complete_kinds,
    help="Only these kinds.",
)
readable_keys_option = click.option(
    "--readable-keys",
    multiple=True,
    metavar="KIND,...",
    shell_complete=complete_kinds,
    help="New keys of these kinds hold names of people; else they say nothing. Repeatable.",
)
where_option = click.option(
    "--where",
    "where",
    multiple=True,
    metavar="KIND:COLUMN=OP.VALUE",
    help="Only rows of KIND that match, such as 'contacts:email=like.*@example.com'. Repeatable.",
)
parallelism_option = click.option(
    "--parallelism",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="The most requests in flight; the limit in force adapts to the server.",
)
auto_approve_option = click.option(
    "--auto-approve", is_flag=True, help="Do not ask; needed where there is no terminal."
)
allow_option = click.option(
    "--allow",
    multiple=True,
    metavar="NAME,...",
    shell_complete=complete_consents,
    help="Give consents that the plan says it needs. Repeatable.",
)
journal_option = click.option(
    "--journal",
    type=PathType(file_okay=False),
    help="Keep the journal in this folder instead of .reconciler/journal beside the YAML.",
)
lock_option = click.option(
    "--lock-timeout",
    type=Seconds(0, 86_400),
    default=0.0,
    help="How long to wait while another run writes in this folder; else not at all.",
)
personal_option = click.option(
    "--show-personal-data", is_flag=True, help="Show personal values in the plan."
)
policies_option = click.option(
    "--policies",
    multiple=True,
    type=PathType(),
    metavar="DIR",
    help="Also judge by the policies in this folder, which nobody can change with the YAML;"
    " they win over those beside it. Repeatable.",
)


def form_option(text: str, *more: str) -> Callable[[Command], Command]:
    """Make the option for people or programs; the text says what the forms besides text are."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", *more]),
        default="text",
        show_default=True,
        help=text,
    )


def page_option(text: str) -> Callable[[Command], Command]:
    """Make the option for people at a terminal or with a browser; the text says what html is."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "html"]),
        default="text",
        show_default=True,
        help=text,
    )


view_options = together(
    click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="json: the documented plan. markdown: for a pull request. html: a page to look"
        " through, one file. github: annotations on the YAML. Only text ever holds personal data.",
    ),
    click.option("--compact", is_flag=True, help="text: one line per change."),
)
sides_options = together(
    click.option(
        "--base",
        metavar="REF",
        help="The commit that was applied; else the tag applied/ORGANIZATION, which CI moves.",
    ),
    click.option(
        "--check", is_flag=True, help="Write nothing; exit with 2 if there is anything to."
    ),
    click.option(
        "--keep-files",
        multiple=True,
        metavar="ADDRESS,...",
        help="Decide for the files: a resource, or KIND.KEY.COLUMN. Repeatable.",
    ),
    click.option(
        "--take-live",
        multiple=True,
        metavar="ADDRESS,...",
        help="Decide for what is live: a resource, or KIND.KEY.COLUMN. Repeatable.",
    ),
)
past_run_options = together(
    click.option("--run", "run_name", metavar="ID", help="Which run; else the last one."),
    click.option("--list", "list_only", is_flag=True, help="List the runs that can be undone."),
    click.option("--prune", is_flag=True, help="Remove old journals, and undo nothing."),
    click.option(
        "--keep",
        type=click.IntRange(min=1),
        default=20,
        show_default=True,
        metavar="N",
        help="With --prune: how many of the last journals stay, besides those that are needed.",
    ),
)
