#!/bin/sh
# Input that nobody should send; see bad_input.py.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$srcdir/tests/driver/bad_input.py"
