#!/bin/sh
# The reference of the CRUD language against the compiler's tables, and its examples.
exec python3 "$srcdir/tests/crud-language.py" tests/tools/crud_check "$srcdir"
