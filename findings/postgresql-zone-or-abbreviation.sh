#!/bin/sh
# CET is a zone of the time zone database, with summer time; Python (tzdata 2026.6) and the setting
# `timezone` of PostgreSQL 18.4 take it so. `at time zone 'CET'` does not: there the word is first of
# all an abbreviation, for one hour from UTC in summer, too. MET, EET and WET are alike. One server,
# one name, one moment, two local times.
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

NOON = "2026-07-04T12:00:00+00:00"
WANTED = {
    "Europe/Paris": ("14:00", "14:00", "14:00"),
    "CET": ("13:00", "14:00", "14:00"),
    "EET": ("14:00", "15:00", "15:00"),
    "WET": ("12:00", "13:00", "13:00"),
}
zoneinfo.reset_tzpath([])
print("expected: one local time for each zone")
same = True
with psycopg.connect(os.environ["DATABASE"], autocommit=True) as connection:
    for zone, wanted in WANTED.items():
        asked = "select to_char(%s::timestamptz at time zone %s, 'HH24:MI')"
        at_zone = connection.execute(asked, (NOON, zone)).fetchone()[0]
        connection.execute("select set_config('timezone', %s, false)", (zone,))
        asked = "select to_char(%s::timestamptz, 'HH24:MI')"
        set_zone = connection.execute(asked, (NOON,)).fetchone()[0]
        local = datetime.fromisoformat(NOON).astimezone(zoneinfo.ZoneInfo(zone))
        seen = (at_zone, set_zone, f"{local:%H:%M}")
        print(f"seen: noon in UTC in {zone}: at time zone {seen[0]}, set {seen[1]}, Python {seen[2]}")
        same = same and seen == wanted
sys.exit(not same)
PYTHON
