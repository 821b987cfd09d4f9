#!/bin/sh
# Stand-ins, stopping and going on; see simulate.py.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$srcdir/tests/driver/simulate.py"
