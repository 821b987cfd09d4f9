#!/bin/sh
# What a client of a generated API gets when DynamoDB fails.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$srcdir/tests/crud/faults.py" ./aslc "$srcdir/samples/vehicles.crud" "$srcdir/tests/crud/shelf.crud"
