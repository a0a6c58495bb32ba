"""``reconciler explain``: what a code, a kind or a column means, and what to do about it."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click
import orjson

from ..catalogue import Kind, load_kinds
from ..catalogue.facts import column_facts, kind_facts
from ..configuration.grown import kinds_of
from ..diagnostics import UsageError
from ..diagnostics.explanations import areas, explanations, most_like
from ..render.codes import codes_text, explanation_text
from ..render.kind_text import column_text, create_text, kind_text, kinds_text
from ..render.out import hand_over, say, show
from ..support.candidates import complete_explained
from .options import form_option
from .types import PathType


@click.command("explain")
@click.argument("name", required=False, shell_complete=complete_explained)
@click.option(
    "--folder",
    type=PathType(exists=True),
    help="A folder of YAML: the kinds and columns of its own catalogue are known, too.",
)
@click.option("--create", is_flag=True, help="Of a kind: what a create needs, takes and does.")
@form_option("json: the facts of a kind or column, for programs.")
def command(name: str | None, folder: Path | None, create: bool, form: str) -> None:
    """Explain NAME: a code, a kind, or a column as KIND.COLUMN; without it, list codes and kinds.

    A code stands in brackets behind a problem, is what the server answered (such as 23505), or is
    the exit code of a command. Of a kind it shows columns, choices, defaults, references, consents
    and an example that validates. Needs no key and no network.

    \b
    Examples:
      reconciler explain unknown-column
      reconciler explain 23505
      reconciler explain contacts
      reconciler explain contacts.country_code --format json
      reconciler explain bookings --create
    """
    kinds = kinds_of([folder]) if folder else load_kinds()
    kind, column = _parts(name or "")
    if create and (column or kind not in kinds):
        raise UsageError("--create is about a kind", hint=f"name one, such as {next(iter(kinds))}")
    if form == "json" and kind not in kinds and (name is None or name in explanations()):
        raise UsageError("--format json is about a kind or a column", hint="name one")
    if name is None:
        show(f"{codes_text(areas())}\n{kinds_text(kinds.values())}")
    elif name not in explanations() or create or form == "json":
        _explain_kind(kind, column, kinds, create=create, form=form)
    else:
        show(explanation_text(explanations()[name]))
        if name in kinds:
            say("", f"{name} is the name of a kind, too:", "")
            _explain_kind(kind, column, kinds, create=create, form=form)


def _parts(name: str) -> tuple[str, str | None]:
    kind, dot, column = name.partition(".")
    return kind, column if dot else None


def _explain_kind(
    name: str, column: str | None, kinds: Mapping[str, Kind], *, create: bool, form: str
) -> None:
    kind = kinds.get(name)
    if kind is None:
        raise _unknown(name, kinds)
    if column is not None:
        _explain_column(kind, column, form)
        return
    if create and "create" not in kind.verbs:
        raise UsageError(f"rows of {name} cannot be created", hint=f"reconciler explain {name}")
    facts = kind_facts(kind)
    if form == "json":
        hand_over(_json(facts))
    else:
        show(create_text(facts) if create else kind_text(facts))


def _explain_column(kind: Kind, name: str, form: str) -> None:
    columns = kind.all_columns
    if name not in columns:
        near = get_close_matches(name, columns, 1)
        hint = f"did you mean {near[0]}?" if near else f"`reconciler explain {kind.name}` lists all"
        raise UsageError(f"{kind.name} has no column {name!r}", hint=hint)
    one = column_facts(kind, columns[name])
    if form == "json":
        hand_over(_json(one))
    else:
        show(column_text(one))


def _unknown(name: str, kinds: Mapping[str, Kind]) -> UsageError:
    """Say what may be meant: a name with an underscore is first taken for a kind."""
    kind_like = get_close_matches(name, kinds, 1)
    code_like = most_like(name, explanations())
    near = (kind_like and kind_like[0]) or code_like
    if "_" not in name and code_like:
        near = code_like
    hint = f"did you mean {near}?" if near else "`reconciler explain` lists all codes and kinds"
    return UsageError(f"there is no code or kind {name}", hint=hint)


def _json(facts: object) -> str:
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
