"""Put ids where the configuration has references."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..configuration.resource import IdMap, IdReference, KeyReference, Lookup, Unknown, Value
from ..values.address import Address
from ..values.sent import Pending, Sent

_SIMPLE = (str, bool, int, float)


@dataclass(frozen=True, slots=True)
class Resolver:
    """The ids of all resources (None: only the server knows) and of all lookups."""

    ids: Mapping[Address, str | None]
    lookups: Mapping[Lookup, str]

    def value(self, value: Value) -> Sent:
        """Turn a value of the configuration into what is sent."""
        if value is None or isinstance(value, _SIMPLE):
            return value
        match value:
            case KeyReference(address):
                return self.ids.get(address) or Pending(address)
            case IdReference(_, row_id):
                return row_id
            case Lookup():
                return self.lookups.get(value)  # none: a problem was found, and no plan is made
            case IdMap(items):
                return {str(self.value(name)): self.value(item) for name, item in items}
            case Unknown(variable):
                raise AssertionError(f"${{{variable}}} is refused before rows are read")
            case list():
                return [self.value(item) for item in value]
            case dict():
                return {name: self.value(item) for name, item in value.items()}
            case _:
                return value

    def described(self, value: Value) -> object:
        """Write a value so that it does not depend on ids which this configuration makes.

        A resource of the configuration stands by its address, everything else as it resolves.
        """
        match value:
            case KeyReference(address):
                return {"address": str(address)}
            case Unknown(variable):
                return {"unset": variable}
            case IdMap(items):
                return [[self.described(name), self.described(item)] for name, item in items]
            case list():
                return [self.described(item) for item in value]
            case dict():
                return {name: self.described(item) for name, item in value.items()}
            case _:
                return self.value(value)
