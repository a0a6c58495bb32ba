#!/bin/sh
# langcodes 3.5.1 says that a language tag is not valid where its country is none: en-UX. Somebody who
# writes the country in three letters, as ISO 3166 has it, too, is told that all is well: nl-NLD,
# en-GBR. Behind a language three letters are another language below it ("extended language"), which
# is not looked up. So the text is stored, and no browser finds it for nl-NL.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check langcodes==3.5.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from langcodes import Language, standardize_tag, tag_is_valid

WANTED = {"nl-NL": True, "nl-NLD": True, "en-GBR": True, "nl-XYZ": True, "en-UX": False}
print("langcodes", version("langcodes"))
print("expected: only nl-NL is valid")
same = True
for tag, wanted in WANTED.items():
    read = Language.get(tag)
    print(f"seen: {tag} valid: {tag_is_valid(tag)}, standard form {standardize_tag(tag)}, {read!r}")
    same = same and tag_is_valid(tag) is wanted
sys.exit(not same)
PYTHON
