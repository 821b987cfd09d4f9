#!/bin/sh
# Public machines through the ASL reader.
exec python3 "$srcdir/tests/conformance/asl_read.py" tests/tools/asl_check
