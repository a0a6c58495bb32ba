#!/bin/sh
# PyYAML 6.0.3 has two scanners, and they do not read the same texts. Two that turn up where JSON
# answers and HTML are pasted into YAML: a character written as two \u escapes, as most JSON writers
# do, and a block text whose first line begins with a tab. The C scanner refuses both; the Python
# one takes them, but leaves the two halves of the character apart.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PyYAML==6.0.3
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import yaml

TEXTS = {
    '{"text": "\\ud83c\\udfe1"}': ("ScannerError", "{'text': '\\ud83c\\udfe1'}"),
    "text: |\n \t<p>\n": ("ScannerError", "{'text': '\\t<p>\\n'}"),
}
print("PyYAML", yaml.__version__)
print("expected: both scanners read one house (U+1F3E1), and the tab as text")
same = True
for text, wanted in TEXTS.items():
    seen = []
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        try:
            seen.append(ascii(yaml.load(text, loader)))
        except yaml.YAMLError as error:
            seen.append(type(error).__name__)
    print(f"seen: {text!r}: C {seen[0]}, Python {seen[1]}")
    same = same and tuple(seen) == wanted
sys.exit(0 if same else 1)
PYTHON
