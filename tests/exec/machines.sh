#!/bin/sh
# Random machines that the verifier calls clean, in both forms; some catchers taken away.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
exec python3 "${srcdir:-.}/tests/exec/random_machines.py"
