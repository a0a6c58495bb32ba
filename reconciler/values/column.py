"""One column of a kind as the schemas describe it, and the JSON that it holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from .jsontext import JSON as JSON
from .types import ColumnType


@dataclass(frozen=True, slots=True)
class Target:
    """The kind and column that a reference points to."""

    kind: str
    column: str

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Read ``contacts.id``."""
        kind, column = text.split(".")
        return cls(kind, column)


@dataclass(frozen=True, slots=True)
class Place:
    """A place inside a JSON column that holds ids.

    ``path`` is ``keys`` (the names of the outermost object) or ``**.NAME`` (the value of
    every property called NAME, at any depth).
    """

    path: str
    target: Target

    @property
    def property(self) -> str | None:
        """The property's name, or None where the object's own keys are ids."""
        return None if self.path == "keys" else self.path.removeprefix("**.")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind. ``schema`` is its plain JSON Schema."""

    name: str
    type: ColumnType
    schema: Mapping[str, JSON]
    description: str
    nullable: bool
    has_default: bool
    server_written: bool
    required_on_create: bool
    pii: bool
    sensitive: bool
    unconfirmed: bool
    filled: bool
    reference: Target | None
    places: tuple[Place, ...]
    code: str | None
    """What its texts are, beyond their type, such as ``currency``; of a list, its items."""
    volatile: bool
    interim: bool = False
    """Its value may be another one for a moment, while unique values change places."""
    stands_for: str | None = None
    """For an input that is only for create: the column it becomes, such as ``user_id.email``."""

    @property
    def writable(self) -> bool:
        """Tell whether people may give it in YAML."""
        return not self.server_written and not self.filled

    @property
    def value_schema(self) -> Mapping[str, JSON]:
        """The schema of one value: of a list, that of its items."""
        schema = self.schema.get("items") if self.type.item else self.schema
        return schema if isinstance(schema, Mapping) else {}

    @property
    def choices(self) -> tuple[JSON, ...]:
        """The only values that it takes besides null; none where it takes others, too."""
        choices = self.value_schema.get("enum")
        return tuple(one for one in choices if one is not None) if isinstance(choices, list) else ()

    @property
    def is_email(self) -> bool:
        """Tell whether its values are e-mail addresses: the same in capitals."""
        return self.code == "email"

    @property
    def zone(self) -> bool:
        """Tell whether its values are time zones: the same in capitals, too."""
        return self.code == "time-zone"

    @property
    def exported(self) -> bool:
        """Tell whether an export writes its values."""
        return self.writable and not self.sensitive and not self.volatile

    @property
    def private(self) -> bool:
        """Tell whether its values are kept out of plans, logs and messages."""
        return self.pii or self.sensitive
