"""What the schema says of a place inside a JSON column."""

from collections.abc import Mapping
from typing import NamedTuple, cast

from ...values.column import JSON, Target

_NOTHING: Mapping[str, JSON] = {}


class Shape(NamedTuple):
    """The schema of a place (empty: it says nothing), and which names inside hold ids."""

    schema: Mapping[str, JSON]
    places: Mapping[str, Target]

    @property
    def item(self) -> "Shape":
        """Say what an item of a list takes."""
        return self._with(self.schema.get("items"))

    def entry(self, name: str) -> "Shape":
        """Say what stands under a name."""
        properties = self.schema.get("properties")
        if isinstance(properties, Mapping) and name in properties:
            return self._with(properties[name])
        return self._with(self.schema.get("additionalProperties"))

    @property
    def takes_text(self) -> bool:
        """Tell whether the schema says that a text may stand here."""
        types = self.schema.get("type")
        return "string" in types if isinstance(types, list) else types == "string"

    def _with(self, schema: JSON) -> "Shape":
        inner = cast("Mapping[str, JSON]", schema) if isinstance(schema, Mapping) else _NOTHING
        return Shape(inner, self.places)
