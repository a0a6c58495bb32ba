#!/bin/sh
# PyYAML 6.0.4 gives each scalar with the place where it ends. For a text behind | or > that is not
# the end of the text: empty lines behind it belong to it, up to the next line that has something,
# although they are in no way part of the value. Whoever cuts out or replaces a value by its marks
# takes the empty lines away that stood between it and what follows.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PyYAML==6.0.4
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import yaml

TEXT = "notes: |\n  hello\n\n\n# about the name\nname: villa\n"
print("PyYAML", yaml.__version__)
print("expected: the value ends behind hello, and the edited text keeps two empty lines")
same = True
for loader in (yaml.CSafeLoader, yaml.SafeLoader):
    notes = [one for one in yaml.parse(TEXT, loader) if isinstance(one, yaml.ScalarEvent)][1]
    start, end = notes.start_mark.index, notes.end_mark.index
    edited = TEXT[:start] + "bye\n" + TEXT[end:]
    print(f"seen: {notes.value!r} is written as {TEXT[start:end]!r}; edited: {edited!r}")
    same = same and TEXT[start:end] == "|\n  hello\n\n\n" and notes.value == "hello\n"
sys.exit(not same)
PYTHON
