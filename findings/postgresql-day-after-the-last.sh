#!/bin/sh
# "For ever" is often written as the last day that Python has: [2026-01-01,9999-12-31]. PostgreSQL
# 18.4 takes it, and stores ranges of days without their end: [2026-01-01,10000-01-01). That is a
# day that Python does not have, so psycopg 3.3.9 cannot read the row that it has just written, nor
# can asyncpg 0.32.0. One such row makes the whole answer unreadable.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='psycopg[binary]==3.3.9 asyncpg==0.32.0'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import asyncio
import os
import sys
from datetime import date

import asyncpg
import psycopg
from psycopg.types.range import DateRange

STAY = DateRange(date(2026, 1, 1), date.max, "[]")
print("expected: what was written is read again")
with psycopg.connect(os.environ["DATABASE"], autocommit=True) as connection:
    connection.execute("create table stays (days daterange)")
    connection.execute("insert into stays values (%s)", (STAY,))
    stored = connection.execute("select days::text from stays").fetchone()[0]
    try:
        read = repr(connection.execute("select days from stays").fetchone()[0])
    except psycopg.DataError as error:
        read = f"{type(error).__name__}: {error}"


async def with_asyncpg():
    host = dict(word.split("=") for word in os.environ["DATABASE"].split())
    other = await asyncpg.connect(
        host=host["host"], user=host["user"], database=host["dbname"]
    )
    try:
        return repr(await other.fetchval("select days from stays"))
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        await other.close()


read_by_other = asyncio.run(with_asyncpg())
print(f"seen: written {STAY}, stored {stored}")
print(f"seen: psycopg reads {read}")
print(f"seen: asyncpg reads {read_by_other}")
known = stored == "[2026-01-01,10000-01-01)" and read.startswith("DataError")
sys.exit(not (known and read_by_other.startswith("ValueError")))
PYTHON
