#!/bin/sh
# The language CEL says that size() of a text is its number of characters (code points). The engine
# counts the bytes of its UTF-8 form, so a limit of 10 characters refuses ten letters with accents.
# And matches() reads its pattern anew at each call: that takes longer than all the rest of a rule.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check common-expression-language==0.10.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version
from time import process_time

import cel

print("common-expression-language", version("common-expression-language"))
print("expected: size('été') is 3, and 'été'.size(), too")
sizes = [cel.evaluate(source, {}) for source in ("size('été')", "'été'.size()", "size([1, 2])")]
print("behaviour: they are", *sizes[:2])


def seconds(source):
    program, context = cel.compile(source), cel.Context({"text": "hello"})
    begin = process_time()
    for _ in range(2000):
        program.execute(context)
    return process_time() - begin


print("expected: a pattern that is a constant is read once")
times = seconds(r"text.matches('(?:[0-9][ -]?){13,19}')") / seconds("text.contains('13')")
print(f"behaviour: matches() takes {times:.0f} times as long as contains()")
sys.exit(not (sizes == [5, 5, 2] and times > 20))
PYTHON
