#!/bin/sh
# A value of a real column that psycopg 3.3.9 reads from PostgreSQL 18.4 is a Python float with the
# digits that the server shows. Written back as that float, it can become another value: the driver
# sends a double, so the server rounds what was rounded already. As text the same digits are exact.
# Rare (a value half way between two reals), and then a row that nobody changed differs.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='psycopg[binary]==3.3.9'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import os
import sys

import psycopg

print("psycopg", psycopg.__version__)
print("expected: a value that is read and written again is the same")
with psycopg.connect(os.environ["DATABASE"], autocommit=True) as connection:
    connection.execute("create table rates (way text, rate real)")
    connection.execute("insert into rates values ('first', '7.038531e-26')")
    value = connection.execute("select rate from rates").fetchone()[0]
    for way, given in (("float", value), ("text", repr(value))):
        connection.execute("insert into rates values (%s, %s)", (way, given))
    asked = "select way, rate::text, rate = (select rate from rates limit 1) from rates"
    rows = connection.execute(asked).fetchall()
print(f"seen: read as {value!r}")
for way, text, equal in rows[1:]:
    print(f"seen: written back as {way}: {text}, equal: {equal}")
sys.exit(not (value == 7.038531e-26 and [row[2] for row in rows] == [True, False, True]))
PYTHON
