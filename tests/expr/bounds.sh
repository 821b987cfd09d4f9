#!/bin/sh
# Bad input to the expression engine stays within its bounds; see bounds.py.
command -v python3 >/dev/null || { echo "SKIP: no python3"; exit 77; }
exec python3 "$(dirname "$0")/bounds.py" tests/expr/jsonata_runner
