#!/bin/sh
# The same cases and random expressions in both forms: the same bytes.  With every compiler there is.
command -v python3 > /dev/null || { echo "SKIP: python3 is missing"; exit 77; }
run="python3 ${srcdir:-.}/tests/exec/run.py --native --random 8"
$run || exit 1
case ${CC:-cc} in
*clang*) other=gcc ;;
*) other=clang ;;
esac
# a sanitized library links only with the compiler that made it
if [ -z "$SAN_CFLAGS" ] && command -v $other > /dev/null; then
    $run --cc $other --seed 2 || exit 1
fi
