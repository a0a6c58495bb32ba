#!/bin/sh
# PostgreSQL 18.4 refuses a time zone that it does not know, unless a digit stands behind the wrong
# name: it then reads a rule of POSIX, any letters and a number of hours. Europe/Amsterdam1 is a zone,
# an hour to the west. So a typing error in a time zone may be stored, and moves every day of a unit.
# Prints what is seen; exits 1 when that has changed.
set -eu
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
echo "expected: all but the first are refused"
seen=
for zone in Europe/Amsterdam Europe/Amsterdm Europe/Amsterdam1 Guest2 Villa/Zuid-3; do
  at=$(psql --command="select '2026-07-04 12:00Z'::timestamptz at time zone '$zone'" 2> /dev/null) ||
    at=refused
  echo "seen: noon in UTC is in $zone: $at"
  seen="$seen ${at##* }"
done
[ "$seen" = " 14:00:00 refused 11:00:00 10:00:00 15:00:00" ]
