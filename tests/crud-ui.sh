#!/bin/sh
# ui tests of the CRUD language: its codes, and two large samples with what is not supported yet.
exec python3 "$srcdir/tests/run_ui.py" tests/tools/crud_check --unsupported -- \
    "$srcdir"/tests/ui/A1[0-4]*.crud "$srcdir"/tests/ui/A2[0-8]*.crud "$srcdir"/tests/ui/A90*.crud \
    "$srcdir"/tests/crud/orders.crud "$srcdir"/tests/crud/tracker.crud
