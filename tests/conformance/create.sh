#!/bin/sh
# What the service answers when a machine is created or validated; see create.py.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
exec python3 "${srcdir:-.}/tests/conformance/create.py" ./aslc
