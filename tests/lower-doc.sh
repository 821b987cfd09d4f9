#!/bin/sh
# The examples on the pages of the diagnostics that only the whole pipeline reports.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
python3 "$srcdir/tests/run_doc.py" ./aslc check -- "$srcdir"/doc/diag/A29*.md "$srcdir"/doc/diag/A62*.md || exit 1
exec python3 "$srcdir/tests/run_doc.py" ./aslc run -- "$srcdir"/doc/diag/A93*.md
