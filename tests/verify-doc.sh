#!/bin/sh
# The examples on the pages of the verifier's diagnostics.
exec python3 "$srcdir/tests/run_doc.py" tests/tools/asl_check --verify -- "$srcdir"/doc/diag/A[3-8]*.md
