#!/bin/sh
# The examples on the pages of the ASL reader's diagnostics.
exec python3 "$srcdir/tests/run_doc.py" tests/tools/asl_check -- "$srcdir"/doc/diag/A1[5-9]*.md
