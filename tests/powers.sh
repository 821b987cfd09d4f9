#!/bin/sh
# The table of powers of ten is what its generator prints.
top=${srcdir:-.}
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
python3 "$top/scripts/gen-powers" | diff - "$top/runtime/base/powers.c"
