#!/bin/sh
# samples/ci/make, built with what is installed.
. "$srcdir/tests/install/need.sh"
. "$srcdir/tests/install/build.sh"
need pkg-config pkg-config
sample make
export CFLAGS="-O1 $SAN_CFLAGS"
built make
untouched make
touched make
run make clean
[ "$(ls | sort | tr '\n' ' ')" = "Makefile books.crud " ] || { echo "make clean leaves:" *; exit 1; }
