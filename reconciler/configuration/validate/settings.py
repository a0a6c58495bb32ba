"""The ``reconciler:`` block: the stack, its organization, and what is protected."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

import jsonschema_rs
import orjson

from ...catalogue import Catalogue, Kind, schema_folder
from ...values.address import Address
from ...values.column import JSON
from ...values.unreadable import UnreadableError
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null, locate
from ..load.problems import ProblemReport
from ..load.variables import UnsetError, VariableError, Variables, fill
from .suggest import Suggester
from .zones import read_zone

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_EARLIER = {"not_for": "forbidden_organizations"}
"""Names of an earlier version, and what they are called now."""


class Settings(NamedTuple):
    """What the block says; ``organization`` is None where the API key shall decide."""

    stack: str
    organization: str | None
    forbidden_organizations: frozenset[str]
    protect: frozenset[str]
    timezone: str | None = None


class SettingsReader(NamedTuple):
    """Reads the block with the schema that editors use, too."""

    kinds: Mapping[str, Kind]
    variables: Variables
    report: ProblemReport
    suggest: Suggester
    unset_is_error: bool

    def read(self, entry: Entry) -> Settings | None:
        """Read the block; None where it is wrong, which is reported."""
        before = self.report.count
        block = self._block(entry)
        if not _accepts(block):
            self._explain_all(block, entry)
        self._check_catalogue(entry, block)
        protect = _texts(block, "protect")
        self._check_protected(entry, protect)
        zone = self._zone(entry, block)
        if self.report.count > before or not isinstance(block, dict):
            return None
        organization = cast("str | None", block.get("organization"))
        return Settings(
            cast("str", block["stack"]),
            organization.lower() if organization else None,
            frozenset(text.lower() for text in _texts(block, "forbidden_organizations")),
            frozenset(protect),
            zone,
        )

    def warn_of_strangers(self, entry: Entry, known: Mapping[Address, object]) -> None:
        """Warn of protected addresses that nobody has: a misspelled one protects nothing."""
        protect = locate(entry.value, ["protect"])
        for item in protect.items if isinstance(protect, SequenceNode) else []:
            kind, dot, key = item.text.partition(".") if isinstance(item, Scalar) else ("", "", "")
            if not dot or kind not in self.kinds or Address(kind, key) in known:
                continue
            keys = (address.key for address in known if address.kind == kind)
            self.report.warning(
                "bad-settings",
                f"reconciler.protect names {kind}.{key}, which is not in the configuration",
                entry.origin.position(item),
                address=f"{kind}.{key}",
                hint=_kept_or_misspelled(kind, self.suggest.slip(key, keys)),
            )

    def _block(self, entry: Entry) -> JSON:
        """Read everything as text, but for variables, which the stack's name may not have."""
        if not isinstance(entry.value, MappingNode):
            return _as_text(entry.value)
        block: dict[str, JSON] = {}
        for name, item in entry.value.entries.items():
            value = item.value
            if name == "organization" and isinstance(value, Scalar) and "${" in value.text:
                filled = self._filled(value, item)
                if filled is not None:
                    block[name] = filled
            else:
                block[name] = _as_text(value)
        return block

    def _filled(self, node: Scalar, entry: Entry) -> str | None:
        try:
            filled = fill(node.text, self.variables.for_organization())
            if filled.text or not filled.empty:
                return filled.text
            name = filled.empty[0]
            hint = f"set {name}, or take the line out: then the API key decides"
            raise UnsetError(name, hint, what="is empty")
        except VariableError as error:
            if self.unset_is_error or not isinstance(error, UnsetError):
                self.report.error(error.code, error.message, entry.position, hint=error.hint)
        return None

    def _explain_all(self, block: JSON, entry: Entry) -> None:
        from jsonschema import Draft202012Validator  # what is right needs no explanation

        for error in Draft202012Validator(_schema()).iter_errors(block):
            self._explain(error, entry)

    def _explain(self, error: "ValidationError", entry: Entry) -> None:
        node = locate(entry.value, error.absolute_path)
        where = ".".join(["reconciler", *(s for s in error.absolute_path if isinstance(s, str))])
        hint = None
        inside = bool(error.absolute_path)
        if (
            error.validator == "additionalProperties"
            and not inside
            and isinstance(node, MappingNode)
        ):
            self._refuse_unknown(node)
            return
        if error.validator == "required" and not inside:
            message = "the `reconciler:` block has no `stack`"
            hint = "give it a name, such as stack: villa-marina-7f3a"
        elif isinstance(node, Scalar) and "${" in node.text and where.endswith("stack"):
            message = "reconciler.stack cannot be a variable"
            hint = "it says which rows are ours, so it must be the same in every run"
        else:
            schema = cast("dict[str, str]", error.schema)
            message = f"{where} takes {schema.get('x-expects', 'a mapping with a `stack`')}"
        place = entry.origin.position(node)
        self.report.error("bad-settings", message, place, hint=hint)

    def _check_catalogue(self, entry: Entry, block: JSON) -> None:
        """Refuse to go on without the folder's own kinds: their rows would be misread."""
        own = isinstance(self.kinds, Catalogue) and self.kinds.origin.growth
        if isinstance(block, dict) and "catalogue" in block and _accepts(block) and not own:
            place = entry.origin.position(locate(entry.value, ["catalogue"]))
            message = "reconciler.catalogue was not read"
            hint = "write `catalogue:` plainly; `migrate` knows only the shipped kinds"
            self.report.error("bad-settings", message, place, hint=hint)

    def _refuse_unknown(self, node: MappingNode) -> None:
        known = list(_schema()["properties"])
        for name, item in node.entries.items():
            if name not in known:
                now = _EARLIER.get(name)
                others = f"there are {', '.join(known)}"
                hint = f"write {now}" if now else self.suggest.hint(name, known, others)
                place = item.origin.position(item.key)
                message = f"`reconciler:` has no setting {name!r}"
                self.report.error("bad-settings", message, place, hint=hint)

    def _zone(self, entry: Entry, block: JSON) -> str | None:
        """Find the time zone; what is no text is refused already."""
        text = block.get("timezone") if isinstance(block, dict) else None
        if not isinstance(text, str):
            return None
        try:
            return read_zone(text)
        except UnreadableError as error:
            place = entry.origin.position(locate(entry.value, ["timezone"]))
            message = f"reconciler.timezone takes {error.expects}"
            self.report.error("bad-settings", message, place, hint=error.hint)
            return None

    def _check_protected(self, entry: Entry, protect: list[str]) -> None:
        for index, text in enumerate(protect):
            kind = text.partition(".")[0]
            if kind not in self.kinds and kind.isidentifier():
                place = entry.origin.position(locate(entry.value, ["protect", index]))
                hint = self.suggest.hint(kind, self.kinds, "write a kind or kind.key")
                message = f"reconciler.protect: there is no kind {kind!r}"
                self.report.error("bad-settings", message, place, hint=hint)


