#!/bin/sh
# asyncpg 0.32.0 has no word for PostgreSQL's infinity: it reads it as the last day of Python. So it
# writes that day as infinity, too: 9999-12-31 read as a text and given back as a date is another
# value afterwards, without a word. A price "until 9999-12-31" has become one that is valid for ever,
# and a filter for the old day finds no row.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='asyncpg==0.32.0'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import asyncio
import os
import sys

import asyncpg


async def main():
    host = dict(word.split("=") for word in os.environ["DATABASE"].split())
    connection = await asyncpg.connect(
        host=host["host"], user=host["user"], database=host["dbname"]
    )
    print("asyncpg", asyncpg.__version__)
    print("expected: a row that is read and written again is the same")
    same = True
    for kind, last in (("date", "9999-12-31"), ("timestamp", "9999-12-31 23:59:59.999999")):
        before = await connection.fetchval(f"select '{last}'::{kind}")
        after = await connection.fetchval(f"select $1::{kind}::text", before)
        print(f"seen: {kind} {last}: read as {before!r}, stored again as {after}")
        same = same and after == "infinity"
    await connection.close()
    return same


sys.exit(not asyncio.run(main()))
PYTHON
