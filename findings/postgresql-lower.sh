#!/bin/sh
# lower() of PostgreSQL 18.4 (C.UTF-8) and of Python go by the same Unicode, and differ in two letters
# that names have: the Greek sigma at the end of a word, and the Turkish capital I with a dot, which
# becomes two characters in Python. A value that the server stores in lower case is not what Python
# makes of it, though both did as they were told.
# Prints what is seen; exits 1 when that has changed.
set -eu
packages='psycopg[binary]==3.3.9'
# shellcheck source=findings/lib/postgresql.sh
. "$(dirname "$0")/lib/postgresql.sh"
python - <<'PYTHON'
import os
import sys

import psycopg

WORDS = {"ÉMILE": True, "ΟΔΟΣ": False, "İZMİR": False}
print("expected: the same text from both")
same = True
with psycopg.connect(os.environ["DATABASE"]) as connection:
    for word, alike in WORDS.items():
        stored = connection.execute("select lower(%s)", (word,)).fetchone()[0]
        print(f"seen: {word}: PostgreSQL {ascii(stored)}, Python {ascii(word.lower())}")
        same = same and (stored == word.lower()) is alike
sys.exit(not same)
PYTHON
