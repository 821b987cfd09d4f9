#!/bin/sh
# Our SARIF against the official schema.
exec python3 "$srcdir/tests/sarif-schema.py"
