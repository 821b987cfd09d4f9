#!/bin/sh
# The suite that JSONata publishes; see tests/expr/conformance.py.
set -eu
command -v python3 >/dev/null || { echo "SKIP: python3 is missing"; exit 77; }
exec python3 "$srcdir/tests/expr/conformance.py" tests/expr/jsonata_runner
