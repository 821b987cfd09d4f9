#!/bin/sh
# ui tests of what only the whole pipeline reports.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$srcdir/tests/run_ui.py" ./aslc check -- "$srcdir"/tests/ui/A29*.crud "$srcdir"/tests/ui/A404*.crud "$srcdir"/tests/ui/A62*.crud
