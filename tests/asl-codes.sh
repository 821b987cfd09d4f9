#!/bin/sh
# Every diagnostic of the ASL reader has a page and a test.
exec python3 "$srcdir/scripts/check-codes" A150-A199
