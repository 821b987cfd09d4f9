#!/bin/sh
# HTTP Tasks and Lambda functions of `aslc run`; see test_remote.py.
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
[ -f .libs/aslc-curl.so ] || { echo "SKIP: built without libcurl"; exit 77; }
exec python3 "$srcdir/tests/remote/test_remote.py"
