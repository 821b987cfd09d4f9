#!/bin/sh
# The executions recorded from the service; see sfn.py.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
here=${srcdir:-.}/tests/conformance
exec python3 "$here/sfn.py" --known "$here/sfn.known"
