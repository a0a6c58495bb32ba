#!/bin/sh
# A column of type real shows 123456.78 in PostgreSQL 18.4, as text and as JSON. Cast to numeric, as
# one does to round a price exactly, it is 123457: the cast keeps six digits, and not those that are
# shown. round(price::numeric, 2) has lost the cents, and is no error.
# Prints what is seen; exits 1 when that has changed.
set -eu
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
echo "expected: 123456.78 in all four"
seen=$(psql --command="
  select price::text || ' ' || to_json(price) || ' ' || price::numeric || ' '
      || round(price::numeric, 2)
  from (select '123456.78'::real as price) as a")
echo "seen: as text, as JSON, as numeric, rounded to two digits: $seen"
[ "$seen" = "123456.78 123456.78 123457 123457.00" ]
