#!/bin/sh
# JSON values compared with deepdiff 9.1.0. In a mapping 0 and false differ; as elements of a list
# they do not. Names that begin with two underscores, such as GraphQL's __typename, are left out.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check deepdiff==9.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import deepdiff
from deepdiff import DeepDiff

PAIRS = [
    ({"a": 0}, {"a": False}, True),
    ([0], [False], False),
    ([1], [True], False),
    ({"__typename": "Rate"}, {"__typename": "Fee"}, False),
    ({"__a": 1}, {}, False),
]
print("deepdiff", deepdiff.__version__)
print("expected: a difference in each, since each pair is written differently in JSON")
same = True
for before, after, differs in PAIRS:
    found = bool(DeepDiff(before, after))
    print(f"seen: {before} and {after}: {'a difference' if found else 'none'}")
    same = same and found is differs
sys.exit(0 if same else 1)
PYTHON
