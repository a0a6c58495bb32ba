"""What a plan looks like as a document."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from ..calendar.shape import CalendarDocument
from ..values.column import JSON
from .places import PlaceDocument

FORMAT_VERSION = 2


class ColumnDocument(TypedDict):
    """One column that changes. Values are left out where they are hidden.

    ``hidden`` is ``personal`` or ``secret``; ``refers_to`` the address whose id ``after`` is, and
    ``referred_to`` the one whose id ``before`` is. ``file`` and ``line`` are where an overlay gives
    the column, if not where the change stands. ``differences`` is there in the text only.
    """

    before: NotRequired[JSON]
    after: NotRequired[JSON]
    differences: NotRequired[list[PlaceDocument]]
    hidden: NotRequired[str]
    refers_to: NotRequired[str]
    referred_to: NotRequired[str]
    file: NotRequired[str]
    line: NotRequired[int]


class TemplateDocument(TypedDict):
    """The template that made a resource, and where in it the resource stands."""

    name: str
    file: str
    line: int


class ChangeHead(TypedDict):
    """What a change is about, and what it needs.

    ``address`` is null for an orphan whose name is gone; ``was_named`` is what it was called in an
    earlier commit, which decides nothing.
    """

    address: str | None
    kind: str
    id: str | None
    action: str
    consents: list[str]
    protected: bool
    unconfirmed: bool
    was_named: NotRequired[str]


class ChangeDocument(ChangeHead):
    """One change, in the order of execution.

    ``label`` says which row an orphan is. ``references`` names what the row refers to (of a delete:
    what it still does), where the plan or the configuration has a name for it; ``referenced_by``
    the rows outside the plan that refer to a row to be deleted.
    """

    columns: dict[str, ColumnDocument]
    label: dict[str, ColumnDocument]
    references: list[str]
    referenced_by: list[str]
    file: str | None
    line: int | None
    fingerprint: str | None
    template: NotRequired[TemplateDocument]


class BrokenDocument(TypedDict):
    """What breaks a policy; ``why`` is there where it could not be judged."""

    name: str
    file: str | None
    line: int | None
    why: NotRequired[str]


class PolicyDocument(TypedDict):
    """How one policy was judged; ``broken`` names the first of ``total``."""

    name: str
    message: str
    severity: str
    about: str
    may_allow: bool
    judged: int
    total: int
    broken: list[BrokenDocument]


class StrangerDocument(TypedDict):
    """A row that is in no YAML: its id, and what people would know it by."""

    id: str
    label: dict[str, ColumnDocument]


class UnmanagedDocument(TypedDict):
    """The rows of a kind that are in no YAML; ``first`` names some of ``rows``.

    ``of_other_stacks`` counts rows besides that other stacks made.
    """

    kind: str
    rows: int
    of_other_stacks: int
    first: list[StrangerDocument]


class PlanDocument(TypedDict):
    """A whole plan; ``digest`` leaves out policies, ``unmanaged``, old names and differences.

    ``unmet`` names the resources that are not as the YAML says, and that no change can help.
    """

    format_version: int
    tool_version: str
    stack: str
    organization: str
    configuration: str
    changes: Sequence[ChangeDocument]
    summary: dict[str, int]
    unmet: list[str]
    notes: list[str]
    policies: NotRequired[list[PolicyDocument]]
    unmanaged: NotRequired[list[UnmanagedDocument]]
    calendar: NotRequired[CalendarDocument]
    digest: str


def name_of(change: ChangeHead) -> str:
    """Name a change: its address, or kind and id where the name is gone."""
    return change["address"] or f"{change['kind']}[{change['id']}]"
