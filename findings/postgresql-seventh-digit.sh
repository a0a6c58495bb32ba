#!/bin/sh
# Both PostgreSQL 18.4 and Python's datetime hold microseconds, and both take a text with more digits.
# PostgreSQL rounds, Python cuts off: the same text is another moment, here even another second. A
# lock on updated_at that was built with Python from such a text finds no row.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='psycopg[binary]==3.3.9'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import os
import sys
from datetime import datetime

import psycopg

TEXTS = {
    "2026-07-04 15:00:00.1234567+00": ("15:00:00.123457", "15:00:00.123456"),
    "2026-07-04 15:00:00.9999999+00": ("15:00:01", "15:00:00.999999"),
}
print("Python", sys.version.split()[0])
print("expected: the same moment, or a refusal by one of them")
same = True
with psycopg.connect(os.environ["DATABASE"]) as connection:
    for text, wanted in TEXTS.items():
        stored = connection.execute("select %s::timestamptz::time::text", (text,)).fetchone()[0]
        seen = (stored, datetime.fromisoformat(text).time().isoformat())
        print(f"seen: {text}: PostgreSQL {seen[0]}, Python {seen[1]}")
        same = same and seen == wanted
sys.exit(not same)
PYTHON
