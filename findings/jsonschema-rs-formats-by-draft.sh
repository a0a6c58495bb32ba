#!/bin/sh
# jsonschema-rs 0.61.2 checks `format` or not, depending on the draft that a schema names in $schema:
# under draft 7 a date has to be one, under 2020-12 any text is good. jsonschema 4.26.0 never looks,
# unless it is told to. So a schema that was only lifted to a newer draft, or is given to the other
# library, lets pass what was refused before.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  jsonschema-rs==0.61.2 jsonschema==4.26.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import jsonschema_rs
from jsonschema.validators import validator_for

DRAFTS = {
    "http://json-schema.org/draft-07/schema#": (False, True),
    "https://json-schema.org/draft/2020-12/schema": (True, True),
}
print("jsonschema-rs", version("jsonschema-rs"), "jsonschema", version("jsonschema"))
print("expected: the same answer four times")
same = True
for draft, wanted in DRAFTS.items():
    schema = {"$schema": draft, "type": "string", "format": "date"}
    seen = (
        jsonschema_rs.is_valid(schema, "next week"),
        validator_for(schema)(schema).is_valid("next week"),
    )
    print(f"seen: 'next week' is a date under {draft}: jsonschema-rs {seen[0]}, jsonschema {seen[1]}")
    same = same and seen == wanted
sys.exit(not same)
PYTHON
