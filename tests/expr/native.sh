#!/bin/sh
# Expressions as generated C give the evaluator's bytes; see native.py.
command -v python3 >/dev/null || { echo "SKIP: no python3"; exit 77; }
exec python3 "$(dirname "$0")/native.py" . "${srcdir:-.}"
