#!/bin/sh
# The command line; see test_driver.py.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$srcdir/tests/driver/test_driver.py"
