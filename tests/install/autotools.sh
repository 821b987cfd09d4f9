#!/bin/sh
# samples/ci/autotools, built with what is installed, in a folder of its own.
. "$srcdir/tests/install/need.sh"
. "$srcdir/tests/install/build.sh"
need autoreconf autoconf
need automake automake
sample autotools
export CFLAGS="-O1 $SAN_CFLAGS"
run env ACLOCAL_PATH="$prefix/share/aclocal" autoreconf -i
mkdir build
cd build
run ../configure
built make
untouched make
touched make
run make distcheck
run make clean
[ -z "$(programs)" ] || { echo "make clean leaves $(programs)"; exit 1; }
