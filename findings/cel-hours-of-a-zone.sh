#!/bin/sh
# CEL's timestamps are asked for their hour or day in a time zone: getHours('Europe/Amsterdam'). In
# common-expression-language 0.10.0 these functions take no zone, and say so in a strange way: the
# function that works without the zone is "undefined" with it. What is left is UTC, in which a stay
# that begins at half past midnight in Amsterdam begins the day before.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check common-expression-language==0.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import cel

print("common-expression-language", version("common-expression-language"))
print("expected: 22 in UTC, 0 in Amsterdam, by the zone's name and by +02:00")
seen = []
for zone in ("", "'Europe/Amsterdam'", "'+02:00'"):
    source = f"timestamp('2026-07-04T22:30:00Z').getHours({zone})"
    try:
        seen.append(str(cel.evaluate(source, {})))
    except RuntimeError as error:
        seen.append(str(error).partition(".")[0])
    print(f"seen: {source}: {seen[-1]}")
sys.exit(not (seen[0] == "22" and all(words.startswith("Undefined") for words in seen[1:])))
PYTHON
