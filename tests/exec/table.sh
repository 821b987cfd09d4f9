#!/bin/sh
# The cases of tests/exec/cases in the table form, against what they gave before.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
exec python3 "${srcdir:-.}/tests/exec/run.py"
