#!/bin/sh
# PostgreSQL 18.4 and zoneinfo of Python with tzdata 2026.6: a local time that the clock shows twice,
# when summer ends. Both are asked without a word on which of the two is meant. Python takes the
# first one, PostgreSQL the second. In some zones midnight itself comes twice (Havana, the Azores):
# the day of a unit there begins an hour later in the database than in a Python client.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='psycopg[binary]==3.3.9 tzdata==2026.6'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import os
import sys
import zoneinfo
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import psycopg

TIMES = {
    ("2026-10-25 02:30", "Europe/Amsterdam"): ("01:30", "00:30"),
    ("2026-11-01 00:00", "America/Havana"): ("05:00", "04:00"),
    ("2026-10-25 00:00", "Atlantic/Azores"): ("01:00", "00:00"),
    ("2026-03-29 02:30", "Europe/Amsterdam"): ("01:30", "01:30"),  # never shown: both agree
}
zoneinfo.reset_tzpath([])
print("expected: the same moment")
same = True
with psycopg.connect(os.environ["DATABASE"]) as connection:
    for (local, zone), wanted in TIMES.items():
        asked = "select to_char(%s::timestamp at time zone %s at time zone 'UTC', 'HH24:MI')"
        in_database = connection.execute(asked, (local, zone)).fetchone()[0]
        moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
        seen = (in_database, f"{moment.astimezone(UTC):%H:%M}")
        print(f"seen: {local} {zone} in UTC: PostgreSQL {seen[0]}, Python {seen[1]}")
        same = same and seen == wanted
sys.exit(not same)
PYTHON
