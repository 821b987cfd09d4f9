#!/bin/sh
# The verifier against the conformance data, where they are.
exec python3 "$srcdir/tests/conformance/verify_cases.py" tests/tools/asl_check --verify
