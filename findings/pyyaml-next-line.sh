#!/bin/sh
# A text with U+0085 (as in files that came from mainframes, or were read as Latin-1) is written by
# PyYAML 6.0.4 in single quotes, and read by PyYAML with a space instead: what it writes itself, it
# reads as another text. To YAML 1.1 U+0085 ends a line, and a line end in quotes is a space; for
# YAML 1.2 it is a character like others. The marks of all that follows are lines too low in editors.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PyYAML==6.0.4
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import yaml

TEXT = "Rue\x85du Port"
print("PyYAML", yaml.__version__)
print("expected: the text that was written, and `city` on line 2")
document = yaml.safe_dump({"street": TEXT, "city": "Sète"}, allow_unicode=True, sort_keys=False)
read = yaml.safe_load(document)["street"]
keys = [event for event in yaml.parse(document) if isinstance(event, yaml.ScalarEvent)]
line = keys[2].start_mark.line + 1
written = document.split("\n")
print(f"seen: {TEXT!r} is written as {document!r}, and read as {read!r}")
print(f"seen: city is on line {line}; by line feeds, on line {written.index('city: Sète') + 1}")
sys.exit(not (read == "Rue du Port" and line > written.index("city: Sète") + 1))
PYTHON
