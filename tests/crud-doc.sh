#!/bin/sh
# The examples on the pages of the CRUD language's diagnostics.
exec python3 "$srcdir/tests/run_doc.py" tests/tools/crud_check --unsupported -- \
    "$srcdir"/doc/diag/A1[0-4]*.md "$srcdir"/doc/diag/A2[0-8]*.md "$srcdir"/doc/diag/A90*.md
