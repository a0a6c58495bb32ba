#!/bin/sh
# PostgreSQL 18.4 brings each range of days to one form: [first,end), the end left out. Not so a
# range that reaches to infinity: it stays closed, [2026-01-01,infinity], and is neither the range
# that ends before infinity nor the one without an end, though any day that a calendar shows is in
# all three. Whoever compares half-open ranges only sees two where there are three.
# Prints what is seen; exits 1 when that has changed.
set -eu
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
echo "expected: each ends open; the one to infinity is the one without an end"
seen=$(psql --field-separator=' ' --command="
  select r, upper_inc(r), upper_inf(r), r = '[2026-01-01,)'
  from unnest('{\"[2026-01-01,2026-01-31]\", \"[2026-01-01,infinity]\",
                \"[2026-01-01,infinity)\"}'::daterange[]) as r")
echo "seen: the range, is its end in it, has it none, is it the one without an end:"
echo "$seen"
[ "$seen" = "[2026-01-01,2026-02-01) f f f
[2026-01-01,infinity] t f f
[2026-01-01,infinity) f f f" ]
