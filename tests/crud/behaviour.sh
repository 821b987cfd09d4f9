#!/bin/sh
# What a client of a generated API sees, in both layouts.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
[ -f .libs/aslc-serve.so ] || { echo "SKIP: built without libmicrohttpd"; exit 77; }
exec python3 "$srcdir/tests/crud/behaviour.py" ./aslc "$srcdir/tests/crud/shelf.crud"
