#!/bin/sh
# What carries a jsonb number between PostgREST and Python: PostgreSQL keeps every digit, and prints
# them without an exponent. orjson reads a number that no double holds in three different ways.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check orjson==3.11.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import orjson

print("orjson", orjson.__version__)
print("expected: a number that a double cannot hold is refused, or kept, whatever it is")


def read(text):
    try:
        return repr(orjson.loads(text)[0])
    except orjson.JSONDecodeError as error:
        return "refused: " + str(error).partition(":")[0]


seen = {
    "400 digits before the point": read(b"[1" + b"0" * 400 + b"]"),
    "400 zeros behind the point": read(b"[0." + b"0" * 400 + b"1]"),
    "an integer of 21 digits": read(b"[123456789012345678901]"),
    "an integer of 20 digits, over 64 bits": read(b"[18446744073709551616]"),
}
for what, is_read_as in seen.items():
    print(f"{what}: {is_read_as}")
try:
    orjson.dumps(123456789012345678901)
    written = "written"
except TypeError as error:
    written = f"refused: {error}"
print("the same integer, written:", written)
as_known = (
    seen["400 digits before the point"].startswith("refused")
    and seen["400 zeros behind the point"] == "0.0"
    and seen["an integer of 21 digits"] == "1.2345678901234568e+20"
    and seen["an integer of 20 digits, over 64 bits"] == "1.8446744073709552e+19"
    and written.startswith("refused")
)
print("behaviour: too large is refused, too small becomes 0.0, a long integer a rounded float,")
print("and what was read so from an integer could not have been written as one")
sys.exit(not as_known)
PYTHON
