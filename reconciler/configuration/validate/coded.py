"""Texts that are codes, such as currencies: say what is wrong with one, and what is nearest."""

from ...values.codes import Wrong, judge
from ...values.column import Column
from ..load.nodes import Scalar
from .cell import Bad, Cell, describe
from .suggest import Suggester


def wrong_code(column: Column, value: object) -> Wrong | None:
    """Say what is wrong with a value as the code that its column holds."""
    return judge(column.code, value) if column.code and isinstance(value, str) else None


def report_code(
    wrong: Wrong, text: str, node: Scalar, cell: Cell, suggest: Suggester
) -> Bad | None:
    """Report a text that is no such code, or hardly meant (then the value stays as it is).

    Neither a private value is shown nor that of a variable, also not by what is nearest to it.
    """
    hidden = cell.column.private
    shown = "" if hidden else f", not {describe(node)}"
    hint = wrong.hint if hidden or text != node.text else _nearest(wrong, text, suggest)
    message = f"{cell.name} takes {wrong.expects}{shown}"
    if not wrong.doubtful:
        return cell.refuse("invalid-value", node, message, hint)
    cell.warn("doubtful-value", node, message, hint or "leave it if it is right")
    return None


def _nearest(wrong: Wrong, text: str, suggest: Suggester) -> str | None:
    near = wrong.instead or suggest.nearest(text, wrong.among)
    near = near or suggest.nearest(text.upper(), wrong.among)
    return f"did you mean {near!r}?" if near else wrong.hint