def what_stack_takes(name: str) -> str | None:
    """Say what a stack takes for its name, or None where this is one."""
    if _accepts({"stack": name}):
        return None
    schema = cast("Mapping[str, str]", _schema()["properties"]["stack"])
    return schema["x-expects"]


def _as_text(node: Node) -> JSON:
    if isinstance(node, Scalar):
        return None if is_null(node) else node.text
    if isinstance(node, MappingNode):
        return {name: _as_text(entry.value) for name, entry in node.entries.items()}
    return [_as_text(item) for item in node.items]


def _texts(block: JSON, name: str) -> list[str]:
    value = block.get(name) if isinstance(block, dict) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


@cache
def _schema() -> Mapping[str, Mapping[str, JSON]]:
    data = orjson.loads((schema_folder() / "configuration.schema.json").read_bytes())
    return cast("Mapping[str, Mapping[str, JSON]]", data["$defs"]["settings"])


def _accepts(block: JSON) -> bool:
    return jsonschema_rs.is_valid(dict(_schema()), block)


def _kept_or_misspelled(kind: str, near: str | None) -> str:
    # The near key is a guess: who removed a block is not to move its protection to another row.
    fine = "fine if the row shall stay without its block"
    return f"{fine}; did you mean {kind}.{near}?" if near else fine
