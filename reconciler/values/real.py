"""PostgreSQL's ``real``: a decimal text is rounded once, to the nearest number of 32 bits.

By way of a double it would be rounded twice, and sometimes become another number.
"""

import struct
from decimal import Decimal

_GREATEST = 3.4028234663852886e38
_TOO_LARGE = Decimal(2**128 - 2**103)
"""Half way between the greatest one and what would come after it."""
_TOO_SMALL = Decimal(2.0**-150)
"""Half way between the least one and 0."""


def float4(exact: Decimal) -> float:
    """Round as the server does; raises ValueError where it refuses (code 22003)."""
    if not exact:
        return 0.0
    size = exact.copy_abs()  # abs() would round to 28 digits
    if size >= _TOO_LARGE:
        raise ValueError("too large a number")
    if size <= _TOO_SMALL:
        raise ValueError("too small a number")
    found = _nearest(size)
    return -found if exact < 0 else found


def _nearest(size: Decimal) -> float:
    close = float(size)
    if close >= _GREATEST:
        return _GREATEST
    bits: int = struct.unpack("<I", struct.pack("<f", close))[0]
    found = _of_bits(bits)
    other = _of_bits(bits + 1 if found < close else bits - 1) if found != close else found
    # only where the double stands in the very middle of two does the text itself decide
    if found == close or (found + other) / 2 != close or size == Decimal(close):
        return found
    return max(found, other) if size > Decimal(close) else min(found, other)


def _of_bits(bits: int) -> float:
    value: float = struct.unpack("<f", struct.pack("<I", bits))[0]
    return value
