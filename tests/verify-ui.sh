#!/bin/sh
# ui tests of the verifier on ASL files: tests/ui/A3* to A7*.
exec python3 "$srcdir/tests/run_ui.py" tests/tools/asl_check --verify -- "$srcdir"/tests/ui/A[3-7]*.json
