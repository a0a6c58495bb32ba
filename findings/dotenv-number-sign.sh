#!/bin/sh
# One .env file, two readers. In a shell and to python-dotenv 1.2.4 a # begins a comment only behind
# a space. To dotenv 18.0.10 of JavaScript it does anywhere outside quotes: A1#B2, a key or a code, is
# cut to A1 there. Nobody is told, and what reads the file decides what the key is.
# Needs node and npm. Prints what is seen; exits 1 when that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-dotenv==1.2.4
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" dotenv@18.0.10
cd "$folder"
printf '%s\n' 'KEY=A1#B2' 'NOTE=A1 #B2' > .env
echo "expected: A1#B2 and A1 from both"
in_python=$(venv/bin/python -c '
from dotenv import dotenv_values
print(*dotenv_values(".env").values())')
in_javascript=$(node -e '
console.log(...Object.values(require("dotenv").config({quiet: true, processEnv: {}}).parsed))')
echo "seen: python-dotenv $in_python; dotenv $in_javascript"
[ "$in_python" = "A1#B2 A1" ] && [ "$in_javascript" = "A1 A1" ]
