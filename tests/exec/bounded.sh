#!/bin/sh
# Loops and Maps of a hundred thousand in bounded memory; check-slow has the million.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
[ -r /proc/self/status ] || { echo "SKIP: nothing tells the size of a process here"; exit 77; }
[ -z "$SAN_CFLAGS" ] || { echo "SKIP: sanitizers hold memory back"; exit 77; }
exec python3 "${srcdir:-.}/tests/exec/bounded.py" 100000
