"""One form for each value, so that two spellings of the same thing are equal with ``==``.

==================  =======================================================
text, uuid          as is; ids in lower case
smallint … bigint   int
real                the nearest float4, as the server stores it; ``NaN``, ``Infinity`` as text
timestamptz         the instant in UTC, ``2026-07-01T14:00:00.000000+00:00``
date, time          ISO 8601; ``15:00`` is ``15:00:00``; ``infinity`` and years BC are as written
daterange           ``[lower,upper)``; ``empty``
datemultirange      sorted, touching ranges joined
jsonb               bytes: names sorted, 1.0 is 1, true is not 1
arrays              tuple
==================  =======================================================
"""

from .column import JSON, Column
from .plain import Canonical
from .types import ColumnType


def canonical(value: JSON, column_type: ColumnType) -> Canonical:
    """Bring a value of a column to its canonical form.

    Raises ValueError where the value is not one of the type.
    """
    return None if value is None else column_type.canonical(value)


def same(one: JSON, other: JSON, column: Column) -> bool:
    """Tell whether two values of a column are one to the server; raises ValueError like canonical.

    This is the one idea of equal that there is: 1 is 1.0, 0 is not false.
    """
    if column.zone and isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return canonical(one, column.type) == canonical(other, column.type)
