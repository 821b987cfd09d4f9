#!/bin/sh
# ui tests of the ASL reader: tests/ui/A15* to A19*.
exec python3 "$srcdir/tests/run_ui.py" tests/tools/asl_check -- "$srcdir"/tests/ui/A1[5-9]*.json "$srcdir"/tests/ui/ok-*.json
