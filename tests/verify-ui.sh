#!/bin/sh
# ui tests of the verifier on ASL files: tests/ui/A3* to A8*.
exec python3 "$srcdir/tests/run_ui.py" tests/tools/asl_check --verify -- "$srcdir"/tests/ui/A[3-8]*.json
