#!/bin/sh
# Values that travel as text are compared by what they mean, and days are days of the calendar.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$srcdir/tests/crud/values.py" ./aslc "$srcdir/tests/crud/values.crud" "$srcdir/tests/crud/values.txt"
