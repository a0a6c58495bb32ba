#!/bin/sh
# In a shell, and in the dotenv of JavaScript, a value in single quotes is what stands there. To
# python-dotenv 1.2.4 the quotes make no difference: ${...} in them is replaced, by an empty text
# where there is no such variable. A password that holds ${ or a template in such a file becomes
# another value, in silence; $NAME without braces stays.
# Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-dotenv==1.2.4
cat > "$folder/.env" <<'ENV'
NAME=villa
GREETING='Welcome to ${NAME}, ${GUEST}!'
PLAIN='$NAME'
ENV
echo "expected, as in a shell:"
# shellcheck disable=SC1091  # written above
(. "$folder/.env" && echo "$GREETING $PLAIN")
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from dotenv import dotenv_values

print("python-dotenv", version("python-dotenv"))
values = dotenv_values(".env")
print("seen:", values["GREETING"], values["PLAIN"])
sys.exit(not (values["GREETING"] == "Welcome to villa, !" and values["PLAIN"] == "$NAME"))
PYTHON
