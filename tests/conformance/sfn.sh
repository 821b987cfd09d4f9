#!/bin/sh
# The executions and TestState calls recorded from the service, through aslc batch; the executions
# again through generated C.  See sfn.py.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
here=${srcdir:-.}/tests/conformance
python3 "$here/sfn.py" --known "$here/sfn.known" || exit
exec python3 "$here/sfn.py" --known "$here/sfn.known" --native
