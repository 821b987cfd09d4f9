#!/bin/sh
# Links, copied files and examples of the documentation; see docs.py.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
[ -f .libs/aslc-serve.so ] && [ -f .libs/aslc-graphviz.so ] ||
    { echo "SKIP: built without libmicrohttpd or graphviz"; exit 77; }
exec python3 "$srcdir/tests/docs.py" ./aslc "$srcdir"
