"""``reconciler explain``: what a code, a kind or a column means, and what to do about it."""

from pathlib import Path

import click
import orjson

from ..catalogue import load_kinds
from ..catalogue.explained import Asked
from ..catalogue.facts import column_facts, kind_facts
from ..configuration.grown import kinds_of
from ..diagnostics.explanations import areas
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
    asked = Asked.of(name or "", kinds, create=create, facts=form == "json")
    if name is None:
        show(f"{codes_text(areas())}\n{kinds_text(kinds.values())}")
    if asked.code:
        show(explanation_text(asked.code))
    if asked.code and asked.kind:
        say("", f"{name} is the name of a kind, too:", "")
    if asked.kind and asked.column:
        column = column_facts(asked.kind, asked.column)
        _show(column, column_text(column), form)
    elif asked.kind:
        facts = kind_facts(asked.kind)
        _show(facts, create_text(facts) if create else kind_text(facts), form)


def _show(facts: object, text: str, form: str) -> None:
    if form == "json":
        hand_over(
            orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
        )
    else:
        show(text)
